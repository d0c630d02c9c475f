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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What this process has in RAM, native memory included. Known on Linux only. Stateless. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double KIB_PER_MIB = 1024;

    private ResidentMemory() {}

    /** @return megabytes (1024 × 1024 bytes) that are resident now; empty where the system does not say */
    public static OptionalDouble megabytes() {
        return mebibytes("VmRSS:");
    }

    /** @return the most megabytes that were ever resident; empty where the system does not say */
    public static OptionalDouble peakMegabytes() {
        return mebibytes("VmHWM:");
    }

    /** Collects garbage first, so that what Java merely has not cleaned up yet is not counted.
     *  @return megabytes that stay resident */
    static OptionalDouble settledMegabytes() {
        System.gc();
        return megabytes();
    }

    private static OptionalDouble mebibytes(final String key) {
        final OptionalLong kib = kibibytes(key);
        return kib.isPresent() ? OptionalDouble.of(kib.getAsLong() / KIB_PER_MIB) : OptionalDouble.empty();
    }

    private static OptionalLong kibibytes(final String key) {
        if (!Files.isReadable(STATUS)) return OptionalLong.empty();
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(key)).mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", ""))).findFirst();
        }
        catch (final IOException e) {
            return OptionalLong.empty();
        }
    }
}
