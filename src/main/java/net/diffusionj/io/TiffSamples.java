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

import java.nio.ByteOrder;
import java.util.List;

/**
 * Turns the bytes of a block into values: any number of bits from 1 to 32, signed or not, and floats of 16, 32 or 64 bits. Numbers of whole bytes have
 * the file's byte order, all others begin at the highest bit of a byte, and each row begins a new byte (TIFF 6.0, sections 3 and 19). Stateless and
 * thread-safe.
 */
final class TiffSamples {

    private TiffSamples() {}

    /**
     * @param bytes of a block, uncompressed
     * @param page what it belongs to
     * @param left of the block in the page
     * @param top of the block in the page
     * @param rows of the block
     * @param targets where the first samples of each pixel go; further samples are passed over
     */
    static void unpack(final byte[] bytes, final TiffPage page, final int left, final int top, final int rows, final List<Object> targets) {
        final int together = page.samplesTogether();
        final int columns = Math.min(page.blockWidth(), page.width() - left);
        final int shown = Math.min(rows, page.height() - top);
        for (int sample = 0; sample < targets.size(); sample++) {
            final Object target = targets.get(sample);
            for (int row = 0; row < shown; row++) {
                final long rowBit = 8 * page.rowBytes() * row;
                final int to = (top + row) * page.width() + left;
                for (int column = 0; column < columns; column++) {
                    final long bit = rowBit + ((long) column * together + sample) * page.bits();
                    put(target, to + column, bits(bytes, bit, page), page);
                }
            }
        }
    }

    private static void put(final Object target, final int at, final long raw, final TiffPage page) {
        final long value = page.format() == TiffPage.SIGNED ? raw << 64 - page.bits() >> 64 - page.bits() : raw;
        if (target instanceof final byte[] values) {
            values[at] = (byte) value;
        }
        else if (target instanceof final short[] values) {
            values[at] = (short) value;
        }
        else {
            ((float[]) target)[at] = page.format() == TiffPage.FLOAT ? toFloat(raw, page.bits()) : (float) value;
        }
    }

    private static float toFloat(final long raw, final int bits) {
        return switch (bits) {
            case 16 -> half((int) raw);
            case 32 -> Float.intBitsToFloat((int) raw);
            default -> (float) Double.longBitsToDouble(raw);
        };
    }

    /** IEEE 754 binary16, which Java 17 does not convert. */
    static float half(final int raw) {
        final int exponent = raw >> 10 & 0x1f;
        final int fraction = raw & 0x3ff;
        final int sign = (raw & 0x8000) << 16;
        if (exponent == 0) {
            final float tiny = fraction * 0x1p-24f;
            return sign == 0 ? tiny : -tiny;
        }
        return Float.intBitsToFloat(exponent == 0x1f ? sign | 0x7f800000 | fraction << 13 : sign | exponent + 112 << 23 | fraction << 13);
    }

    private static long bits(final byte[] bytes, final long bit, final TiffPage page) {
        final int count = page.bits();
        final int at = (int) (bit >> 3);
        if (count == 8) {
            return bytes[at] & 0xff;
        }
        if (count % 8 == 0) {
            long value = 0;
            for (int i = 0; i < count / 8; i++) {
                final int next = page.order() == ByteOrder.LITTLE_ENDIAN ? count / 8 - 1 - i : i;
                value = value << 8 | bytes[at + next] & 0xff;
            }
            return value;
        }
        long window = 0;
        final int last = (int) (bit + count - 1 >> 3);
        for (int i = at; i <= last; i++) {
            window = window << 8 | bytes[i] & 0xff;
        }
        final int behind = (int) (8L * (last + 1) - bit - count);
        return window >> behind & (1L << count) - 1;
    }
}
