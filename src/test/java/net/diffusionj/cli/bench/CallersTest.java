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
package net.diffusionj.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Sixteen callers at once, with cancels and failing instances, in a short form: {@code bench --callers 16} is the long one. */
@Timeout(120)
class CallersTest {

    @TempDir
    private Path home;

    private static BenchPlan plan() {
        return new BenchPlan(Models.of("sd1").toString(), "nuclei", OptionalInt.of(3), OptionalInt.of(32), OptionalInt.of(32), "euler", "cpu", 1, 1, List.of(1),
            Set.of(BenchPlan.Part.CALLERS));
    }

    private static Map<String, Object> run(final Path home) {
        final Verdict verdict = new Callers(plan(), 16, 8, 7).run(watcher -> new DiffusionEngine(home, new Reuse(), watcher), new CancelToken());
        assertEquals(List.of(), verdict.failures(), verdict.numbers().toString());
        assertTrue((int) verdict.numbers().get("steps_in_company") > 0, verdict.numbers().toString());
        assertTrue((int) verdict.numbers().get("faults") > 0, verdict.numbers().toString());
        return verdict.numbers();
    }

    @Test
    void eachEndsOnceAndMakesWhatItMakesAlone() {
        assertEquals(1, run(Folders.HOME).get("instances"));
    }

    @Test
    void alsoOnTwoInstancesOfWhichEachTakesOverFromTheOther() throws Exception {
        Files.createSymbolicLink(home.resolve("native"), Files.createDirectories(Folders.HOME.resolve("native")));
        Files.writeString(home.resolve("settings.json"), "{\"instances\": \"2\", \"cpu.threads\": \"2\"}");
        assertEquals(2, run(home).get("instances"));
    }
}
