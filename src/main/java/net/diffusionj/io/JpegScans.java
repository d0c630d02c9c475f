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

import java.util.Arrays;

/**
 * Tests whether a progressive JPEG has all its scans: a file that is cut off between two of them decodes without a word, only coarser (ITU-T T.81, annex
 * G). Stateless and thread-safe.
 */
final class JpegScans {

    private static final int COEFFICIENTS = 64;
    private static final int MARKER = 0xff;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;
    /** More than any scan leaves out. */
    private static final int NOTHING = 16;

    private JpegScans() {}

    /**
     * @param jpeg sound up to its end mark
     * @param header its markers
     * @return whether every coefficient of every component comes with its last bit
     */
    static boolean areComplete(final byte[] jpeg, final JpegHeader header) {
        final int[] components = header.components();
        final int[][] missingBits = new int[components.length][COEFFICIENTS];
        for (final int[] component : missingBits) {
            Arrays.fill(component, NOTHING);
        }
        for (int at = 2; at + 3 < jpeg.length;) {
            final int marker = jpeg[at] & 0xff;
            final int kind = jpeg[at + 1] & 0xff;
            // Pixel data, in which a zero stands behind every byte that could be a marker, and restart marks.
            if (marker != MARKER || kind == 0 || kind >= 0xd0 && kind <= 0xd8) {
                at += marker == MARKER ? 2 : 1;
                continue;
            }
            if (kind == MARKER) {
                at++;
                continue;
            }
            if (kind == END) {
                break;
            }
            final int length = (jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff;
            if (kind == SCAN && at + 2 + length <= jpeg.length) {
                note(jpeg, at + 4, components, missingBits);
            }
            at += 2 + length;
        }
        return Arrays.stream(missingBits).flatMapToInt(Arrays::stream).allMatch(bits -> bits == 0);
    }

    private static void note(final byte[] jpeg, final int at, final int[] components, final int[][] missingBits) {
        final int count = jpeg[at] & 0xff;
        final int first = jpeg[at + 1 + 2 * count] & 0xff;
        final int last = Math.min(jpeg[at + 2 + 2 * count] & 0xff, COEFFICIENTS - 1);
        final int left = jpeg[at + 3 + 2 * count] & 0xf;
        for (int i = 0; i < count; i++) {
            for (int component = 0; component < components.length; component++) {
                if (components[component] == (jpeg[at + 1 + 2 * i] & 0xff)) {
                    for (int coefficient = first; coefficient <= last; coefficient++) {
                        missingBits[component][coefficient] = left;
                    }
                }
            }
        }
    }
}
