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
package net.diffusionj.ort.session;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.provider.ExecutionProvider;

/**
 * One session as a {@link SessionCache} holds it at a moment.
 *
 * @param file the model
 * @param providers what it runs on, the preferred one first
 * @param ramBytes main memory that it took when it was opened
 * @param gpu the device that holds its weights; empty for the CPU
 * @param gpuBytes memory of that device that it took
 * @param leases how many use it now
 * @param pinned whether it stays open while unused
 * @param lastUse when it came back last; {@link Instant#MIN} if it never did
 */
public record OpenSession(Path file, List<ExecutionProvider> providers, long ramBytes, Optional<GpuDevice> gpu, long gpuBytes, int leases, boolean pinned,
    Instant lastUse) {

    /** Copies the list. */
    public OpenSession {
        providers = List.copyOf(providers);
    }
}
