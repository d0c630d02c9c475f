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
package net.diffusionj.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

/**
 * How far two label images of one picture agree: which object of the one is which of the other, by the share of pixels they have in common (intersection
 * over union, IoU). Immutable and thread-safe.
 */
public final class Agreement {

    private final LabelImage truth;
    private final LabelImage found;
    /** All pairs that have a pixel in common, largest IoU first; of equal ones the smaller numbers first. */
    private final List<Pair> pairs;

    /**
     * An object of the truth and one that was found.
     *
     * @param truthId its number in the truth
     * @param foundId its number in the other image
     * @param iou pixels in common through pixels of either, above 0 and at most 1
     */
    public record Pair(int truthId, int foundId, double iou) {}

    private Agreement(final LabelImage truth, final LabelImage found, final List<Pair> pairs) {
        this.truth = truth;
        this.found = found;
        this.pairs = pairs;
    }

    /**
     * @param truth the labels that are compared with
     * @param found labels of the same size
     * @return how they agree
     * @throws InvalidInputException if the sizes differ
     */
    public static Agreement of(final LabelImage truth, final LabelImage found) {
        found.checkSize(truth.widthPx(), truth.heightPx());
        final Map<Long, Integer> common = new HashMap<>();
        for (int y = 0; y < truth.heightPx(); y++) {
            for (int x = 0; x < truth.widthPx(); x++) {
                final int a = truth.id(x, y);
                final int b = found.id(x, y);
                if (a != 0 && b != 0) common.merge((long) a << Integer.SIZE | b, 1, Integer::sum);
            }
        }
        final List<Pair> pairs = new ArrayList<>();
        common.forEach((key, pixels) -> {
            final int a = (int) (key >> Integer.SIZE);
            final int b = key.intValue();
            final int either = truth.objects().get(truth.indexOf(a)).areaPx() + found.objects().get(found.indexOf(b)).areaPx() - pixels;
            pairs.add(new Pair(a, b, (double) pixels / either));
        });
        pairs.sort(Comparator.comparingDouble(Pair::iou).reversed().thenComparingInt(Pair::truthId).thenComparingInt(Pair::foundId));
        return new Agreement(truth, found, List.copyOf(pairs));
    }

    /**
     * @param truthId an object of the truth
     * @return its largest IoU with an object that was found; 0 where none has a pixel in common with it
     */
    public double bestIou(final int truthId) {
        return pairs.stream().filter(pair -> pair.truthId() == truthId).mapToDouble(Pair::iou).findFirst().orElse(0);
    }

    /**
     * Pairs objects one to one, those of the largest IoU first. Above an IoU of 0.5 no other pairing is possible.
     *
     * @param leastIou above 0 and at most 1; pairs of less are no match
     * @return the matches, largest IoU first
     */
    public List<Pair> matches(final double leastIou) {
        if (!(leastIou > 0 && leastIou <= 1)) throw new InvalidInputException("An IoU is above 0 and at most 1, and the least is " + leastIou + ".");
        final boolean[] truthTaken = new boolean[truth.ids().size()];
        final boolean[] foundTaken = new boolean[found.ids().size()];
        final List<Pair> matches = new ArrayList<>();
        for (final Pair pair : pairs) {
            final int a = truth.indexOf(pair.truthId());
            final int b = found.indexOf(pair.foundId());
            if (pair.iou() < leastIou || truthTaken[a] || foundTaken[b]) continue;
            truthTaken[a] = true;
            foundTaken[b] = true;
            matches.add(pair);
        }
        return List.copyOf(matches);
    }

    /**
     * Average precision at one IoU as StarDist, Cellpose and the Data Science Bowl of 2018 compute it: matches through matches, misses and false objects
     * together.
     *
     * @param leastIou above 0 and at most 1
     * @return 0 to 1; 1 where neither image has an object
     */
    public double averagePrecision(final double leastIou) {
        final int matched = matches(leastIou).size();
        final int all = truth.ids().size() + found.ids().size() - matched;
        return all == 0 ? 1 : (double) matched / all;
    }
}
