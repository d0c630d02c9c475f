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

import java.util.List;

/**
 * How far two sets of pictures are from one another: the squared maximum mean discrepancy with the cubic kernel (Binkowski and others, 2018) on the
 * declared features of {@link Crops}, times 1000, without bias: about 0, and as often below, for two sets of one kind. Stateless.
 */
public final class KernelDistance {

    private static final double FARTHEST = 6;
    private static final double LEAST_SPREAD = 1e-3;

    private KernelDistance() {}

    /**
     * @param first features of the reference set, by which all are scaled; at least two
     * @param second features of the other; at least two
     * @return squared discrepancy, times 1000
     */
    public static double between(final List<float[]> first, final List<float[]> second) {
        final double[][] scale = scale(first);
        final double[][] a = scaled(first, scale);
        final double[][] b = scaled(second, scale);
        return 1000 * (within(a) + within(b) - 2 * across(a, b));
    }

    /** @param set features
     *  @return mean and standard deviation of each */
    static double[][] scale(final List<float[]> set) {
        final int count = set.get(0).length;
        final double[][] scale = new double[2][count];
        for (int f = 0; f < count; f++) {
            double sum = 0;
            for (final float[] row : set) sum += row[f];
            final double mean = sum / set.size();
            double squares = 0;
            for (final float[] row : set) squares += (row[f] - mean) * (row[f] - mean);
            scale[0][f] = mean;
            scale[1][f] = Math.sqrt(squares / set.size()) + LEAST_SPREAD;
        }
        return scale;
    }

    /** @param set features
     *  @param scale of the reference set
     *  @return the same in its spreads from its means, within limits */
    static double[][] scaled(final List<float[]> set, final double[][] scale) {
        final double[][] out = new double[set.size()][scale[0].length];
        for (int r = 0; r < out.length; r++) {
            for (int f = 0; f < out[r].length; f++) {
                out[r][f] = Math.max(-FARTHEST, Math.min(FARTHEST, (set.get(r)[f] - scale[0][f]) / scale[1][f]));
            }
        }
        return out;
    }

    /** @return mean over all pairs of different ones */
    static double within(final double[][] set) {
        double sum = 0;
        for (int i = 0; i < set.length; i++) {
            for (int j = 0; j < i; j++) sum += 2 * kernel(set[i], set[j]);
        }
        return sum / ((double) set.length * (set.length - 1));
    }

    /** @return mean over all pairs */
    static double across(final double[][] a, final double[][] b) {
        double sum = 0;
        for (final double[] first : a) {
            for (final double[] second : b) sum += kernel(first, second);
        }
        return sum / ((double) a.length * b.length);
    }

    private static double kernel(final double[] a, final double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) product += a[i] * b[i];
        final double root = product / a.length + 1;
        return root * root * root;
    }
}
