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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.memory.GpuState.Slowed;

/** The table that the driver's program prints, and a process that stands for it. */
class SmiTableTest {

    private static final long MIB = 1L << 20;

    @TempDir
    private Path folder;

    @Test
    void readsALinePerGpu() {
        final List<GpuState> states = SmiTable.parse("""
            0, NVIDIA H100 80GB HBM3, 535.183.01, 97, 81559, 40123, 71, 1755, 1980, 0x0000000000000004
            1, Tesla M60, 470.57.02, [N/A], [N/A], 3, 92, 300, 1177, 0x0000000000000060
            2, NVIDIA RTX A4000, 550.54.14, 0, 16376, 1, 31, 210, 2100, [Not Supported]
            3, NVIDIA RTX A4000, 550.54.14, 12, 16376, 1, [Unknown Error], 210, 2100, 0x0000000000000088
            """);
        assertEquals(new GpuState(0, "NVIDIA H100 80GB HBM3", "535.183.01", OptionalInt.of(97), Optional.of(new GpuMemory(81_559 * MIB, 40_123 * MIB)),
            OptionalInt.of(71), OptionalInt.of(1755), OptionalInt.of(1980), Optional.empty()), states.get(0), "a limit of power is no fault");
        assertEquals(List.of(OptionalInt.empty(), Optional.empty(), OptionalInt.of(92), Optional.of(Slowed.HEAT)),
            List.of(states.get(1).loadPercent(), states.get(1).memory(), states.get(1).celsius(), states.get(1).slowed()));
        assertEquals(Optional.empty(), states.get(2).slowed());
        assertEquals(List.of(OptionalInt.empty(), Optional.of(Slowed.POWER)), List.of(states.get(3).celsius(), states.get(3).slowed()));
    }

    @Test
    void anythingElseIsLeftOut() {
        assertEquals(List.of(), SmiTable.parse("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n\n1, 2\n"));
    }

    /** Drivers before 535 do not know the new name of the reasons. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void asksAnOldDriverInItsOwnWords() throws IOException {
        final Path program = Files.writeString(folder.resolve("smi.sh"), """
            case "$1" in *event_reasons*) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2;; esac
            [ "$2" = "--format=csv,noheader,nounits" ] || exit 6
            echo "0, Old, 470.57.02, 5, 1000, 10, 40, 500, 1000, 0x0000000000000001"
            """);
        final List<GpuState> states = new NvidiaSmi("sh", program.toString()).states();
        assertEquals(1, states.size());
        assertEquals("470.57.02", states.get(0).driver());
        assertTrue(new NvidiaSmi(folder.resolve("absent").toString()).states().isEmpty());
    }
}
