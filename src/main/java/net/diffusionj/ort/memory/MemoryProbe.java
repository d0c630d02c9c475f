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

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports how much memory this process has and could still take. Bytes throughout; empty where the platform does not say. Thread-safe. */
public interface MemoryProbe {

    /** @return what of this process lies in RAM now, mapped files included */
    OptionalLong residentBytes();

    /** @return what could still be taken without swapping or hitting the container's limit */
    OptionalLong availableBytes();

    /** @return all of the machine's or the container's memory */
    OptionalLong totalBytes();

    /** @return the most of this process that has lain in RAM since it began */
    default OptionalLong mostResidentBytes() {
        return OptionalLong.empty();
    }

    /** @return what of Java's heap lies in RAM now: less than it has taken, until all of that has been used once. May take tens of milliseconds */
    default OptionalLong residentHeapBytes() {
        return OptionalLong.empty();
    }

    /** @return how the NVIDIA GPUs are now; none where nothing reports them. May take tens of milliseconds */
    default List<GpuState> gpus() {
        return List.of();
    }

    /**
     * @param device a GPU
     * @return its memory; empty where nothing reports it. May take tens of milliseconds
     */
    default Optional<GpuMemory> gpu(final GpuDevice device) {
        return Optional.empty();
    }

    /** @return a probe of this machine */
    static MemoryProbe ofThisMachine() {
        return new SystemMemory();
    }
}
