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
package net.diffusionj.ort.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver's program says, and a process that stands for it. */
class NvidiaSmiTest {

    private static final long MIB = 1L << 20;

    @TempDir
    private Path folder;

    @Test
    void readsWhatTheProgramSays() {
        assertEquals(Optional.of(new GpuMemory(24_564 * MIB, 1_234 * MIB)), NvidiaSmi.parse("24564, 1234\n"));
        assertEquals(23_330 * MIB, NvidiaSmi.parse("24564, 1234\n").orElseThrow().freeBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[N/A], [N/A]\n", "No devices were found\n", "Unable to determine the device handle for GPU0000:01:00.0: Unknown Error\n",
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "24564, 12\n24564, 13\n", "[Insufficient Permissions], 3"})
    void anythingElseIsNoNumber(final String answer) {
        assertEquals(Optional.empty(), NvidiaSmi.parse(answer));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void asksForOneGpuInMebibytes() throws IOException {
        final Path program = Files.writeString(folder.resolve("smi.sh"), """
            [ "$*" = "--id=2 --query-gpu=memory.total,memory.used --format=csv,noheader,nounits" ] || exit 6
            echo 81559, 4
            """);
        assertEquals(Optional.of(new GpuMemory(81_559 * MIB, 4 * MIB)), new NvidiaSmi("sh", program.toString()).memory(2));
        assertEquals(Optional.empty(), new NvidiaSmi("sh", program.toString()).memory(3), "ends with an error");
    }

    @Test
    void aProgramThatIsNotThereTellsNothing() {
        assertEquals(Optional.empty(), new NvidiaSmi(folder.resolve("absent").toString()).memory(0));
    }
}
