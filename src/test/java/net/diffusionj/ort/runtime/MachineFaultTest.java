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
package net.diffusionj.ort.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With the words of glibc's loader, and mounts and limits as Linux writes them. */
@EnabledOnOs(OS.LINUX)
class MachineFaultTest {

    private static final Throwable NOT_MAPPED =
        new UnsatisfiedLinkError("/data/my home/native/libonnxruntime.so: /data/my home/native/libonnxruntime.so: failed to map segment from shared object");
    private static final Path FOLDER = Path.of("/data/my home/native");

    @TempDir
    private Path temp;

    private MachineFault machine(final Path temporary, final String mounts, final String limit) throws IOException {
        return new MachineFault(temporary, Files.writeString(temp.resolve("mounts"), mounts),
            Files.writeString(temp.resolve("limits"),
                "Limit   Soft Limit   Hard Limit   Units\nMax address space         " + limit + "   unlimited   bytes\n"));
    }

    @Test
    void aDiskThatRunsNothingIsNamed() throws IOException {
        final String mounts = "/dev/a / ext4 rw 0 0\n/dev/b /data/my\\040home xfs rw,noexec,nosuid 0 0\n/dev/c /data ext4 rw 0 0\n";
        final String said = machine(temp, mounts, "unlimited").of(new ExceptionInInitializerError(NOT_MAPPED), FOLDER).orElseThrow();
        assertTrue(said.contains("noexec") && said.contains(FOLDER.toString()) && said.contains("-Ddiffusionj.home="), said);
    }

    @Test
    void tooLittleMemoryIsNamedWithItsLimit() throws IOException {
        final MachineFault machine = machine(temp, "/dev/a / ext4 rw 0 0\n/dev/b /data/my\\040home/native/deeper xfs noexec 0 0\n", "2048000000");
        final String said = machine.of(NOT_MAPPED, FOLDER).orElseThrow();
        assertTrue(said.contains("memory") && said.contains("2048 MB") && said.contains("ulimit -v"), said);
    }

    @Test
    void aMissingTempFolderIsNamed() throws IOException {
        final String said =
            machine(temp.resolve("absent"), "", "unlimited").of(new RuntimeException("Failed to load onnx-runtime library"), FOLDER).orElseThrow();
        assertTrue(said.contains(temp.resolve("absent").toString()) && said.contains("-Djava.io.tmpdir="), said);
    }

    @Test
    void otherFaultsAreNotTheMachines() throws IOException {
        assertEquals(Optional.empty(), machine(temp, "/dev/a / ext4 noexec 0 0\n", "1").of(new UnsatisfiedLinkError("invalid ELF header"), FOLDER));
    }
}
