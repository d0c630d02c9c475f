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
package net.diffusionj.pipeline.part;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;

/**
 * Where the parts of one run come from.
 *
 * @param sessions where sessions live
 * @param policy which part runs on what
 * @param background opens what is not open yet
 * @param cancel ends the wait for a part
 */
public record PartSource(SessionCache sessions, ProviderPolicy policy, Background background, CancelToken cancel) {

    /** What is open already is lent here and now; to open it, and to try out a provider for it, is work for the background. */
    LoadingPart<SessionLease> begin(final Path file, final ProviderChoice choice) {
        return new LoadingPart<>(sessions.leaseOpen(file, choice).map(CompletableFuture::completedFuture)
            .orElseGet(() -> background.begin(() -> sessions.lease(file, choice))));
    }
}
