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
import java.util.Optional;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.record.GenerationRecord.Reused;
import net.diffusionj.service.settings.CacheSettings;

/** Whether one generation's result was made before and kept on disk, and the keeping of it if not. One generation's own. */
final class ResultLookup {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final Reused FOUND = new Reused(true, 0, 0, 0, 0);

    private final ResultCache results;
    private final ModelContent content;
    private final Generation generation;
    private Optional<String> key = Optional.empty();

    private ResultLookup(final ResultCache results, final ModelContent content, final Generation generation) {
        this.results = results;
        this.content = content;
        this.generation = generation;
    }

    /**
     * @param generation may want a kept result
     * @param caches what is set
     * @param content tells models apart
     * @param home where results are kept
     * @return empty if it wants none
     */
    static Optional<ResultLookup> of(final Generation generation, final CacheSettings caches, final ModelContent content, final Path home) {
        if (caches.resultsBytes() == 0 || generation.branched() || !isWanted(generation.request(), caches)) return Optional.empty();
        return Optional.of(new ResultLookup(new ResultCache(home, caches.resultsBytes()), content, generation));
    }

    private static boolean isWanted(final DiffusionRequest request, final CacheSettings caches) {
        return switch (caches.results()) {
            case AUTO -> request.usesResultCache();
            case ON -> true;
            case OFF -> false;
        };
    }

    /**
     * @param startNanos when the generation began
     * @param cancel ends the search
     * @return what was kept
     */
    Optional<DiffusionResult> find(final long startNanos, final CancelToken cancel) {
        final Progress progress = generation.progress();
        progress.stage(Stage.LOOKING_UP);
        cancel.throwIfCancelled();
        key = Optional.of(ResultKey.of(generation.request(), generation.resolved(), content.hash(generation.resolved().folder()),
            OnnxEnvironment.bundledVersion()));
        final Optional<DiffusionResult> found = results.find(key.get());
        if (found.isPresent()) {
            progress.stage(Stage.FOUND);
            progress.notes().reused(FOUND);
            found.get().warnings().forEach(progress::warning);
        }
        else cancel.throwIfCancelled();
        return found.map(result -> result.after((System.nanoTime() - startNanos) / NANOS_PER_MILLI));
    }

    /** @param made what was made because nothing was found
     *  @return the same, with a warning if it could not be kept */
    DiffusionResult keep(final DiffusionResult made) {
        final Optional<String> trouble = results.keep(key.orElseThrow(), made);
        trouble.ifPresent(generation.progress()::warning);
        return trouble.isPresent() ? made.withWarnings(generation.progress().warnings()) : made;
    }
}
