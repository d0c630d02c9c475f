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
package net.diffusionj.train.report;

import java.util.List;

import net.diffusionj.train.material.Thumbnail;

/**
 * How near a picture comes to the crops that were learned from, by the correlation of thumbnails in all eight ways to turn and mirror one. Stateless.
 */
final class Nearest {

    private static final int SYMMETRIES = 8;

    private Nearest() {}

    /**
     * @param thumbnail of a picture, see {@link Thumbnail}
     * @param sources thumbnails of the crops
     * @return the highest correlation, −1 to 1
     */
    static double of(final float[] thumbnail, final List<float[]> sources) {
        double highest = -1;
        for (int symmetry = 0; symmetry < SYMMETRIES; symmetry++) {
            final float[] turned = standardised(turned(thumbnail, symmetry));
            for (final float[] source : sources) highest = Math.max(highest, product(turned, standardised(source)));
        }
        return highest;
    }

    private static float[] turned(final float[] thumbnail, final int symmetry) {
        final int last = Thumbnail.SIDE - 1;
        final float[] turned = new float[thumbnail.length];
        for (int y = 0; y <= last; y++) {
            for (int x = 0; x <= last; x++) {
                final int across = (symmetry & 2) == 0 ? x : last - x;
                final int down = (symmetry & 4) == 0 ? y : last - y;
                turned[y * Thumbnail.SIDE + x] = (symmetry & 1) == 0 ? thumbnail[down * Thumbnail.SIDE + across] : thumbnail[across * Thumbnail.SIDE + down];
            }
        }
        return turned;
    }

    private static float[] standardised(final float[] values) {
        double mean = 0;
        for (final float value : values) mean += value / values.length;
        double squares = 0;
        for (final float value : values) squares += (value - mean) * (value - mean);
        final double length = Math.max(Math.sqrt(squares), 1e-9);
        final float[] standardised = new float[values.length];
        for (int i = 0; i < values.length; i++) standardised[i] = (float) ((values[i] - mean) / length);
        return standardised;
    }

    private static double product(final float[] one, final float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) sum += one[i] * other[i];
        return sum;
    }
}
