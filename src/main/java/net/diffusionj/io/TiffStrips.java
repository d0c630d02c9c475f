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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Uncompresses strips of TIFF files (TIFF 6.0, sections 9 and 13; Deflate as Adobe added it). Ends on damaged data. Stateless and thread-safe. */
final class TiffStrips {

    static final int NONE = 1;
    static final int LZW = 5;
    static final int DEFLATE = 8;
    static final int PACK_BITS = 32773;
    static final int OLD_DEFLATE = 32946;

    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int LZW_TABLE = 4096;

    private TiffStrips() {}

    static boolean isKnown(final int compression) {
        return compression == NONE || compression == LZW || compression == DEFLATE || compression == PACK_BITS || compression == OLD_DEFLATE;
    }

    /** @return at most how many bytes one stored byte can become, so that a claimed size can be checked before memory is asked for */
    static int mostRatio(final int compression) {
        return switch (compression) {
            case NONE -> 1;
            // A code of 12 bits stands for at most 4,096 bytes.
            case LZW -> LZW_TABLE;
            case PACK_BITS -> 128;
            case TiffPage.JPEG -> JpegHeader.MOST_RATIO;
            // Deflate: 258 bytes in 2 bits.
            default -> 1040;
        };
    }

    /**
     * @param stored a strip
     * @param compression the tag's value
     * @param wanted how many bytes it should hold
     * @return at most {@code wanted} bytes; fewer where the data end early
     * @throws IOException if the data are damaged
     */
    static byte[] decompress(final byte[] stored, final int compression, final int wanted) throws IOException {
        if (compression == NONE) {
            return stored;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(wanted, 1 << 24));
        switch (compression) {
            case LZW -> lzw(stored, wanted, out);
            case PACK_BITS -> packBits(stored, wanted, out);
            default -> inflate(stored, wanted, out);
        }
        return out.toByteArray();
    }

    private static void packBits(final byte[] stored, final int wanted, final ByteArrayOutputStream out) {
        for (int at = 0; at < stored.length && out.size() < wanted;) {
            final int control = stored[at++];
            if (control >= 0) {
                final int count = Math.min(control + 1, stored.length - at);
                out.write(stored, at, count);
                at += count;
            }
            else if (control != -128 && at < stored.length) {
                for (int i = 0; i <= -control; i++) {
                    out.write(stored[at]);
                }
                at++;
            }
        }
    }

    private static void inflate(final byte[] stored, final int wanted, final ByteArrayOutputStream out) throws IOException {
        final Inflater inflater = new Inflater();
        try {
            inflater.setInput(stored);
            final byte[] buffer = new byte[1 << 13];
            while (!inflater.finished() && out.size() < wanted) {
                final int count = inflater.inflate(buffer);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    return;
                }
                out.write(buffer, 0, count);
            }
        }
        catch (final DataFormatException e) {
            throw new IOException("its compressed data are damaged", e);
        }
        finally {
            inflater.end();
        }
    }

    /** Codes are read from the highest bit on and grow one entry early, as the specification has it. */
    private static void lzw(final byte[] stored, final int wanted, final ByteArrayOutputStream out) throws IOException {
        final byte[][] table = new byte[LZW_TABLE][];
        for (int i = 0; i < CLEAR; i++) {
            table[i] = new byte[] {(byte) i};
        }
        int next = END + 1;
        int width = 9;
        byte[] previous = null;
        long bit = 0;
        while (out.size() < wanted && bit + width <= 8L * stored.length) {
            final int code = bits(stored, bit, width);
            bit += width;
            if (code == END) {
                return;
            }
            if (code == CLEAR) {
                next = END + 1;
                width = 9;
                previous = null;
                continue;
            }
            final boolean full = next == LZW_TABLE;
            if (code > next || code == next && (previous == null || full) || code >= END && previous == null) {
                throw new IOException("its compressed data are damaged");
            }
            final byte[] current;
            if (previous == null || full) {
                current = table[code];
            }
            else {
                final byte[] entry = Arrays.copyOf(previous, previous.length + 1);
                entry[previous.length] = code == next ? previous[0] : table[code][0];
                table[next++] = entry;
                current = table[code];
            }
            out.write(current, 0, current.length);
            previous = current;
            if (next + 1 >= 1 << width && width < 12) {
                width++;
            }
        }
    }

    private static int bits(final byte[] stored, final long bit, final int width) {
        final int at = (int) (bit >> 3);
        int window = 0;
        for (int i = 0; i < 3; i++) {
            window = window << 8 | (at + i < stored.length ? stored[at + i] & 0xff : 0);
        }
        return window >> 24 - width - (int) (bit & 7) & (1 << width) - 1;
    }
}
