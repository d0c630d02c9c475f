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

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.cli.Main;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** A short form of {@code bench --server}: nothing lost, nothing else made, and a server that is killed is told of. How fast it is, only the long form says. */
@Timeout(180)
class ServerBenchTest {

    @Test
    void aLoadedServerMakesWhatIsMadeAloneAndItsDeathIsTold() {
        System.setProperty(DiffusionHome.PROPERTY, Folders.HOME.toString());
        try {
            final BenchPlan plan =
                new BenchPlan(Models.of("sd1").toAbsolutePath().toString(), "bright nuclei", OptionalInt.of(3), OptionalInt.empty(), OptionalInt.empty(), "",
                    "cpu", 1, 1, List.of(1), Set.of(BenchPlan.Part.CALLERS));
            final Verdict verdict = new ServerBench(plan, 4, 1, 0).run(Main.class.getName(), () -> new DiffusionEngine(Folders.HOME).here(),
                () -> new DiffusionEngine(Folders.HOME), new CancelToken());
            assertEquals(List.of(), verdict.failures());
            assertTrue((int) verdict.numbers().get("requests") >= 4, verdict.numbers().toString());
            assertTrue((double) verdict.numbers().get("total_p99_ms") >= (double) verdict.numbers().get("total_p50_ms"));
        }
        finally {
            System.clearProperty(DiffusionHome.PROPERTY);
        }
    }
}
