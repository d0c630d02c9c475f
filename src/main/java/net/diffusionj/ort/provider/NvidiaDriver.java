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
package net.diffusionj.ort.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A cheap look for an NVIDIA driver, which spares machines without one the attempt to start CUDA, and which driver CUDA wants. */
public final class NvidiaDriver {

    /** NVIDIA's table of CUDA 12's minor version compatibility. */
    static final String OLDEST_ON_LINUX = "525.60.13";
    static final String OLDEST_ON_WINDOWS = "528.33";

    private NvidiaDriver() {}

    /**
     * Compares a driver with what the CUDA build of ONNX Runtime wants.
     *
     * @param version of the driver, such as 535.183.01
     * @return the oldest version that would do; empty if this one does, or says no version
     */
    public static Optional<String> tooOldForCuda(final String version) {
        final String oldest = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win") ? OLDEST_ON_WINDOWS : OLDEST_ON_LINUX;
        if (!version.matches("\\d{1,6}(\\.\\d{1,6}){0,3}")) return Optional.empty();
        return Arrays.compare(numbers(version), numbers(oldest)) < 0 ? Optional.of(oldest) : Optional.empty();
    }

    private static int[] numbers(final String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    /** @return why CUDA cannot work here; empty when a driver seems to be there and the attempt is worth its time */
    public static Optional<String> absence() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.contains("mac")) return Optional.of("there is no CUDA for macOS.");
        final boolean there;
        if (os.contains("win")) {
            final String root = System.getenv("SystemRoot");
            there = Files.exists(Path.of(root == null ? "C:\\Windows" : root, "System32", "nvcuda.dll"));
        }
        else {
            // WSL has no device file of its own, but its driver's folder.
            there = Files.exists(Path.of("/dev/nvidia0")) || Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/usr/lib/wsl/lib"));
        }
        return there ? Optional.empty() : Optional.of("no NVIDIA driver was found.");
    }
}
