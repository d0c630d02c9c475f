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

import java.io.IOException;
import java.util.Arrays;

/** Counts the pixels that a GIF's codes stand for, without unpacking them (GIF89a, appendix F). Stateless and thread-safe. */
final class GifCodes {

    private static final int MOST_BITS = 12;
    private static final int NONE = -1;

    private GifCodes() {}

    /**
     * @param codes of one frame, lowest bits first
     * @param bits of a pixel
     * @param enough when to stop
     * @return how many pixels there are, at least {@code enough} if there are as many
     * @throws IOException if a code stands for nothing
     */
    static long pixels(final byte[] codes, final int bits, final long enough) throws IOException {
        if (bits < 1 || bits > 8) {
            throw new IOException("the GIF data are damaged (pixels of " + bits + " bits)");
        }
        final int clear = 1 << bits;
        final int[] lengths = new int[1 << MOST_BITS];
        Arrays.fill(lengths, 0, clear, 1);
        int next = clear + 2;
        int width = bits + 1;
        int previous = NONE;
        long pixels = 0;
        for (long bit = 0; pixels < enough && bit + width <= 8L * codes.length;) {
            final int code = code(codes, bit, width);
            bit += width;
            if (code == clear) {
                next = clear + 2;
                width = bits + 1;
                previous = NONE;
                continue;
            }
            if (code == clear + 1) {
                break;
            }
            if (code > next || code >= next && previous == NONE || code >= lengths.length) {
                throw new IOException("the GIF data are damaged (a code that stands for nothing)");
            }
            if (previous != NONE && next < lengths.length) {
                lengths[next++] = lengths[previous] + 1;
                if (next == 1 << width && width < MOST_BITS) {
                    width++;
                }
            }
            pixels += lengths[code];
            previous = code;
        }
        return pixels;
    }

    private static int code(final byte[] codes, final long bit, final int width) {
        final int at = (int) (bit >> 3);
        int window = 0;
        for (int i = 2; i >= 0; i--) {
            window = window << 8 | (at + i < codes.length ? codes[at + i] & 0xff : 0);
        }
        return window >> (int) (bit & 7) & (1 << width) - 1;
    }
}
