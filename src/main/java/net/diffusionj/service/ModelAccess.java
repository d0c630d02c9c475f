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
package net.diffusionj.service;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.LoadedModel;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.pipeline.part.PartSource;
import net.diffusionj.service.settings.Settings;

/**
 * Opens models for the time of one piece of work, on the sessions of one instance. Thread-safe.
 *
 * @param models describes models and holds their tokenizers
 * @param reuse what runs leave for one another
 * @param sessions gives the sessions for some settings, loading ONNX Runtime at the first call
 * @param settings reads what is set now
 */
record ModelAccess(OpenModels models, Reuse reuse, Function<Settings, SessionCache> sessions, Supplier<Settings> settings) {

    /**
     * @param folder a described model
     * @param provider what it is to run on
     * @param roles the parts that are needed beside the text encoder
     * @param cancel ends the wait for a part
     * @param work done with the model open
     * @return what came of it
     */
    @SuppressWarnings("try") // tokenizers stay open and the model stays there meanwhile
    <T> T with(final ModelFolder folder, final ProviderChoice provider, final Set<PartRole> roles, final CancelToken cancel, final ModelWork<T> work) {
        final Settings now = settings.get();
        try (OpenModels.Use use = models.use(); InstalledModels.Use there = models.installed().use(folder.root())) {
            final CompletableFuture<Tokenizer> tokenizer = models.openTokenizer(folder).map(CompletableFuture::completedFuture)
                .orElseGet(() -> reuse.background().begin(() -> models.tokenizer(folder)));
            reuse.keepEmbeddings(now.cache().embeddingsBytes());
            final SessionCache cache = sessions.apply(now);
            final PartSource parts = new PartSource(cache, now.provider().policy(provider), reuse.background(), cancel);
            try (LoadedModel model = LoadedModel.open(folder, tokenizer, parts, reuse, roles)) {
                return work.on(model, cache);
            }
        }
    }
}
