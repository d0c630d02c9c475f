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
import java.util.OptionalDouble;

/**
 * Estimates how large the objects of a picture are, without knowing what they are: by how far from a pixel the picture still looks alike. Slow changes of
 * the background are taken away first. Of bright or dark discs it is about the diameter; of rings and lines, more than their thickness. Stateless.
 */
final class ObjectSize {

    /** Half the correlation of a disc with itself is lost at this share of its diameter. */
    private static final double HALF_OF_DISC = 0.404;
    /** Half the side of the square whose mean is the background; objects much larger than it are taken for background. */
    private static final int BACKGROUND_PX = 32;
    private static final int LARGEST_LAG_PX = 100;
    /** Enough for an estimate; of larger pictures some rows and columns are looked at. */
    private static final int PIXELS_LOOKED_AT = 1 << 20;
    private static final float[] BINOMIAL = {1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f};

    private ObjectSize() {}

    /**
     * @param plane [heightPx, widthPx] row-major; not changed
     * @param widthPx width of the plane
     * @return typical size in pixels; empty where the picture is too small or has no structure
     */
    static OptionalDouble estimatePx(final float[] plane, final int widthPx) {
        final int heightPx = plane.length / widthPx;
        final int lags = Math.min(LARGEST_LAG_PX, Math.min(widthPx, heightPx) / 2);
        if (lags < 2) return OptionalDouble.empty();
        final float[] structure = structure(plane, widthPx, heightPx);
        final double[] alike = correlations(structure, widthPx, lags);
        if (!(alike[0] > 1e-9)) return OptionalDouble.empty();
        // Noise is the part that nothing else looks like, and objects at a distance from one another give less than none.
        final double floor = Arrays.stream(alike).min().orElseThrow();
        final double half = floor + (alike[0] - floor) / 2;
        int lag = 1;
        while (lag < lags && alike[lag] >= half) lag++;
        if (lag == lags) return OptionalDouble.empty();
        final double between = (alike[lag - 1] - half) / (alike[lag - 1] - alike[lag]);
        return OptionalDouble.of((lag - 1 + between) / HALF_OF_DISC);
    }

    /** The picture without noise of single pixels and without background. */
    private static float[] structure(final float[] plane, final int widthPx, final int heightPx) {
        final float[] smooth = transposed(binomial(transposed(binomial(plane, widthPx), widthPx), heightPx), heightPx);
        float[] ground = smooth;
        for (int pass = 0; pass < 2; pass++) {
            ground = transposed(boxMean(transposed(boxMean(ground, widthPx), widthPx), heightPx), heightPx);
        }
        for (int i = 0; i < smooth.length; i++) smooth[i] -= ground[i];
        return smooth;
    }

    private static float[] transposed(final float[] plane, final int widthPx) {
        final int heightPx = plane.length / widthPx;
        final float[] out = new float[plane.length];
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) out[x * heightPx + y] = plane[y * widthPx + x];
        }
        return out;
    }

    /** Along the rows. */
    private static float[] binomial(final float[] plane, final int widthPx) {
        final float[] out = new float[plane.length];
        for (int i = 0; i < plane.length; i++) {
            final int x = i % widthPx;
            for (int k = 0; k < BINOMIAL.length; k++) {
                out[i] += BINOMIAL[k] * plane[i - x + Framing.mirrored(x + k - BINOMIAL.length / 2, widthPx)];
            }
        }
        return out;
    }

    /** Along the rows, of a pixel and {@link #BACKGROUND_PX} on either side, mirrored at the ends. */
    private static float[] boxMean(final float[] plane, final int widthPx) {
        final float[] out = new float[plane.length];
        for (int row = 0; row < plane.length; row += widthPx) {
            double sum = 0;
            for (int k = -BACKGROUND_PX; k <= BACKGROUND_PX; k++) sum += plane[row + Framing.mirrored(k, widthPx)];
            for (int x = 0; x < widthPx; x++) {
                out[row + x] = (float) (sum / (2 * BACKGROUND_PX + 1));
                sum += plane[row + Framing.mirrored(x + 1 + BACKGROUND_PX, widthPx)] - plane[row + Framing.mirrored(x - BACKGROUND_PX, widthPx)];
            }
        }
        return out;
    }

    /** Mean product of pixels so many apart, along rows and columns, by distance. */
    private static double[] correlations(final float[] structure, final int widthPx, final int lags) {
        final double[] along = rows(structure, widthPx, lags);
        final double[] across = rows(transposed(structure, widthPx), structure.length / widthPx, lags);
        for (int lag = 0; lag < lags; lag++) along[lag] = (along[lag] + across[lag]) / 2;
        return along;
    }

    private static double[] rows(final float[] structure, final int widthPx, final int lags) {
        final int every = 1 + structure.length / PIXELS_LOOKED_AT;
        final double[] means = new double[lags];
        for (int lag = 0; lag < lags; lag++) {
            double sum = 0;
            long count = 0;
            for (int row = 0; row < structure.length; row += widthPx * every) {
                for (int x = lag; x < widthPx; x++) sum += (double) structure[row + x] * structure[row + x - lag];
                count += widthPx - lag;
            }
            means[lag] = sum / count;
        }
        return means;
    }
}
