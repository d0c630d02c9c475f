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
package net.diffusionj.train.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;

import net.diffusionj.scheduler.noise.TorchRandom;
import net.diffusionj.train.material.Material;
import net.diffusionj.train.material.Thumbnail;

/** Pictures whose grey, foreground and likeness are known. */
class ComparisonTest {

    private static final int SIDE = 64;

    /** A field of −1 with a bright square. */
    private static float[] square(final int left, final int top, final int side, final float value) {
        final float[] pixels = new float[3 * SIDE * SIDE];
        Arrays.fill(pixels, -1);
        for (int i = 0; i < pixels.length; i++) {
            final int x = i % SIDE;
            final int y = i / SIDE % SIDE;
            if (x >= left && x < left + side && y >= top && y < top + side) pixels[i] = value;
        }
        return pixels;
    }

    private static float[] noise(final int seed) {
        final float[] pixels = new float[3 * SIDE * SIDE];
        final TorchRandom random = new TorchRandom(seed);
        // Coarse, so that it outlives the reduction to a thumbnail.
        final float[] coarse = random.normals(64);
        for (int i = 0; i < pixels.length; i++) pixels[i] = Math.max(-1, Math.min(1, coarse[i / SIDE % SIDE / 8 * 8 + i % SIDE / 8]));
        return pixels;
    }

    private static Material learnedFrom(final List<float[]> pictures) {
        final List<float[]> thumbnails = pictures.stream().map(picture -> Thumbnail.of(picture, SIDE, SIDE)).toList();
        return new Material(new int[] {4, 8, 8}, List.of(), List.of(), List.of(), thumbnails, List.of(), List.of(), List.of(), List.of(), OptionalInt.empty(),
            List.of());
    }

    @Test
    void tonesAreCounted() {
        final List<float[]> pictures = List.of(square(10, 10, 16, 0.5f), square(30, 20, 16, 0.5f));
        final int threshold = Tones.threshold(pictures);
        final Tones tones = Tones.of(pictures, threshold);
        assertEquals(256.0 / 4096, tones.foreground(), 1e-9);
        assertEquals(256.0 / 4096 * 0.75 * 255, tones.meanGrey(), 0.01);
    }

    @Test
    void aTurnedAndMirroredCopyIsFlaggedAndAnotherPictureIsNot() {
        final float[] source = noise(1);
        final float[] copy = source.clone();
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) copy[(c * SIDE + y) * SIDE + x] = source[(c * SIDE + x) * SIDE + SIDE - 1 - y];
            }
        }
        final List<float[]> learned = new ArrayList<>(List.of(source));
        for (int seed = 2; seed < 9; seed++) learned.add(noise(seed));
        final Comparison comparison = new Comparison(List.of(noise(20), noise(21)), List.of(noise(30)), List.of(copy, noise(31)), List.of("other"),
            List.of(noise(40)), List.of(noise(41)), SIDE, SIDE);
        final List<String> table = comparison.table(learnedFrom(learned));
        assertTrue(table.contains("| 1 | 1.000 | may be a copy |"), table.toString());
        assertEquals(1, table.stream().filter(line -> line.contains("may be a copy |")).count(), table.toString());
        assertEquals(1, table.stream().filter(line -> line.startsWith("| \"other\" after |")).count());
        assertEquals(4 + 5 * 68, comparison.sheet().dimension(1));
    }
}
