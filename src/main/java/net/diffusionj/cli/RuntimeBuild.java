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

/**
 * Says which build of ONNX Runtime is loaded, and how to get the other.
 *
 * @param version ONNX Runtime's version
 * @param cuda whether this is the GPU build
 * @param system the value of {@code os.name}
 * @param architecture the value of {@code os.arch}
 */
record RuntimeBuild(String version, boolean cuda, String system, String architecture) {

    /** @return one line, such as {@code 1.28.0, CPU build. For ...} */
    String inWords() {
        if (cuda) return version + ", GPU build (CUDA, TensorRT). For the CPU build run with DIFFUSIONJ_MAVEN_OPTIONS=-Pcpu (43 MB).";
        final String cpu = version + ", CPU build.";
        return hasGpuBuild() ? cpu + " For the GPU build run with DIFFUSIONJ_MAVEN_OPTIONS=-Pgpu (742 MB)." : cpu;
    }

    /** Only Linux and Windows on x64 have one. */
    private boolean hasGpuBuild() {
        return (architecture.equals("amd64") || architecture.equals("x86_64")) && (system.equals("Linux") || system.startsWith("Windows"));
    }
}
