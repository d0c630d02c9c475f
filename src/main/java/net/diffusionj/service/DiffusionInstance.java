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
import java.util.function.Consumer;
import java.util.function.Supplier;

import net.diffusionj.model.LatentSpace;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.JoinedPipeline;
import net.diffusionj.service.queue.Instance;
import net.diffusionj.service.queue.Seat;

/** A GPU, or a share of the cores, that generates images. Thread-safe as far as {@link Instance} asks. */
final class DiffusionInstance implements Instance<Generation, List<DiffusionResult>> {

    private final InstancePlan plan;
    private final RequestRunner runner;
    private final Supplier<Optional<SessionCache>> open;
    private final Runnable close;
    private final Consumer<String> watcher;

    /**
     * @param plan which one it is
     * @param runner works on its sessions
     * @param open gives its sessions if there are any yet
     * @param close closes them
     * @param watcher is told its name before each run and after each step; what it throws is this instance's failure
     */
    DiffusionInstance(final InstancePlan plan, final RequestRunner runner, final Supplier<Optional<SessionCache>> open, final Runnable close,
        final Consumer<String> watcher) {
        this.plan = plan;
        this.runner = runner;
        this.open = open;
        this.close = close;
        this.watcher = watcher;
    }

    InstancePlan plan() {
        return plan;
    }

    /** @return its sessions if there are any yet */
    Optional<SessionCache> sessions() {
        return open.get();
    }

    @Override
    public String name() {
        return plan.name();
    }

    /**
     * One row through a model is computed by other kernels of the CPU than several, which round otherwise: such images stay alone, so that each gets the very
     * bits that it would get alone.
     */
    @Override
    public int mostTogether(final Generation generation) {
        if (generation.oneRow() && !runsOnGpu(generation)) return 1;
        final LatentSpace latents = generation.resolved().folder().latents();
        final int factor = latents.spatialFactor();
        return JoinedPipeline.mostTogether(generation.resolved().settings().heightPx() / factor, generation.resolved().settings().widthPx() / factor);
    }

    /** As far as that is known without trying. */
    private boolean runsOnGpu(final Generation generation) {
        final ProviderChoice choice = ProviderChoice.parse(generation.request().provider());
        return open.get().map(SessionCache::providers).filter(providers -> providers.knows(choice))
            .filter(providers -> providers.resolve(choice).get(0) != ExecutionProvider.CPU).isPresent();
    }

    @Override
    public void run(final List<? extends Seat<Generation, List<DiffusionResult>>> seats) {
        seats.forEach(seat -> seat.job().progress().notes().started(plan.index()));
        try {
            runNow(seats);
        }
        finally {
            // Whoever has not ended waits once more; this run is no part of the wait.
            seats.forEach(seat -> seat.job().progress().notes().queued());
        }
    }

    private void runNow(final List<? extends Seat<Generation, List<DiffusionResult>>> seats) {
        watcher.accept(name());
        final Runnable afterStep = () -> watcher.accept(name());
        if (seats.size() > 1) {
            runner.runTogether(seats, afterStep);
            return;
        }
        final Seat<Generation, List<DiffusionResult>> seat = seats.get(0);
        final Generation generation = seat.job();
        generation.progress().begin(generation.listener(), afterStep);
        seat.done(runner.run(seat.waited() ? runner.upToDate(generation) : generation, seat.cancel()));
    }

    @Override
    public void close() {
        close.run();
    }
}
