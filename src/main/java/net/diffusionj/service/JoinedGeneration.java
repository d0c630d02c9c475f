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

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;
import net.diffusionj.pipeline.JoinedMember;
import net.diffusionj.pipeline.PipelineListener;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.pipeline.PipelineResult;
import net.diffusionj.service.queue.Seat;

/**
 * A generation among others that go through a model together.
 * <p>
 * Not thread-safe: used by the thread that runs them all. Results are made on the caller's thread.
 * </p>
 */
final class JoinedGeneration implements JoinedMember {

    private final Seat<Generation, List<DiffusionResult>> seat;
    private final Runnable watcher;
    private Generation generation;
    private long startNanos;
    private Optional<ResultLookup> lookup = Optional.empty();
    private Optional<PipelineRequest> request = Optional.empty();
    private Function<PipelineResult, Supplier<DiffusionResult>> maker = made -> {
        throw new IllegalStateException("no model was opened");
    };

    /**
     * @param seat its place
     * @param watcher is run after every step
     */
    JoinedGeneration(final Seat<Generation, List<DiffusionResult>> seat, final Runnable watcher) {
        this.seat = seat;
        this.watcher = watcher;
        this.generation = seat.job();
    }

    /**
     * Reads what it needs, its picture among it.
     *
     * @param runner knows the models and what was kept
     * @param cancel ends it
     * @return whether there is something to run: not if the result was kept, if its caller has left, or if something of its own is wrong
     */
    boolean prepare(final RequestRunner runner, final CancelToken cancel) {
        if (seat.left()) return false;
        return ownFaultAside(() -> {
            generation.progress().begin(new ForwardedListener(generation.listener(), seat::tell), watcher);
            if (seat.waited()) generation = runner.upToDate(generation);
            startNanos = System.nanoTime() - generation.resolveNanos();
            lookup = runner.lookup(generation);
            final Optional<DiffusionResult> found = lookup.flatMap(kept -> kept.find(startNanos, cancel));
            if (found.isPresent()) {
                seat.done(() -> List.of(found.get()));
                return;
            }
            RequestRunner.begin(generation);
            request = Optional.of(generation.resolved().pipeline());
        }) && request.isPresent();
    }

    /** @param work is this one's alone, unless memory or the machine is at fault
     *  @return whether it went well */
    boolean ownFaultAside(final Runnable work) {
        try {
            work.run();
            return true;
        }
        catch (final CancellationException | InsufficientMemoryException | ProviderFailedException e) {
            throw e;
        }
        catch (final RuntimeException e) {
            failed(e);
            return false;
        }
    }

    /** @param results makes of what the pipeline made what makes the result */
    void onModel(final Function<PipelineResult, Supplier<DiffusionResult>> results) {
        maker = results;
    }

    Generation generation() {
        return generation;
    }

    Seat<Generation, List<DiffusionResult>> seat() {
        return seat;
    }

    long startNanos() {
        return startNanos;
    }

    @Override
    public PipelineRequest request() {
        return request.orElseThrow();
    }

    @Override
    public PipelineListener listener() {
        return generation.progress();
    }

    @Override
    public boolean left() {
        return seat.left();
    }

    @Override
    public void done(final PipelineResult result) {
        final Supplier<DiffusionResult> made = maker.apply(result);
        seat.done(() -> List.of(lookup.map(kept -> kept.keep(made.get())).orElseGet(made)));
    }

    @Override
    public void failed(final RuntimeException failure) {
        seat.failed(failure);
    }
}
