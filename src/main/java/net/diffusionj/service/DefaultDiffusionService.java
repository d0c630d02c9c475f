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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

import net.diffusionj.CancelToken;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.HealthWarning;
import net.diffusionj.service.steps.StepsTable;

/**
 * {@link DiffusionService} for a SciJava context: a {@link DiffusionEngine} that lives as long as the context, on the sessions of
 * {@link OnnxSessionService}.
 */
@Plugin(type = Service.class)
public final class DefaultDiffusionService extends AbstractService implements DiffusionService {

    @Parameter
    private OnnxSessionService sessions;

    private DiffusionEngine engine;
    /** Takes places in the queue one after the other, so that requests keep their order. */
    private final ExecutorService entrance = Executors.newSingleThreadExecutor(task -> daemon(task, "DiffusionJ queue"));
    /** Each waits for one request. */
    private final ExecutorService waiting = Executors.newCachedThreadPool(task -> daemon(task, "DiffusionJ"));

    private static Thread daemon(final Runnable task, final String name) {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void initialize() {
        engine = new DiffusionEngine(DiffusionHome.locate(), new Reuse(), Optional.of(sessions::cache));
    }

    @Override
    public DiffusionOutcome generate(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return engine.generate(request, listener, cancel);
    }

    @Override
    public List<DiffusionOutcome> branch(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return engine.branch(request, listener, cancel);
    }

    @Override
    public CompletableFuture<DiffusionOutcome> submit(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        final String caller = request.caller().orElseGet(() -> "thread " + Thread.currentThread().getId());
        final DiffusionRequest named = request.with().caller(caller).build();
        return CompletableFuture.supplyAsync(() -> engine.begin(named, listener, cancel), entrance).thenApplyAsync(Supplier::get, waiting);
    }

    @Override
    public Optional<DiffusionEngine> engine() {
        return Optional.of(engine);
    }

    @Override
    public QueueSnapshot queue() {
        return engine.queue();
    }

    @Override
    public ModelDefaults defaults(final String model) {
        return engine.defaults(model);
    }

    @Override
    public Optional<StepsTable> measuredSteps(final String model) {
        return engine.measuredSteps(model);
    }

    @Override
    public String modelHash(final String model) {
        return engine.modelHash(model);
    }

    @Override
    public List<ProviderReport> providers(final boolean retry) {
        return sessions.providers(retry);
    }

    @Override
    public List<OpenSession> openSessions() {
        return engine.sessionsNow();
    }

    @Override
    public void pin(final Path model, final boolean keep) {
        engine.pin(model, keep);
    }

    @Override
    public List<GenerationRecord> records() {
        return engine.records();
    }

    @Override
    public List<HealthWarning> healthWarnings() {
        return engine.healthWarnings();
    }

    @Override
    public void look(final List<GpuState> states) {
        engine.look(states);
    }

    @Override
    public void releaseMemory() {
        engine.releaseMemory();
        sessions.release();
    }

    @Override
    public void dispose() {
        entrance.shutdown();
        // A context that could not give us our sessions disposes what it has made.
        if (engine != null) engine.close();
        waiting.shutdown();
    }
}
