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
package net.diffusionj.cli;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes as disks, downloads and people with bad intent do: a few bits, a cut, a piece from elsewhere, a count that is too large. */
final class FuzzBytes {

    private static final int[] HOSTILE = {0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x40000000, 46340, 65536};

    /** The ways, by the names that the table shows. */
    enum Way {
        BIT_FLIPS, BYTES, TRUNCATION, SPLICE, ZEROS, HOSTILE_COUNT, REPEAT, EMPTY, TEXT_EDIT
    }

    private FuzzBytes() {}

    /**
     * @param whole not changed
     * @param way how to damage it
     * @param random decides where
     * @return damaged bytes
     */
    static byte[] damage(final byte[] whole, final Way way, final Random random) {
        if (whole.length < 8) return new byte[random.nextInt(8)];
        final byte[] bytes = whole.clone();
        switch (way) {
            case BIT_FLIPS -> {
                for (int i = 1 + random.nextInt(20); i > 0; i--) bytes[place(bytes, random)] ^= (byte) (1 << random.nextInt(8));
            }
            case BYTES -> {
                for (int i = 1 + random.nextInt(20); i > 0; i--) bytes[place(bytes, random)] = (byte) random.nextInt(256);
            }
            case ZEROS -> {
                final int from = place(bytes, random);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)), (byte) 0);
            }
            case SPLICE -> {
                final int length = 1 + random.nextInt(Math.min(256, bytes.length / 2));
                System.arraycopy(whole, random.nextInt(bytes.length - length), bytes, random.nextInt(bytes.length - length), length);
            }
            case HOSTILE_COUNT -> hostileCount(bytes, random);
            case TEXT_EDIT -> bytes[place(bytes, random)] = (byte) "{}[]\",:\\u-eE.0123456789nN\u007F".charAt(random.nextInt(26));
            case TRUNCATION -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case REPEAT -> {
                return repeated(bytes, random);
            }
            case EMPTY -> {
                return new byte[0];
            }
        }
        return bytes;
    }

    /** Heads decide what is made of the rest, so every second place is there. */
    private static int place(final byte[] bytes, final Random random) {
        return random.nextBoolean() ? random.nextInt(Math.min(512, bytes.length)) : random.nextInt(bytes.length);
    }

    private static void hostileCount(final byte[] bytes, final Random random) {
        final int width = random.nextBoolean() ? 4 : 2;
        final int value = HOSTILE[random.nextInt(HOSTILE.length)];
        final boolean big = random.nextBoolean();
        final int at = Math.min(place(bytes, random), bytes.length - width);
        for (int i = 0; i < width; i++) bytes[at + i] = (byte) (value >>> 8 * (big ? width - 1 - i : i));
    }

    private static byte[] repeated(final byte[] bytes, final Random random) {
        final int length = 1 + random.nextInt(Math.min(256, bytes.length));
        final int at = random.nextInt(bytes.length - length + 1);
        final int times = 1 + random.nextInt(8);
        final byte[] longer = new byte[bytes.length + length * times];
        System.arraycopy(bytes, 0, longer, 0, at);
        for (int i = 0; i <= times; i++) System.arraycopy(bytes, at, longer, at + i * length, length);
        System.arraycopy(bytes, at + length, longer, at + (times + 1) * length, bytes.length - at - length);
        return longer;
    }
}
