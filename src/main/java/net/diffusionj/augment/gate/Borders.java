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
package net.diffusionj.augment.gate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import net.diffusionj.labels.LabelImage;

/**
 * The lines between neighbours: the pixels that are equally far from two objects, where these touch or nearly do, and the pixels of both objects beside
 * them. Says where to look, and looks at no image. Immutable and thread-safe.
 */
final class Borders {

    /** Neighbours are at most twice this apart. */
    private static final double NEAR_PX = 5;
    private static final int FEWEST_PIXELS = 6;
    /** Between these distances from the line an object is itself, and not yet another part of itself. */
    private static final int FROM_PX = 3;
    private static final int TO_PX = 8;

    private final List<Line> lines = new ArrayList<>();

    /**
     * One border.
     *
     * @param first place of an object in the labels' list
     * @param second place of its neighbour
     * @param pixels of the line
     * @param inFirst pixels of the first object beside the line, at least one
     * @param inSecond pixels of the second
     */
    record Line(int first, int second, int[] pixels, int[] inFirst, int[] inSecond) {}

    Borders(final LabelImage labels, final Territories territories) {
        final int widthPx = labels.widthPx();
        final Map<Long, BitSet> pixels = new LinkedHashMap<>();
        for (int y = 0; y < labels.heightPx(); y++) {
            for (int x = 0; x < widthPx; x++) {
                final int pixel = y * widthPx + x;
                if (x + 1 < widthPx) add(pixels, territories, pixel, pixel + 1);
                if (y + 1 < labels.heightPx()) add(pixels, territories, pixel, pixel + widthPx);
            }
        }
        final int[] ids = labels.toArray();
        pixels.forEach((pair, line) -> {
            if (line.cardinality() < FEWEST_PIXELS) return;
            final int first = (int) (pair >> Integer.SIZE);
            final int second = pair.intValue();
            final int[] inFirst = beside(line, ids, widthPx, labels.ids().get(first));
            final int[] inSecond = beside(line, ids, widthPx, labels.ids().get(second));
            if (inFirst.length > 0 && inSecond.length > 0) lines.add(new Line(first, second, line.stream().toArray(), inFirst, inSecond));
        });
    }

    private static void add(final Map<Long, BitSet> lines, final Territories territories, final int pixel, final int next) {
        final int a = territories.owner(pixel);
        final int b = territories.owner(next);
        if (a == b || a < 0 || territories.distancePx(pixel) > NEAR_PX || territories.distancePx(next) > NEAR_PX) return;
        final BitSet line = lines.computeIfAbsent((long) Math.min(a, b) << Integer.SIZE | Math.max(a, b), key -> new BitSet());
        line.set(pixel);
        line.set(next);
    }

    /** Pixels of an object near a line but not at it; of a small object those at it too. */
    private static int[] beside(final BitSet line, final int[] ids, final int widthPx, final int id) {
        final BitSet near = around(line, ids, widthPx, id, TO_PX);
        final BitSet own = (BitSet) near.clone();
        own.andNot(around(line, ids, widthPx, id, FROM_PX - 1));
        return (own.cardinality() < FEWEST_PIXELS ? near : own).stream().toArray();
    }

    private static BitSet around(final BitSet line, final int[] ids, final int widthPx, final int id, final int reachPx) {
        final BitSet found = new BitSet();
        for (int pixel = line.nextSetBit(0); pixel >= 0; pixel = line.nextSetBit(pixel + 1)) {
            final int x = pixel % widthPx;
            for (int down = -reachPx; down <= reachPx; down++) {
                for (int across = -reachPx; across <= reachPx; across++) {
                    final int other = pixel + down * widthPx + across;
                    final boolean inPicture = x + across >= 0 && x + across < widthPx && other >= 0 && other < ids.length;
                    if (inPicture && across * across + down * down <= reachPx * reachPx && ids[other] == id) found.set(other);
                }
            }
        }
        return found;
    }

    /** In a fixed order. */
    List<Line> lines() {
        return lines;
    }
}
