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
package net.diffusionj.service.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.service.record.GenerationRecord.StageMillis;

/** Records as lines, whole and damaged. */
class RecordJsonTest {

    private static final GenerationRecord RECORD = Records.of("1-2", "a\nmodel \u2028 \"x\" 細", 12.5, 1e9);

    @Test
    void aLineGivesTheRecordBack() {
        final String line = RecordJson.encode(RECORD);
        assertFalse(line.contains("\n"), line);
        assertEquals(new RecordJson.Whole(RECORD), RecordJson.decode(line));
        final GenerationRecord withFallback = Records.of(RECORD.origin(), "m", 1, 0, Optional.of("no GPU"));
        assertEquals(new RecordJson.Whole(withFallback), RecordJson.decode(RecordJson.encode(withFallback)));
    }

    @Test
    void keysOfALaterMinorVersionArePassedOver() {
        final String line = RecordJson.encode(RECORD);
        assertEquals(new RecordJson.Whole(RECORD), RecordJson.decode(line.substring(0, line.length() - 1) + ",\"later\":{\"x\":[1]}}"));
    }

    @Test
    void aNewerLineIsNoDamage() {
        assertEquals(new RecordJson.Newer(7), RecordJson.decode("{\"v\":7,\"all\":\"else\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "{}", "{\"v\":1}", "{\"v\":0}", "{\"v\":\"x\"}", "{\"v\":[]}", "{\"v\":1e99}", "\u0000\u0000",
        "{\"v\":1,\"time\":\"yesterday\"}"})
    void whatIsNoRecordIsDamaged(final String line) {
        assertInstanceOf(RecordJson.Damaged.class, RecordJson.decode(line));
    }

    @Test
    void everyCutLineIsDamaged() {
        final String line = RecordJson.encode(RECORD);
        for (int end = 0; end < line.length(); end++) {
            assertInstanceOf(RecordJson.Damaged.class, RecordJson.decode(line.substring(0, end)), line.substring(0, end));
        }
    }

    @Test
    void aLongRunsStepsAreCut() {
        final StageMillis times = new StageMillis(0, 0, 0, 0, IntStream.range(0, 3000).mapToObj(i -> (double) i).toList(), 0, 0, 0);
        assertEquals(StageMillis.MOST_STEPS, times.steps().size());
        assertEquals(499.5, times.medianStep());
    }
}
