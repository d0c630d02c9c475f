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

import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Plane;

import net.imglib2.RandomAccessibleInterval;

/**
 * Structural similarity after Wang, Bovik, Sheikh and Simoncelli (2004): means, variances and covariance under a Gaussian of 1.5 pixels, 11 pixels wide;
 * K1 0.01, K2 0.03. Averaged over all pixels whose window lies inside the picture, and over channels; in pictures of less than 11 pixels over all, with
 * the borders mirrored. Values are taken in the source's range first, so that 16-bit values keep their digits in floats. Stateless.
 */
public final class StructuralSimilarity {

    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    private static final int RADIUS_PX = 5;
    private static final Gaussian WINDOW = new Gaussian(1.5, 3.5);

    private static final double EIGHT_BITS = 255;

    private StructuralSimilarity() {}

    /**
     * @param source x, y and perhaps channels, of values from 0 to 255
     * @param output of the same size and channels
     * @return -1 to 1, 1 for equal images
     * @throws net.diffusionj.InvalidInputException if the images cannot be compared
     */
    public static double ofEightBits(final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output) {
        final Picture one = Picture.of(source, "source");
        final Picture other = Picture.of(output, "output");
        one.checkLike(other);
        return of(one, other, EIGHT_BITS);
    }

    static double of(final Picture source, final Picture output, final double range) {
        double sum = 0;
        for (int c = 0; c < source.channels().length; c++) sum += channel(source.channels()[c], output.channels()[c], source.widthPx(), range);
        return sum / source.channels().length;
    }

    private static double channel(final double[] source, final double[] output, final int widthPx, final double range) {
        final int heightPx = source.length / widthPx;
        double low = Double.POSITIVE_INFINITY;
        for (final double value : source) low = Math.min(low, value);
        // SSIM's first constant depends on where zero is; values above the source's smallest make it independent of a camera's offset.
        final float[] a = new float[source.length];
        final float[] b = new float[source.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) ((source[i] - low) / range);
            b[i] = (float) ((output[i] - low) / range);
        }
        final float[] meanA = smooth(a, a, widthPx, true);
        final float[] meanB = smooth(b, b, widthPx, true);
        final float[] squareA = smooth(a, a, widthPx, false);
        final float[] squareB = smooth(b, b, widthPx, false);
        final float[] product = smooth(a, b, widthPx, false);
        final int marginX = widthPx > 2 * RADIUS_PX ? RADIUS_PX : 0;
        final int marginY = heightPx > 2 * RADIUS_PX ? RADIUS_PX : 0;
        double sum = 0;
        long count = 0;
        for (int y = marginY; y < heightPx - marginY; y++) {
            for (int x = marginX; x < widthPx - marginX; x++) {
                final int i = y * widthPx + x;
                final double ma = meanA[i];
                final double mb = meanB[i];
                final double luminance = (2 * ma * mb + C1) / (ma * ma + mb * mb + C1);
                final double structure = (2 * (product[i] - ma * mb) + C2) / (squareA[i] - ma * ma + squareB[i] - mb * mb + C2);
                sum += luminance * structure;
                count++;
            }
        }
        return sum / count;
    }

    private static float[] smooth(final float[] a, final float[] b, final int widthPx, final boolean alone) {
        final float[] values = a.clone();
        if (!alone) {
            for (int i = 0; i < values.length; i++) values[i] *= b[i];
        }
        return WINDOW.smooth(new Plane(values, widthPx)).values();
    }
}
