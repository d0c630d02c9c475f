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
package net.diffusionj.scheduler.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import net.diffusionj.scheduler.Recorded;

/** Every draw against torch.randn, recorded by scripts/fixtures/torch_random.py. */
class TorchRandomTest {

    private static final double TOLERANCE = 1e-6;

    static List<Map<String, Object>> generators() {
        return Recorded.lines("torch-random.jsonl");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void equalsTorch(final Map<String, Object> recorded) {
        // Seeds are too long for a double: the script writes them as strings.
        final TorchRandom random = new TorchRandom(Long.parseLong((String) recorded.get("seed")));
        for (final Object each : (List<?>) recorded.get("draws")) {
            final Map<?, ?> draw = (Map<?, ?>) each;
            final float[] drawn = random.normals(((Number) draw.get("size")).intValue());
            for (final Object pair : (List<?>) draw.get("values")) {
                final double[] indexAndValue = Recorded.doubles(pair);
                assertEquals(indexAndValue[1], drawn[(int) indexAndValue[0]], TOLERANCE,
                    () -> "value " + indexAndValue[0] + " of " + drawn.length);
            }
        }
    }

    @Test
    void fillDrawsWhatNormalsDraws() {
        final float[] filled = new float[40];
        new TorchRandom(9).fill(filled);
        assertArrayEquals(new TorchRandom(9).normals(40), filled);
    }

    @Test
    void drawsNothing() {
        final TorchRandom random = new TorchRandom(3);
        assertEquals(0, random.normals(0).length);
        assertArrayEquals(new TorchRandom(3).normals(4), random.normals(4));
        assertThrows(IllegalArgumentException.class, () -> random.normals(-1));
    }

    @Test
    void isStandardNormal() {
        final float[] values = new TorchRandom(1).normals(1 << 20);
        double sum = 0;
        double squares = 0;
        for (final float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        assertEquals(0, sum / values.length, 0.005);
        assertEquals(1, squares / values.length, 0.005);
    }

    @Test
    void aCopyDrawsWhatTheOriginalWouldHave() {
        final TorchRandom random = new TorchRandom(11);
        random.normals(1000);
        random.normals(3);
        final TorchRandom copy = random.copy();
        copy.copy().normals(700);
        assertArrayEquals(random.normals(2), copy.normals(2));
        assertArrayEquals(random.normals(1500), copy.normals(1500));
    }
}
