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
package net.diffusionj.train.material;

import net.diffusionj.pipeline.SourcePixels;

/** A small grey copy of a crop, by which copies are found. Stateless. */
public final class Thumbnail {

    /** Width and height. */
    public static final int SIDE = 32;

    private Thumbnail() {}

    /**
     * @param pixels [3, heightPx, widthPx]
     * @param heightPx height
     * @param widthPx width
     * @return [{@value #SIDE}, {@value #SIDE}], each the mean of its part; 0 where a picture is smaller and a place has no pixel
     */
    public static float[] of(final float[] pixels, final int heightPx, final int widthPx) {
        final double[] sums = new double[SIDE * SIDE];
        final int[] counts = new int[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            final int at = i % (heightPx * widthPx);
            final int place = at / widthPx * SIDE / heightPx * SIDE + at % widthPx * SIDE / widthPx;
            sums[place] += pixels[i];
            counts[place]++;
        }
        final float[] small = new float[sums.length];
        for (int i = 0; i < small.length; i++) small[i] = counts[i] == 0 ? 0 : (float) (sums[i] / counts[i]);
        return small;
    }

    static float[] of(final SourcePixels crop) {
        return of(crop.values(), crop.heightPx(), crop.widthPx());
    }
}
