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
package net.diffusionj.augment.quality;

import java.util.Arrays;

import net.diffusionj.augment.planes.Plane;

/**
 * Means, spreads and correlations of the channels, in order and sorted, and the distance between neighbouring channels: {@code colour_features} of
 * {@code scripts/microdiff/evaluate/features.py}. Stateless.
 */
final class ColourFeatures {

    private static final int CHANNELS = 3;
    private static final int[][] PAIRS = {{0, 1}, {0, 2}, {1, 2}};
    private static final float WHITE = 255;

    private ColourFeatures() {}

    /**
     * @param channels three planes of 0 to 255
     * @return 20 numbers
     */
    static float[] of(final float[][] channels) {
        final double[] means = new double[CHANNELS];
        final double[] spreads = new double[CHANNELS];
        final Plane[] levels = new Plane[CHANNELS];
        final float[] brightest = new float[channels[0].length];
        for (int c = 0; c < CHANNELS; c++) {
            final float[] level = new float[brightest.length];
            for (int i = 0; i < level.length; i++) {
                level[i] = channels[c][i] / WHITE;
                brightest[i] = Math.max(brightest[i], level[i]);
            }
            levels[c] = new Plane(level, level.length);
            means[c] = levels[c].mean();
            spreads[c] = levels[c].spread();
        }
        final double[] out = Arrays.copyOf(means, 20);
        System.arraycopy(spreads, 0, out, 3, CHANNELS);
        System.arraycopy(Arrays.stream(means).sorted().toArray(), 0, out, 6, CHANNELS);
        System.arraycopy(Arrays.stream(spreads).sorted().toArray(), 0, out, 9, CHANNELS);
        for (int p = 0; p < PAIRS.length; p++) {
            final int a = PAIRS[p][0];
            final int b = PAIRS[p][1];
            out[12 + p] = covariance(levels[a].values(), means[a], levels[b].values(), means[b], brightest.length) / Math.max(spreads[a] * spreads[b], 1e-4);
        }
        for (int c = 0; c + 1 < CHANNELS; c++) {
            for (int i = 0; i < brightest.length; i++) out[15 + c] += Math.abs(levels[c + 1].values()[i] - levels[c].values()[i]) / (double) brightest.length;
        }
        System.arraycopy(new Plane(brightest, brightest.length).quantiles(0.05, 0.5, 0.95), 0, out, 17, 3);
        final float[] floats = new float[out.length];
        for (int i = 0; i < out.length; i++) floats[i] = (float) out[i];
        return floats;
    }

    /** @return [3][3], of a sample, as numpy's {@code cov} */
    static double[][] covariance(final float[][] channels) {
        final double[] means = new double[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) means[c] = new Plane(channels[c], channels[c].length).mean();
        final double[][] out = new double[CHANNELS][CHANNELS];
        for (int a = 0; a < CHANNELS; a++) {
            for (int b = 0; b < CHANNELS; b++) out[a][b] = covariance(channels[a], means[a], channels[b], means[b], channels[a].length - 1);
        }
        return out;
    }

    private static double covariance(final float[] a, final double meanA, final float[] b, final double meanB, final int count) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
        return sum / count;
    }
}
