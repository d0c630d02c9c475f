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

/** Smallest and largest values of squares, mirrored at the borders, as {@code scipy.ndimage.minimum_filter} and {@code maximum_filter}. Stateless. */
public final class Neighbourhood {

    private Neighbourhood() {}

    /**
     * @param plane any plane
     * @param sidePx of the square, odd
     * @return by pixel, the smallest value of the square around it
     */
    public static Plane smallest(final Plane plane, final int sidePx) {
        return rows(rows(plane.transposed(), sidePx, false).transposed(), sidePx, false);
    }

    /**
     * @param plane any plane
     * @param sidePx of the square, odd
     * @return by pixel, the largest value of the square around it
     */
    public static Plane largest(final Plane plane, final int sidePx) {
        return rows(rows(plane.transposed(), sidePx, true).transposed(), sidePx, true);
    }

    private static Plane rows(final Plane plane, final int sidePx, final boolean largest) {
        final int widthPx = plane.widthPx();
        final float[] values = plane.values();
        final float[] out = new float[values.length];
        for (int row = 0; row < values.length; row += widthPx) {
            for (int x = 0; x < widthPx; x++) {
                float best = values[row + x];
                for (int k = -(sidePx / 2); k <= sidePx / 2; k++) {
                    final float value = values[row + Gaussian.mirrored(x + k, widthPx)];
                    best = largest ? Math.max(best, value) : Math.min(best, value);
                }
                out[row + x] = best;
            }
        }
        return new Plane(out, widthPx);
    }
}
