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

import java.util.List;

import org.junit.jupiter.api.Test;

import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;

class RuntimeBuildTest {

    @Test
    void theCpuBuildNamesTheGpuBuildWhereThereIsOne() {
        final String line = "1.28.0, CPU build. For the GPU build run with DIFFUSIONJ_MAVEN_OPTIONS=-Pgpu (742 MB).";
        assertEquals(line, new RuntimeBuild("1.28.0", false, "Linux", "amd64").inWords());
        assertEquals(line, new RuntimeBuild("1.28.0", false, "Windows 11", "amd64").inWords());
        assertEquals("1.28.0, CPU build.", new RuntimeBuild("1.28.0", false, "Mac OS X", "aarch64").inWords());
        assertEquals("1.28.0, CPU build.", new RuntimeBuild("1.28.0", false, "Mac OS X", "x86_64").inWords());
        assertEquals("1.28.0, CPU build.", new RuntimeBuild("1.28.0", false, "Linux", "aarch64").inWords());
    }

    @Test
    void theGpuBuildNamesTheCpuBuild() {
        assertEquals("1.28.0, GPU build (CUDA, TensorRT). For the CPU build run with DIFFUSIONJ_MAVEN_OPTIONS=-Pcpu (43 MB).",
            new RuntimeBuild("1.28.0", true, "Linux", "amd64").inWords());
    }

    @Test
    void infoNamesTheBuildThatIsLoaded() {
        final boolean cuda = OnnxEnvironment.load(Folders.HOME).natives().carriesCuda();
        final List<String> lines = CliRun.of("info").output().lines().filter(line -> line.startsWith("ONNX Runtime ")).toList();
        assertEquals(1, lines.size(), lines.toString());
        final String found = lines.get(0).replaceFirst("^ONNX Runtime +[0-9.]+, (\\w+ build).*", "$1");
        assertEquals(cuda ? "GPU build" : "CPU build", found);
    }
}
