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
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.DiffusionPipeline;
import net.diffusionj.pipeline.JoinedPipeline;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.pipeline.PipelineResult;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.service.queue.Seat;
import net.diffusionj.service.settings.Settings;

/**
 * Does generations whose turn has come, on the sessions of one instance: opens the model, runs the pipeline and makes results of what it gave.
 * <p>
 * Used by one thread at a time, but for a generation that another's listener asks for.
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

    /** What results tell of where they were made. */
    private record Where(String provider, boolean int8, String runtimeVersion, double loadMillis) {}

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

    /** @param request what was asked for
     *  @param models describes models
     *  @return with every choice made */
    static ResolvedRun resolve(final DiffusionRequest request, final OpenModels models) {
        return ResolvedRun.of(request, models.describe(request.model()), models::scheduler);
    }

    /** @param generation has perhaps waited for long
     *  @return the same, with its choices made anew if its model has changed meanwhile */
    Generation upToDate(final Generation generation) {
        final DiffusionRequest request = generation.request();
        return models.describe(request.model()) == generation.resolved().folder() ? generation : generation.with(resolve(request, models));
    }

    /**
     * Runs one alone.
     *
     * @param generation told of its progress here and now
     * @param cancel ends it
     * @return makes the results, one a branch
     */
    Supplier<List<DiffusionResult>> run(final Generation generation, final CancelToken cancel) {
        cancel.throwIfCancelled();
        final long start = System.nanoTime() - generation.resolveNanos();
        final Optional<ResultLookup> lookup = lookup(generation);
        final Optional<DiffusionResult> found = lookup.flatMap(kept -> kept.find(start, cancel));
        if (found.isPresent()) return () -> List.of(found.get());
        final Supplier<List<DiffusionResult>> made = generate(generation, start, cancel);
        return lookup.<Supplier<List<DiffusionResult>>>map(kept -> () -> List.of(kept.keep(made.get().get(0)))).orElse(made);
    }

    private Supplier<List<DiffusionResult>> generate(final Generation generation, final long start, final CancelToken cancel) {
        begin(generation);
        final ResolvedRun resolved = generation.resolved();
        final Progress progress = generation.progress();
        final BranchRequest branches = generation.branches();
        if (resolved.leavesSourceUnchanged()) {
            return () -> branches.branches().stream().map(branch -> UnchangedSource.result(generation.request(), resolved, progress, start)).toList();
        }
        return onModel(generation, cancel, (model, cache) -> {
            final PipelineRequest wanted = resolved.pipeline();
            final long openNanos = System.nanoTime() - start;
            progress.whenDenoising(() -> RunNotes.provider(progress.notes(), model, cache));
            final List<PipelineResult> made;
            try {
                made = new DiffusionPipeline(model, wanted, progress, cancel).run(branches.sharedSteps(), branches.branches());
            }
            finally {
                RunNotes.model(progress.notes(), model);
            }
            end(generation, cache, made.get(0));
            final Where where = new Where(model.provider(), model.int8(), cache.onnx().version(), (openNanos + model.waitedNanos()) / NANOS_PER_MILLI);
            return () -> results(generation, made, where, start);
        });
    }

    /** @param generation is about to be run */
    static void begin(final Generation generation) {
        generation.progress().stage(Stage.LOADING);
        generation.resolved().warnings().forEach(generation.progress()::warning);
        final long firstSeed = generation.resolved().settings().firstSeed();
        generation.progress().handOver((index, pixels) -> ResultMaker.image(generation.request(), generation.resolved(), pixels, firstSeed + index));
    }

    private static void end(final Generation generation, final SessionCache cache, final PipelineResult made) {
        cache.providers().shortfall().ifPresent(reason -> {
            generation.progress().warning(reason);
            generation.progress().notes().fallback(reason);
        });
        made.warnings().forEach(generation.progress()::warning);
    }

    private <T> T onModel(final Generation generation, final CancelToken cancel, final ModelWork<T> work) {
        final ResolvedRun resolved = generation.resolved();
        final ProviderChoice provider = ProviderChoice.parse(generation.request().provider());
        return new ModelAccess(models, reuse, sessions, settings).with(resolved.folder(), provider, PartRole.always(resolved.source().isPresent()), cancel,
            work);
    }

    private List<DiffusionResult> results(final Generation generation, final List<PipelineResult> made, final Where where, final long start) {
        final BranchRequest branches = generation.branches();
        final List<DiffusionResult> results = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            final PipelineBranch branch = branches.branches().get(i);
            final Map<String, String> written =
                ResultSettings.of(generation.resolved(), branches.sharedSteps(), branch, where.provider(), where.runtimeVersion());
            if (where.int8()) written.put("unet", "int8");
            final long exposureSeed = branch.noiseSeed().orElse(generation.resolved().settings().firstSeed());
            results.add(ResultMaker.make(generation.request(), generation.resolved(), made.get(i), exposureSeed, written, generation.progress().warnings(),
                i == 0 ? where.loadMillis() : 0, start));
        }
        RunNotes.times(generation.progress().notes(), results);
        content.hashIfCheap(generation.resolved().folder()).ifPresent(generation.progress().notes()::modelHash);
        return results;
    }

    /**
     * Runs several that may go together; each one's seat is told of its end.
     *
     * @param seats have equal company
     * @param watcher is run after every step
     */
    void runTogether(final List<? extends Seat<Generation, List<DiffusionResult>>> seats, final Runnable watcher) {
        final CancelToken cancel = seats.get(0).cancel();
        final List<JoinedGeneration> joined = new ArrayList<>();
        for (final Seat<Generation, List<DiffusionResult>> seat : seats) {
            final JoinedGeneration one = new JoinedGeneration(seat, watcher);
            if (one.prepare(this, cancel)) joined.add(one);
        }
        if (joined.isEmpty()) return;
        final Optional<?> company = joined.get(0).generation().company();
        // A model that was replaced meanwhile may have changed who belongs together.
        final List<JoinedGeneration> strays = joined.stream().filter(one -> !one.generation().company().equals(company)).toList();
        joined.removeAll(strays);
        final long openedNanos = System.nanoTime();
        onModel(joined.get(0).generation(), cancel, (model, cache) -> {
            final long openNanos = System.nanoTime() - openedNanos;
            joined.forEach(one -> one.generation().progress().whenDenoising(() -> RunNotes.provider(one.generation().progress().notes(), model, cache)));
            joined.forEach(one -> one.onModel(made -> {
                RunNotes.model(one.generation().progress().notes(), model);
                end(one.generation(), cache, made);
                final Where where = new Where(model.provider(), model.int8(), cache.onnx().version(), (openNanos + model.waitedNanos()) / NANOS_PER_MILLI);
                return () -> results(one.generation(), List.of(made), where, one.startNanos()).get(0);
            }));
            new JoinedPipeline(model, joined, cancel).run();
            return joined;
        });
        strays.forEach(one -> one.ownFaultAside(() -> one.seat().done(generate(one.generation(), one.startNanos(), cancel))));
    }

    /** @param generation may want a kept result
     *  @return looks for it */
    Optional<ResultLookup> lookup(final Generation generation) {
        return ResultLookup.of(generation, settings.get().cache(), content, home);
    }
}
