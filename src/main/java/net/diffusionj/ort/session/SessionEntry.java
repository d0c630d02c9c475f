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
import java.util.concurrent.CompletableFuture;

import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.onnx.ModelFiles;
import net.diffusionj.ort.provider.ExecutionProvider;

/** One session of a {@link SessionCache}, from before it is open. Everything that changes is guarded by the {@link SessionLedger}. */
final class SessionEntry {

    /**
     * What tells sessions apart.
     *
     * @param file the model, by its real folder
     * @param providers what it runs on, the preferred one first
     */
    record Key(Path file, List<ExecutionProvider> providers) {}

    final CompletableFuture<OnnxSession> session = new CompletableFuture<>();
    final Key key;
    /** The model as it was on the disk before it was opened. */
    final ModelFiles files;
    /** The device that holds the weights; empty for the CPU. */
    final Optional<GpuDevice> gpu;
    int leases;
    /** Whether the model has changed since, so that nobody gets this session any more. */
    boolean replaced;
    /** Whether no other session was being opened at the same time. */
    boolean openedAlone = true;
    long ramBytes;
    long gpuBytes;
    Instant lastUse = Instant.MIN;

    SessionEntry(final Key key, final ModelFiles files, final Optional<GpuDevice> gpu) {
        this.key = key;
        this.files = files;
        this.gpu = gpu;
        this.gpuBytes = gpu.isPresent() ? files.bytes() : 0;
    }

    boolean isIdle() {
        return leases == 0 && session.isDone() && !session.isCompletedExceptionally();
    }

    OpenSession describe(final boolean pinned) {
        return new OpenSession(key.file(), key.providers(), ramBytes, gpu, gpuBytes, leases, pinned, lastUse);
    }
}
