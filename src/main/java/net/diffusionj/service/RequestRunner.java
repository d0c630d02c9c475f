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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.DiffusionPipeline;
import net.diffusionj.pipeline.LoadedModel;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.pipeline.PipelineResult;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.pipeline.part.PartSource;
import net.diffusionj.service.settings.CacheSettings;
import net.diffusionj.service.settings.Settings;

/**
 * Does a request whose turn has come: fills in what is open, opens the model, runs the pipeline and makes results of what it gave.
 * <p>
 * Used by one thread at a time.
 * </p>
 */
final class RequestRunner {

    private static final double NANOS_PER_MILLI = 1e6;

    private final OpenModels models;
    private final Reuse reuse;
    private final Function<Settings, SessionCache> sessions;
    private final Supplier<Settings> settings;
    private final ModelContent content;
    private final Path home;

    /**
     * @param models describes models and holds their tokenizers
     * @param reuse what runs leave for one another
     * @param sessions gives the sessions for some settings, loading ONNX Runtime at the first call
     * @param settings reads what is set now
     * @param content tells models apart
     * @param home the DiffusionJ home, where results are kept
     */
    RequestRunner(final OpenModels models, final Reuse reuse, final Function<Settings, SessionCache> sessions, final Supplier<Settings> settings,
        final ModelContent content, final Path home) {
        this.models = models;
        this.reuse = reuse;
        this.sessions = sessions;
        this.settings = settings;
        this.content = content;
        this.home = home;
    }

    DiffusionResult run(final DiffusionRequest request, final Progress progress, final CancelToken cancel) {
        final BranchRequest alone = new BranchRequest(request, 0, List.of(PipelineBranch.UNCHANGED));
        final CacheSettings caches = settings.get().cache();
        if (caches.resultsBytes() == 0 || !wantsResultCache(request, caches)) return run(alone, progress, cancel).get(0);
        final ResultCache results = new ResultCache(home, caches.resultsBytes());
        progress.stage(Stage.LOOKING_UP);
        final long start = System.nanoTime();
        final ResolvedRun resolved = resolve(request);
        cancel.throwIfCancelled();
        final String key = ResultKey.of(request, resolved, content.hash(resolved.folder()), OnnxEnvironment.bundledVersion());
        final Optional<DiffusionResult> found = results.find(key);
        if (found.isPresent()) {
            progress.stage(Stage.FOUND);
            found.get().warnings().forEach(progress::warning);
            return found.get().after((System.nanoTime() - start) / NANOS_PER_MILLI);
        }
        cancel.throwIfCancelled();
        progress.stage(Stage.LOADING);
        final DiffusionResult made = generate(alone, resolved, start, progress, cancel).get(0);
        final Optional<String> trouble = results.keep(key, made);
        trouble.ifPresent(progress::warning);
        return trouble.isPresent() ? made.withWarnings(progress.warnings()) : made;
    }

    private static boolean wantsResultCache(final DiffusionRequest request, final CacheSettings caches) {
        return switch (caches.results()) {
            case AUTO -> request.usesResultCache();
            case ON -> true;
            case OFF -> false;
        };
    }

    List<DiffusionResult> run(final BranchRequest branches, final Progress progress, final CancelToken cancel) {
        final long start = System.nanoTime();
        cancel.throwIfCancelled();
        progress.stage(Stage.LOADING);
        return generate(branches, resolve(branches.base()), start, progress, cancel);
    }

    private ResolvedRun resolve(final DiffusionRequest request) {
        return ResolvedRun.of(request, models.describe(request.model()), models::scheduler);
    }

    private List<DiffusionResult> generate(final BranchRequest branches, final ResolvedRun resolved, final long start, final Progress progress,
        final CancelToken cancel) {
        final DiffusionRequest request = branches.base();
        final ProviderChoice provider = ProviderChoice.parse(request.provider());
        resolved.warnings().forEach(progress::warning);
        if (resolved.leavesSourceUnchanged()) {
            return branches.branches().stream().map(branch -> UnchangedSource.result(request, resolved, progress, start)).toList();
        }
        progress.handOver(pixels -> ResultMaker.image(request, resolved, pixels));
        final CompletableFuture<Tokenizer> tokenizer = models.openTokenizer(resolved.folder()).map(CompletableFuture::completedFuture)
            .orElseGet(() -> reuse.background().begin(() -> models.tokenizer(resolved.folder())));
        final Settings now = settings.get();
        reuse.keepEmbeddings(now.cache().embeddingsBytes());
        final SessionCache cache = sessions.apply(now);
        final PartSource parts = new PartSource(cache, now.provider().policy(provider), reuse.background(), cancel);
        try (LoadedModel model = LoadedModel.open(resolved.folder(), tokenizer, parts, reuse, PartRole.always(resolved.source().isPresent()))) {
            final PipelineRequest wanted = resolved.pipeline();
            final long openedNanos = System.nanoTime() - start;
            final DiffusionPipeline pipeline = new DiffusionPipeline(model, wanted, progress, cancel);
            final List<PipelineResult> made = pipeline.run(branches.sharedSteps(), branches.branches());
            cache.providers().shortfall().ifPresent(progress::warning);
            made.get(0).warnings().forEach(progress::warning);
            final double loadMillis = (openedNanos + model.waitedNanos()) / NANOS_PER_MILLI;
            final List<DiffusionResult> results = new ArrayList<>();
            for (int i = 0; i < made.size(); i++) {
                final PipelineBranch branch = branches.branches().get(i);
                final Map<String, String> settings = ResultSettings.of(resolved, branches.sharedSteps(), branch, model.provider(), cache.onnx().version());
                results.add(ResultMaker.make(request, resolved, made.get(i), settings, progress.warnings(), i == 0 ? loadMillis : 0, start));
            }
            return results;
        }
    }
}
