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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code diffusionj settings} from argument to line. */
class SettingsCommandTest {

    @AfterEach
    void forget() {
        assertEquals(0, CliRun.of("settings", "reset").exitCode());
    }

    @Test
    void setGetAndReset() {
        assertEquals(0, CliRun.of("settings", "set", "cuda.memory", "2048m").exitCode());
        assertEquals("2G", CliRun.of("settings", "get", "cuda.memory").output().strip());
        assertTrue(CliRun.of("settings", "list").output().matches("(?s).*cuda.memory +2G +file .*cuda.arena +same-as-requested +default .*"));
        assertEquals(0, CliRun.of("settings", "reset", "cuda.memory").exitCode());
        assertEquals("auto", CliRun.of("settings", "get", "cuda.memory").output().strip());
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() {
        for (final String[] args : new String[][] {{"settings", "set", "cuda.memory", "lots"}, {"settings", "get", "cuda.memry"}, {"settings", "set", "x"},
            {"settings", "reset", "x"}}) {
            final CliRun run = CliRun.of(args);
            assertEquals(2, run.exitCode(), run.errors());
            assertEquals(1, run.errors().lines().count(), run.errors());
        }
    }
}
