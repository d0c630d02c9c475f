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

/**
 * What the markers of a JPEG say before its pixels (ITU-T T.81, annex B).
 *
 * @param width in pixels
 * @param height in pixels
 * @param progressive whether the picture comes in several scans, each finer than the one before
 * @param components letters or numbers of the components, in order
 * @param jfif whether the file says that its colours are YCbCr as JFIF has them
 * @param adobe the transform that Adobe's marker names: 0 none, 1 YCbCr, 2 YCCK; -1 without the marker
 */
record JpegHeader(int width, int height, boolean progressive, int[] components, boolean jfif, int adobe) {

    /** A block of 64 samples takes at least a quarter of a byte, and a progressive file may leave whole runs of blocks out. */
    static final int MOST_RATIO = 4096;

    private static final int MARKER = 0xff;
    private static final int START = 0xd8;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP14 = 0xee;

    /**
     * @param jpeg a whole JPEG
     * @throws IOException if it is damaged, or of a kind that Java does not decode
     */
    static JpegHeader of(final byte[] jpeg) throws IOException {
        boolean jfif = false;
        int adobe = -1;
        JpegHeader frame = null;
        int at = 0;
        while (true) {
            while (at < jpeg.length && (jpeg[at] & 0xff) != MARKER) {
                at++;
            }
            while (at < jpeg.length && (jpeg[at] & 0xff) == MARKER) {
                at++;
            }
            if (at >= jpeg.length) {
                throw new IOException("it is truncated: it ends before its pixels");
            }
            final int marker = jpeg[at++] & 0xff;
            if (marker == START || marker == 0 || marker == 1 || marker >= 0xd0 && marker < START) {
                continue;
            }
            if (marker == END || marker == SCAN) {
                if (frame == null) {
                    throw new IOException("its JPEG data have no frame header");
                }
                return new JpegHeader(frame.width, frame.height, frame.progressive, frame.components, jfif, adobe);
            }
            final int length = at + 1 < jpeg.length ? word(jpeg, at) : 0;
            if (length < 2 || at + length > jpeg.length) {
                throw new IOException("it is truncated: it ends inside the marker " + Integer.toHexString(marker));
            }
            if (marker == APP0 && isText(jpeg, at + 2, length - 2, "JFIF\0")) {
                jfif = true;
            }
            else if (marker == APP14 && length >= 14 && isText(jpeg, at + 2, length - 2, "Adobe")) {
                adobe = jpeg[at + 13] & 0xff;
            }
            else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                frame = frame(jpeg, at, length, marker);
            }
            at += length;
        }
    }

    private static JpegHeader frame(final byte[] jpeg, final int at, final int length, final int marker) throws IOException {
        if (marker > 0xc2) {
            throw new IOException("it is a " + (marker == 0xc3 || marker == 0xc7 || marker >= 0xcb && marker != 0xcd && marker != 0xce ? "lossless"
                : marker >= 0xc9 ? "arithmetically coded" : "hierarchical") + " JPEG, which is not read here");
        }
        final int count = length > 7 ? jpeg[at + 7] & 0xff : 0;
        if (count == 0 || length < 8 + 3 * count) {
            throw new IOException("its JPEG frame header is damaged");
        }
        final int[] components = new int[count];
        for (int i = 0; i < count; i++) {
            components[i] = jpeg[at + 8 + 3 * i] & 0xff;
        }
        final int bits = jpeg[at + 2] & 0xff;
        if (bits != 8) {
            throw new IOException("it is a JPEG of " + bits + " bits, which is not read here");
        }
        return new JpegHeader(word(jpeg, at + 5), word(jpeg, at + 3), marker == 0xc2, components, false, -1);
    }

    private static int word(final byte[] bytes, final int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static boolean isText(final byte[] bytes, final int at, final int length, final String text) {
        if (length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether three components are luma and chroma, by libjpeg's rules. */
    boolean isYcc() {
        if (jfif) {
            return true;
        }
        if (adobe >= 0) {
            return adobe != 0;
        }
        return !(components[0] == 'R' && components[1] == 'G' && components[2] == 'B');
    }
}
