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
import java.util.List;
import java.util.SplittableRandom;

import net.diffusionj.labels.LabelImage;

/**
 * Pixels of a picture of which it is known whether they belong to an object, with their features and weights. Objects together weigh as much as the
 * background, and a small object more than its area, since it counts as one object too. Immutable.
 *
 * @param features [pixel][feature]
 * @param inObject by pixel
 * @param weights by pixel; their sum is 1, or 0 where there are no pixels
 */
record TrainingPixels(double[][] features, boolean[] inObject, double[] weights) {

    /** Any number; the same, so that a gate is the same each time. */
    private static final long SEED = 20261125;

    /**
     * Draws pixels at random, the same for the same picture.
     *
     * @param most about how many
     */
    static TrainingPixels drawn(final PixelFeatures features, final LabelImage labels, final int most) {
        final int[] ids = labels.toArray();
        final List<Integer> objects = new ArrayList<>();
        final List<Integer> background = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) (ids[i] == 0 ? background : objects).add(i);
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<Integer> chosen = new ArrayList<>(some(objects, most / 2, random));
        chosen.addAll(some(background, most / 2, random));
        final double[][] rows = new double[chosen.size()][features.count()];
        final boolean[] inObject = new boolean[rows.length];
        final double[] weights = new double[rows.length];
        final double[] sums = new double[2];
        for (int r = 0; r < rows.length; r++) {
            features.read(chosen.get(r), rows[r]);
            final int id = ids[chosen.get(r)];
            inObject[r] = id != 0;
            weights[r] = id == 0 ? 1 : 1 / Math.sqrt(labels.objects().get(labels.indexOf(id)).areaPx());
            sums[inObject[r] ? 1 : 0] += weights[r];
        }
        final int classes = (sums[0] > 0 ? 1 : 0) + (sums[1] > 0 ? 1 : 0);
        for (int r = 0; r < rows.length; r++) weights[r] /= classes * sums[inObject[r] ? 1 : 0];
        return new TrainingPixels(rows, inObject, weights);
    }

    /** @return the pixels of all, each picture weighing the same */
    static TrainingPixels together(final List<TrainingPixels> all) {
        final List<double[]> rows = new ArrayList<>();
        final List<Boolean> inObject = new ArrayList<>();
        final List<Double> weights = new ArrayList<>();
        for (final TrainingPixels pixels : all) {
            for (int r = 0; r < pixels.features.length; r++) {
                rows.add(pixels.features[r]);
                inObject.add(pixels.inObject[r]);
                weights.add(pixels.weights[r] / all.size());
            }
        }
        final boolean[] marks = new boolean[rows.size()];
        final double[] shares = new double[marks.length];
        for (int r = 0; r < marks.length; r++) {
            marks[r] = inObject.get(r);
            shares[r] = weights.get(r);
        }
        return new TrainingPixels(rows.toArray(double[][]::new), marks, shares);
    }

    private static List<Integer> some(final List<Integer> all, final int most, final SplittableRandom random) {
        for (int i = 0; i < Math.min(most, all.size()); i++) {
            final int other = i + random.nextInt(all.size() - i);
            final Integer swapped = all.get(i);
            all.set(i, all.get(other));
            all.set(other, swapped);
        }
        return all.subList(0, Math.min(most, all.size()));
    }
}
