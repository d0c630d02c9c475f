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
package net.diffusionj.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import net.diffusionj.pipeline.DecodedPixels;

import org.junit.jupiter.api.Test;

/** A result that is too dark and too flat gets its source's background and range again. */
class ToneMatchTest {

    private static final int SIDE = 64;

    @Test
    void takesBackAnErrorOfGainAndOffset() {
        final float[] source = field();
        final float[] dimmed = threefold(source);
        for (int i = 0; i < dimmed.length; i++) dimmed[i] = 0.9f * dimmed[i] - 0.07f;
        final DecodedPixels back = new ToneMatch(source).of(new DecodedPixels(dimmed, 1, SIDE, SIDE), 1);
        assertArrayEquals(threefold(source), back.values(), 1e-3f);
    }

    @Test
    void correctsEveryPictureByItself() {
        final float[] source = field();
        final float[] two = new float[6 * SIDE * SIDE];
        for (int i = 0; i < two.length; i++) two[i] = source[i % source.length] * (i < two.length / 2 ? 0.85f : 1.1f);
        final DecodedPixels back = new ToneMatch(source).of(new DecodedPixels(two, 2, SIDE, SIDE), 1);
        for (int i = 0; i < two.length; i++) assertEquals(source[i % source.length], back.values()[i], 1e-3);
    }

    @Test
    void leavesAPictureThatIsAnotherPictureItsContrast() {
        final float[] faint = threefold(field());
        for (int i = 0; i < faint.length; i++) faint[i] = 0.1f * faint[i];
        final DecodedPixels back = new ToneMatch(field()).of(new DecodedPixels(faint, 1, SIDE, SIDE), 1);
        final double range = range(back.values()) / range(faint);
        assertEquals(1.25, range, 0.01, "no more than noise may be raised");
    }

    @Test
    void noShareNoChangeAndAConstantFieldComesBack() {
        final float[] made = threefold(field());
        assertArrayEquals(made, new ToneMatch(new float[SIDE * SIDE]).of(new DecodedPixels(made, 1, SIDE, SIDE), 0).values(), 1e-6f);
        final float[] constant = new float[SIDE * SIDE];
        Arrays.fill(constant, 0.4f);
        final float[] near = new float[3 * SIDE * SIDE];
        Arrays.fill(near, 0.31f);
        for (final float value : new ToneMatch(constant).of(new DecodedPixels(near, 1, SIDE, SIDE), 1).values()) assertEquals(0.4, value, 1e-3);
    }

    @Test
    void coloursKeepTheirBalance() {
        final float[][] planes = {field(), new float[SIDE * SIDE], field()};
        Arrays.fill(planes[1], -0.8f);
        final float[] made = new float[3 * SIDE * SIDE];
        for (int i = 0; i < made.length; i++) made[i] = 0.95f * planes[i / (SIDE * SIDE)][i % (SIDE * SIDE)] + 0.02f;
        final float[] back = new ToneMatch(planes).of(new DecodedPixels(made, 1, SIDE, SIDE), 1).values();
        for (int i = 0; i < made.length; i++) assertEquals(planes[i / (SIDE * SIDE)][i % (SIDE * SIDE)], back[i], 2e-3);
        assertTrue(range(back) > range(made));
    }

    private static double range(final float[] values) {
        final float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (0.99 * sorted.length)] - sorted[sorted.length / 4];
    }

    /** Bright discs on a noisy dark ground. */
    private static float[] field() {
        final Random random = new Random(3);
        final float[] values = new float[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            final int dx = i % SIDE % 20 - 10;
            final int dy = i / SIDE % 20 - 10;
            values[i] = (dx * dx + dy * dy < 30 ? 0.7f : -0.8f) + 0.05f * random.nextFloat();
        }
        return values;
    }

    private static float[] threefold(final float[] plane) {
        final float[] out = new float[3 * plane.length];
        for (int i = 0; i < out.length; i++) out[i] = plane[i % plane.length];
        return out;
    }
}
