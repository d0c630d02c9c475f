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
import java.util.List;

import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Plane;

/**
 * What a picture shows between one and four pixels, by which near copies are known: variants of one source agree in everything coarser, and noise is finer.
 * Of large pictures the middle alone is kept. Immutable.
 */
public final class FineStructure {

    private static final int MOST_PX = 128;
    private static final Gaussian FINE = new Gaussian(1);
    private static final Gaussian COARSE = new Gaussian(4);

    private final int widthPx;
    /** Mean 0 and length 1; all 0 where the picture has no structure. */
    private final float[] values;

    private FineStructure(final int widthPx, final float[] values) {
        this.widthPx = widthPx;
        this.values = values;
    }

    static FineStructure of(final Picture picture) {
        final int widthPx = Math.min(MOST_PX, picture.widthPx());
        final int heightPx = Math.min(MOST_PX, picture.heightPx());
        final int left = (picture.widthPx() - widthPx) / 2;
        final int top = (picture.heightPx() - heightPx) / 2;
        final double[] grey = picture.brightness();
        final double range = picture.range();
        final float[] middle = new float[widthPx * heightPx];
        for (int i = 0; i < middle.length; i++) {
            // Less one of the values, so that a constant picture gives exact zeros.
            middle[i] = (float) ((grey[(top + i / widthPx) * picture.widthPx() + left + i % widthPx] - grey[0]) / range);
        }
        final Plane plane = new Plane(middle, widthPx);
        final float[] coarse = COARSE.smooth(plane).values();
        final float[] out = FINE.smooth(plane).values();
        for (int i = 0; i < out.length; i++) out[i] -= coarse[i];
        final Plane structure = new Plane(out, widthPx);
        final double mean = structure.mean();
        final double length = structure.spread() * Math.sqrt(out.length);
        for (int i = 0; i < out.length; i++) out[i] = length > 1e-6 ? (float) ((out[i] - mean) / length) : 0;
        return new FineStructure(widthPx, out);
    }

    /**
     * @param other of any picture
     * @return 1 − correlation: 0 for copies, 2 for the negative; 0 if neither picture has structure, 1 if one of them has none, and for other sizes NaN,
     *         since such pictures are no copies pixel by pixel
     */
    public double distance(final FineStructure other) {
        if (widthPx != other.widthPx || values.length != other.values.length) return Double.NaN;
        if (isEmpty() && other.isEmpty()) return 0;
        double sum = 0;
        for (int i = 0; i < values.length; i++) sum += (double) values[i] * other.values[i];
        return Math.max(0, Math.min(2, 1 - sum));
    }

    private boolean isEmpty() {
        for (final float value : values) {
            if (value != 0) return false;
        }
        return true;
    }

    /**
     * Distances of every picture to the most similar of the others. Takes time with the square of their number: about a second for 500.
     *
     * @param pictures of outputs, or of sources
     * @return in their order; NaN for one that has no other of its size
     */
    public static double[] nearest(final List<FineStructure> pictures) {
        final double[] nearest = new double[pictures.size()];
        Arrays.fill(nearest, Double.NaN);
        for (int a = 0; a < nearest.length; a++) {
            for (int b = 0; b < a; b++) {
                final double distance = pictures.get(a).distance(pictures.get(b));
                if (Double.isNaN(distance)) continue;
                nearest[a] = Double.isNaN(nearest[a]) ? distance : Math.min(nearest[a], distance);
                nearest[b] = Double.isNaN(nearest[b]) ? distance : Math.min(nearest[b], distance);
            }
        }
        return nearest;
    }
}
