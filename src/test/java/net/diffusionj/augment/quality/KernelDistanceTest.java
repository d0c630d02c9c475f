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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.InvalidInputException;

class KernelDistanceTest {

    private static final int SIDE = 32;
    private static final int SOURCES = 16;
    private static final Crops CROPS = new Crops(SIDE);
    private static final Map<String, List<float[]>> FEATURES = new LinkedHashMap<>();
    private static final List<float[]> ALIKE = new ArrayList<>();
    private static final List<float[]> NOISE = new ArrayList<>();
    private static final List<float[]> BLURRED = new ArrayList<>();

    @BeforeAll
    static void measure() {
        for (int seed = 0; seed < SOURCES; seed++) {
            final RandomAccessibleInterval<?> source = Patterns.image(SIDE, seed, 1, 0);
            FEATURES.put("source " + seed, CROPS.of(source, source));
            BLURRED.addAll(CROPS.blurred(source));
            ALIKE.addAll(CROPS.of(source, Patterns.image(SIDE, seed + SOURCES, 1, 0)));
            NOISE.addAll(CROPS.of(source, noise(seed)));
        }
    }

    private static RandomAccessibleInterval<?> noise(final int seed) {
        final float[] noise = new float[SIDE * SIDE];
        for (int i = 0; i < noise.length; i++) noise[i] = (i * 7919 + seed * 31) % 1009 / 4f;
        return ArrayImgs.floats(noise, SIDE, SIDE);
    }

    @Test
    void outputsOfTheSourcesKindLieNearTheirHalvesAndOthersFarOff() {
        final KernelSummary alike = KernelSummary.of(FEATURES.values(), ALIKE, BLURRED);
        final KernelSummary other = KernelSummary.of(FEATURES.values(), NOISE, BLURRED);
        final double most = alike.mostOfHalves().orElseThrow();
        assertTrue(Math.abs(alike.halves().orElseThrow()) < most, alike.toString());
        assertTrue(alike.outputs().orElseThrow() < 3 * most, alike.toString());
        assertTrue(other.outputs().orElseThrow() > 10 * most, other.toString());
        assertTrue(alike.blurred().orElseThrow() > 3 * most, alike.toString());
        assertEquals(alike.blurred(), other.blurred());
        assertEquals(3, alike.inWords().size(), alike.inWords().toString());
    }

    @Test
    void whereThereAreTooFewPartsItSaysSo() {
        final KernelSummary few = KernelSummary.of(FEATURES.values(), ALIKE.subList(0, 7), BLURRED);
        assertEquals(OptionalDouble.empty(), few.outputs());
        assertEquals(Map.of("note", "Not measured: there are 16 parts of sources and 7 of outputs, and it takes 8 of each."), few.inWords());
        final KernelSummary unsplit = KernelSummary.of(List.copyOf(FEATURES.values()).subList(0, 15), ALIKE, BLURRED);
        assertTrue(unsplit.outputs().isPresent());
        assertEquals(OptionalDouble.empty(), unsplit.halves());
        assertTrue(unsplit.why().contains("Halves of the sources"), unsplit.why());
    }

    @Test
    void onePictureIsMeasuredAsASourceIs() {
        final KernelGauge gauge = new KernelGauge(FEATURES);
        final double[] own = FEATURES.entrySet().stream().mapToDouble(source -> gauge.of(source.getKey(), source.getValue())).sorted().toArray();
        assertEquals(1, (own[SOURCES / 2 - 1] + own[SOURCES / 2]) / 2, 1e-9);
        for (int i = 0; i < SOURCES; i++) {
            assertTrue(gauge.of("source " + i, List.of(NOISE.get(i))) > 1.5 * own[SOURCES - 1], "noise " + i);
            assertTrue(gauge.of("source " + i, List.of(ALIKE.get(i))) < 2 * own[SOURCES - 1], "alike " + i);
        }
    }

    @Test
    void imagesOfOtherSizesAndChannelsAreRefused() {
        final RandomAccessibleInterval<?> source = Patterns.image(SIDE, 1, 1, 0);
        assertThrows(InvalidInputException.class, () -> CROPS.of(source, ArrayImgs.floats(16, 64)));
        assertThrows(InvalidInputException.class, () -> CROPS.of(source, ArrayImgs.floats(SIDE, SIDE, 3)));
        assertEquals(4, CROPS.of(Patterns.image(64, 1, 1, 0), Patterns.image(64, 2, 1, 0)).size());
    }
}
