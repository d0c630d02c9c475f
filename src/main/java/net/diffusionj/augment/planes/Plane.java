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
package net.diffusionj.augment.planes;

import java.util.Arrays;

/**
 * One plane of numbers and its width. Shares its array, which its owner may change; not thread-safe while that happens.
 *
 * @param values [heightPx, widthPx] row-major
 * @param widthPx columns, at least 1
 */
public record Plane(float[] values, int widthPx) {

    /** Checks that the values are a rectangle. */
    public Plane {
        if (widthPx < 1 || values.length == 0 || values.length % widthPx != 0) {
            throw new IllegalArgumentException(values.length + " values are no plane of " + widthPx + " columns");
        }
    }

    /** @return rows */
    public int heightPx() {
        return values.length / widthPx;
    }

    /**
     * @param x column
     * @param y row
     * @return the value there
     */
    public float at(final int x, final int y) {
        return values[y * widthPx + x];
    }

    /** @return a plane with columns for rows */
    public Plane transposed() {
        final int heightPx = heightPx();
        final float[] out = new float[values.length];
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) out[x * heightPx + y] = values[y * widthPx + x];
        }
        return new Plane(out, heightPx);
    }

    /** @return mean of all values, summed in double precision */
    public double mean() {
        double sum = 0;
        for (final float value : values) sum += value;
        return sum / values.length;
    }

    /** @return standard deviation of all values, as numpy's {@code std} */
    public double spread() {
        final double mean = mean();
        double sum = 0;
        for (final float value : values) sum += (value - mean) * (value - mean);
        return Math.sqrt(sum / values.length);
    }

    /**
     * @param shares 0 to 1 each
     * @return for each share, the value below which that share of the values lies, linear between values as numpy's {@code quantile}
     */
    public double[] quantiles(final double... shares) {
        final float[] sorted = values.clone();
        Arrays.sort(sorted);
        return Arrays.stream(shares).map(share -> {
            final double at = share * (sorted.length - 1);
            final int below = (int) Math.floor(at);
            final int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (at - below) * ((double) sorted[above] - sorted[below]);
        }).toArray();
    }
}
