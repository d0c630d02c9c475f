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
package net.diffusionj.image;

import java.util.Arrays;

/**
 * Resizes one plane of floats by a Lanczos filter of three lobes, first along x, then along y. When shrinking, the filter is widened by the
 * shrinking factor, so nothing aliases. Weights and sums are 64-bit, stored values 32-bit; weights at a border are taken over the pixels there are and
 * sum to 1. This is the definition that Pillow documents for {@code Image.resize(..., LANCZOS)} on float images, which diffusers uses.
 * The result may overshoot the range of the input.
 * <p>
 * Immutable and thread-safe.
 * </p>
 */
final class Resizer {

    private static final int LOBES = 3;

    private final int fromWidth;
    private final int fromHeight;
    private final int toWidth;
    private final int toHeight;
    private final Taps alongX;
    private final Taps alongY;

    /** The source pixels that a target pixel is made of: weights[t] apply to the pixels from start[t] on. */
    private record Taps(int[] start, double[][] weights) {}

    /**
     * @param fromWidth width of the planes to resize, at least 1
     * @param fromHeight their height, at least 1
     * @param toWidth wanted width, at least 1
     * @param toHeight wanted height, at least 1
     */
    Resizer(final int fromWidth, final int fromHeight, final int toWidth, final int toHeight) {
        if (fromWidth < 1 || fromHeight < 1 || toWidth < 1 || toHeight < 1) {
            throw new IllegalArgumentException("expected sizes of at least 1, found " + fromWidth + " x " + fromHeight + " to " + toWidth + " x "
                + toHeight);
        }
        this.fromWidth = fromWidth;
        this.fromHeight = fromHeight;
        this.toWidth = toWidth;
        this.toHeight = toHeight;
        alongX = taps(fromWidth, toWidth);
        alongY = taps(fromHeight, toHeight);
    }

    /**
     * @param from holds the plane, row-major
     * @param fromOffset index of its first value
     * @param to takes the resized plane, row-major
     * @param toOffset index of its first value
     */
    void resize(final float[] from, final int fromOffset, final float[] to, final int toOffset) {
        resize(from, fromOffset, to, toOffset, Float.POSITIVE_INFINITY);
    }

    /**
     * As above, but keeps what either pass gives within −bound to bound, as Pillow does with 8-bit images.
     *
     * @param bound the largest magnitude to keep
     */
    void resize(final float[] from, final int fromOffset, final float[] to, final int toOffset, final float bound) {
        if (fromWidth == toWidth && fromHeight == toHeight) {
            System.arraycopy(from, fromOffset, to, toOffset, toWidth * toHeight);
            return;
        }
        // Only the rows that the second pass will look at, one stripe for each row of the target.
        final double[] sums = new double[toWidth];
        final float[][] rows = new float[fromHeight][];
        for (int y = 0; y < toHeight; y++) {
            final double[] weights = alongY.weights[y];
            final int first = alongY.start[y];
            Arrays.fill(sums, 0);
            for (int k = 0; k < weights.length; k++) {
                if (rows[first + k] == null) {
                    rows[first + k] = resizeRow(from, fromOffset + (first + k) * fromWidth, bound);
                }
                final float[] row = rows[first + k];
                for (int x = 0; x < toWidth; x++) {
                    sums[x] += weights[k] * row[x];
                }
            }
            for (int x = 0; x < toWidth; x++) {
                to[toOffset + y * toWidth + x] = clip((float) sums[x], bound);
            }
            Arrays.fill(rows, 0, y + 1 < toHeight ? alongY.start[y + 1] : fromHeight, null);
        }
    }

    /**
     * @param from one plane, row-major
     * @param bound as for {@link #resize(float[], int, float[], int, float)}
     * @return the resized plane, row-major; {@code from} itself where there is nothing to resize
     */
    float[] resized(final float[] from, final float bound) {
        if (fromWidth == toWidth && fromHeight == toHeight) return from;
        final float[] to = new float[Math.multiplyExact(toWidth, toHeight)];
        resize(from, 0, to, 0, bound);
        return to;
    }

    private float[] resizeRow(final float[] from, final int offset, final float bound) {
        final float[] row = new float[toWidth];
        for (int x = 0; x < toWidth; x++) {
            final double[] weights = alongX.weights[x];
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += weights[k] * from[offset + alongX.start[x] + k];
            }
            row[x] = clip((float) sum, bound);
        }
        return row;
    }

    private static float clip(final float value, final float bound) {
        return Math.min(Math.max(value, -bound), bound);
    }

    private static Taps taps(final int from, final int to) {
        final double scale = (double) from / to;
        final double widening = Math.max(scale, 1);
        final double reach = LOBES * widening;
        final int[] start = new int[to];
        final double[][] weights = new double[to][];
        for (int t = 0; t < to; t++) {
            final double centre = (t + 0.5) * scale;
            start[t] = (int) Math.max(Math.floor(centre - reach + 0.5), 0);
            final int end = (int) Math.min(Math.floor(centre + reach + 0.5), from);
            weights[t] = new double[end - start[t]];
            double sum = 0;
            for (int k = 0; k < weights[t].length; k++) {
                weights[t][k] = lanczos((start[t] + k + 0.5 - centre) / widening);
                sum += weights[t][k];
            }
            for (int k = 0; k < weights[t].length; k++) {
                weights[t][k] /= sum;
            }
        }
        return new Taps(start, weights);
    }

    /** sinc(x) sinc(x / 3) within three lobes (C. Lanczos; Turkowski, Filters for common resampling tasks, 1990). */
    private static double lanczos(final double x) {
        return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
    }

    private static double sinc(final double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
