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
package net.diffusionj.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;

class LatentScalingTest {

    @Test
    void configurationWithoutKeysMeansStableDiffusion() {
        assertEquals(LatentScaling.STABLE_DIFFUSION, of(Map.of("act_fn", "silu")));
    }

    @Test
    void scalesAndShifts() {
        final LatentScaling scaling = of(Map.of("scaling_factor", 0.5, "shift_factor", 0.25));
        final float[] latents = {1.25f, -0.75f};
        scaling.encodeInPlace(latents, 2, 1);
        assertArrayEquals(new float[] {0.5f, -0.5f}, latents);
        scaling.decodeInPlace(latents, 2, 1);
        assertArrayEquals(new float[] {1.25f, -0.75f}, latents);
    }

    @Test
    void statisticsHoldChannelByChannel() {
        final LatentScaling scaling = of(Map.of("scaling_factor", 2L, "latents_mean", List.of(1L, -1.0), "latents_std", List.of(4.0, 0.5)));
        final float[] latents = {5, 1, 0, -1, 1, 1, -1, -1};
        final float[] original = latents.clone();
        scaling.encodeInPlace(latents, 2, 2);
        assertArrayEquals(new float[] {2, 0, 4, 0, 0, 0, 0, 0}, latents);
        scaling.decodeInPlace(latents, 2, 2);
        assertArrayEquals(original, latents);
    }

    @Test
    void wrongNumbersAreRefused() {
        assertThrows(InvalidInputException.class, () -> of(Map.of("scaling_factor", 0.0)));
        assertThrows(InvalidInputException.class, () -> of(Map.of("latents_mean", List.of(1.0), "latents_std", List.of(1.0, 2.0))));
        assertThrows(InvalidInputException.class, () -> of(Map.of("latents_mean", List.of(1.0), "latents_std", List.of(0.0))));
        assertThrows(IllegalArgumentException.class, () -> LatentScaling.STABLE_DIFFUSION.decodeInPlace(new float[7], 4, 2));
    }

    @Test
    void refusesFactorsThatLeaveNothingOfTheLatents() {
        for (final double factor : new double[] {1e-30, -1e300, 1e7, Double.MAX_VALUE}) {
            assertThrows(InvalidInputException.class, () -> of(Map.of("scaling_factor", factor)), Double.toString(factor));
            assertThrows(InvalidInputException.class, () -> of(Map.of("latents_mean", List.of(0.0), "latents_std", List.of(factor))));
        }
        assertThrows(InvalidInputException.class, () -> of(Map.of("shift_factor", 1e200)));
        assertThrows(InvalidInputException.class, () -> of(Map.of("latents_mean", List.of(-1e9), "latents_std", List.of(1.0))));
    }

    private static LatentScaling of(final Map<String, Object> values) {
        return LatentScaling.of(new Config(Path.of("config.json"), values));
    }
}
