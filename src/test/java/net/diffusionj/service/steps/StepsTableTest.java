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
package net.diffusionj.service.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table recommends, and how it is kept. */
class StepsTableTest {

    private static final StepsRow QUICK = new StepsRow("ddim", 10, true, 0.2, 0.955, 0.01);
    private static final StepsRow GOOD = new StepsRow("dpmpp-2m", 12, true, 0.3, 0.97, 0.01);
    private static final StepsRow BETTER = new StepsRow("ddim", 30, true, 0.6, 0.99, 0.01);
    private static final StepsRow NOISY = new StepsRow("euler-ancestral", 4, false, 0.1, 1, 0);

    @TempDir
    private Path home;

    private static StepsTable table(final StepsRow... rows) {
        return new StepsTable("MicroDiff", "abc", 128, 128, 2, "auto", 8, "dpmpp-2m", 100, "2026-11-25", List.of(rows));
    }

    @Test
    void theQuickestThatIsSurelySimilarIsRecommended() {
        assertEquals(Optional.of(GOOD), table(BETTER, GOOD, QUICK, NOISY).recommended(), "the quick one is within its error of the bound");
        assertEquals(Optional.of(QUICK), table(QUICK, new StepsRow("ddim", 4, true, 0.1, 0.7, 0.01), NOISY).recommended(), "the most similar, where none is");
        assertEquals(Optional.empty(), table(NOISY).recommended());
        assertTrue(StepsTable.rule().contains("at least 0.95"), StepsTable.rule());
        assertEquals("Measured here: 12 steps of dpmpp-2m take 0.30 s and come to a similarity of 0.97 with 100 steps.",
            table(GOOD, NOISY).inWords().orElseThrow());
        assertThrows(IllegalArgumentException.class, StepsTableTest::table);
    }

    @Test
    void aTableIsFoundAgainByItsModelAndTheLatestCounts() {
        final StepsTables tables = new StepsTables(home);
        assertEquals(Optional.empty(), tables.of("abc"));
        assertEquals(tables.file("abc"), tables.keep(table(BETTER)));
        tables.keep(table(GOOD, NOISY));
        assertEquals(Optional.of(table(GOOD, NOISY)), new StepsTables(home).of("abc"));
        assertEquals(Optional.empty(), tables.of("abd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\": 1}", "{\"format\": 2, \"table\": {\"modelHash\": \"abc\"}}", "{\"format\": 1, \"table\": {}}",
        "{\"format\": 1, \"table\": {\"modelHash\": \"abc\"}}", "{\"format\": 1, \"table\": {\"modelHash\": \"abc\", \"rows\": []}}",
        "{\"format\": 1, \"table\": {\"modelHash\": \"another\", \"rows\": [{}]}}"})
    void aDamagedFileIsAsNone(final String content) throws IOException {
        final StepsTables tables = new StepsTables(home);
        Files.createDirectories(tables.file("abc").getParent());
        Files.writeString(tables.file("abc"), content);
        assertEquals(Optional.empty(), tables.of("abc"));
    }
}
