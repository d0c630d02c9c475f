/*-
 * #%L
 * Stable Diffusion for ImageJ, on ONNX Runtime.
 * %%
 * Copyright (C) 2026 DiffusionJ developers.
 * %%
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice,
 *    this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
 * AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
 * IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
 * ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR CONTRIBUTORS BE
 * LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
 * CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF
 * SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
 * INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
 * ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
 * POSSIBILITY OF SUCH DAMAGE.
 * #L%
 */
package net.diffusionj.augment.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;

/**
 * Which side every group is on. A group, such as a source and all that was made of it, stays together: what a network has learned from a child would
 * otherwise tell it the parent. Stateless.
 */
public final class SplitPlan {

    private SplitPlan() {}

    /**
     * Puts every row that has a file on a side. Equal rows, shares and seeds give equal sides, whatever the order of the rows.
     *
     * @param rows of a manifest
     * @param shares how much each side is to get
     * @param seed decides between groups of one size
     * @return the same rows in their order, with their side; rows without a file have none
     * @throws InvalidInputException if there are fewer groups than sides
     */
    public static List<ManifestRow> assign(final List<ManifestRow> rows, final SplitShares shares, final long seed) {
        final Map<String, Integer> sizes = new HashMap<>();
        for (final ManifestRow row : rows) {
            if (row.status() == RowStatus.MADE) sizes.merge(row.source().group(), 1, Integer::sum);
        }
        if (sizes.isEmpty()) return rows;
        final Map<String, Side> sides = sides(sizes, shares, seed);
        return rows.stream().map(row -> row.status() == RowStatus.MADE ? row.withSplit(sides.get(row.source().group()).id()) : row.withSplit("")).toList();
    }

    /**
     * Large groups first, each to the side that lacks most: off by no more than one group where groups permit. No side that is to have something
     * stays empty.
     *
     * @param sizes how many images each group has
     * @param shares how much each side is to get
     * @param seed decides between groups of one size
     * @return the side of every group
     * @throws InvalidInputException if there are fewer groups than sides
     */
    static Map<String, Side> sides(final Map<String, Integer> sizes, final SplitShares shares, final long seed) {
        final List<Side> wanted = Arrays.stream(Side.values()).filter(side -> shares.of(side) > 0).toList();
        if (sizes.size() < wanted.size()) {
            throw new InvalidInputException("A split into " + wanted.size() + " sides needs at least " + wanted.size() + " groups of images, and there "
                + (sizes.size() == 1 ? "is 1" : "are " + sizes.size()) + ". Give more source images or groups, or fewer sides, such as --split 1,0,0.");
        }
        final List<String> groups = new ArrayList<>(new TreeMap<>(sizes).keySet());
        Collections.shuffle(groups, new Random(seed));
        groups.sort(Comparator.comparing((String group) -> sizes.get(group)).reversed());
        final int all = sizes.values().stream().mapToInt(Integer::intValue).sum();
        final Map<Side, Double> lacking = new HashMap<>();
        wanted.forEach(side -> lacking.put(side, all * shares.of(side)));
        final Map<String, Side> sides = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            // The last groups go to sides that would have none.
            final List<Side> empty = wanted.stream().filter(side -> !sides.containsValue(side)).toList();
            final List<Side> open = groups.size() - i <= empty.size() ? empty : wanted;
            final Side side = Collections.max(open, Comparator.comparing(lacking::get));
            sides.put(groups.get(i), side);
            lacking.merge(side, (double) -sizes.get(groups.get(i)), Double::sum);
        }
        return sides;
    }
}
