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

import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.ShortArray;
import net.imglib2.type.numeric.integer.UnsignedShortType;

/** The pictures of {@code scripts/fixtures/features.py}, in whole-number arithmetic. */
final class Patterns {

    private Patterns() {}

    /** [side, side] row-major, 0 to 255. */
    static float[] field(final int side, final int seed) {
        final float[] out = new float[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int value = 20 + (x * (seed + 1) + 2 * y) % 23;
                for (int k = 0; k < 6; k++) {
                    final int dx = x - (37 * k + 11 * seed) % side;
                    final int dy = y - (53 * k + 29 * seed) % side;
                    final int r = side / 16 + (5 * k + seed) % (side / 8);
                    if (dx * dx + dy * dy <= r * r) value = 90 + (40 * k + 17 * seed) % 140;
                }
                out[y * side + x] = value + (x * 7919 + y * 104729 + seed * 1299709) % 1009 % 13 & 255;
            }
        }
        return out;
    }

    static float[][] picture(final int side, final int seed) {
        return new float[][] {field(side, seed), field(side, seed + 1), field(side, seed + 5)};
    }

    static ArrayImg<UnsignedShortType, ShortArray> image(final int side, final int seed, final int gain, final int offset) {
        final float[] field = field(side, seed);
        final short[] out = new short[field.length];
        for (int i = 0; i < out.length; i++) out[i] = (short) (field[i] * gain + offset);
        return ArrayImgs.unsignedShorts(out, side, side);
    }
}
