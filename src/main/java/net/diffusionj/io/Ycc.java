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
package net.diffusionj.io;

/** Luma and chroma made red, green and blue, in place. Stateless and thread-safe. */
final class Ycc {

    private static final int HALF = 1 << 15;

    private Ycc() {}

    /**
     * JPEG's own conversion, with the rounding of libjpeg's tables, which ImageJ's and Java's readers use: the result is theirs bit for bit.
     *
     * @param planes Y, Cb, Cr; become red, green, blue
     */
    static void toRgb(final byte[][] planes) {
        final int[] redOfCr = new int[256];
        final int[] blueOfCb = new int[256];
        final int[] greenOfCr = new int[256];
        final int[] greenOfCb = new int[256];
        for (int i = 0; i < 256; i++) {
            redOfCr[i] = fixed(1.40200) * (i - 128) + HALF >> 16;
            blueOfCb[i] = fixed(1.77200) * (i - 128) + HALF >> 16;
            greenOfCr[i] = -fixed(0.71414) * (i - 128);
            greenOfCb[i] = -fixed(0.34414) * (i - 128) + HALF;
        }
        for (int i = 0; i < planes[0].length; i++) {
            final int y = planes[0][i] & 0xff;
            final int cb = planes[1][i] & 0xff;
            final int cr = planes[2][i] & 0xff;
            planes[0][i] = clamp(y + redOfCr[cr]);
            planes[1][i] = clamp(y + (greenOfCb[cb] + greenOfCr[cr] >> 16));
            planes[2][i] = clamp(y + blueOfCb[cb]);
        }
    }

    /**
     * TIFF's conversion (TIFF 6.0, section 21).
     *
     * @param planes Y, Cb, Cr; become red, green, blue
     * @param luma shares of red, green and blue in Y
     * @param reference black and white of Y, then of Cb, then of Cr
     */
    static void toRgb(final byte[][] planes, final double[] luma, final double[] reference) {
        for (int i = 0; i < planes[0].length; i++) {
            final double y = ((planes[0][i] & 0xff) - reference[0]) * 255 / (reference[1] - reference[0]);
            final double cb = ((planes[1][i] & 0xff) - reference[2]) * 127 / (reference[3] - reference[2]);
            final double cr = ((planes[2][i] & 0xff) - reference[4]) * 127 / (reference[5] - reference[4]);
            final double red = y + cr * (2 - 2 * luma[0]);
            final double blue = y + cb * (2 - 2 * luma[2]);
            planes[0][i] = clamp((int) Math.round(red));
            planes[1][i] = clamp((int) Math.round((y - luma[0] * red - luma[2] * blue) / luma[1]));
            planes[2][i] = clamp((int) Math.round(blue));
        }
    }

    private static int fixed(final double factor) {
        return (int) (factor * (1 << 16) + 0.5);
    }

    private static byte clamp(final int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
