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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import net.diffusionj.DiffusionJException;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ExecutionProviders;
import net.diffusionj.ort.OnnxEnvironment;
import net.diffusionj.ort.ProviderChoice;
import net.diffusionj.ort.SessionCache;
import net.diffusionj.pipeline.DiffusionPipeline;
import net.diffusionj.pipeline.LoadedModel;
import net.diffusionj.pipeline.PipelineResult;

/**
 * Runs requests. Holds what stays open between them: ONNX Runtime (loaded at first use), sessions, tokenizers. Needs no SciJava context; the
 * command line uses it directly, {@link DiffusionService} wraps it.
 * <p>
 * Thread-safe. Requests run one after the other, in the order they came: two at once would only share the same processors and twice the memory.
 * </p>
 */
public final class DiffusionEngine implements AutoCloseable {

    private static final long CANCEL_POLL_MILLIS = 50;

    private final Path home;
    private final OpenModels models;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Set<CancelToken> running = new HashSet<>();
    private SessionCache sessions;
    private boolean closed;

    /** @param home the DiffusionJ home, made at first use if it is not there */
    public DiffusionEngine(final Path home) {
        this.home = home;
        this.models = new OpenModels(home);
    }

    /**
     * Runs a request on the calling thread.
     *
     * @param request what to make
     * @param listener is told of progress, on this thread
     * @param cancel stops the work, also inside a model call
     * @return the result, or that it was cancelled
     */
    public DiffusionOutcome generate(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        final Progress progress = new Progress(listener);
        try {
            begin(cancel);
            try {
                takeTurn(progress, cancel);
                try {
                    return new DiffusionOutcome.Completed(run(request, progress, cancel));
                }
                finally {
                    turn.unlock();
                }
            }
            finally {
                end(cancel);
            }
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            return new DiffusionOutcome.Cancelled(progress.stage());
        }
    }

    private synchronized void begin(final CancelToken cancel) {
        if (closed) throw new DiffusionJException("DiffusionJ was shut down; start ImageJ or the program again.");
        running.add(cancel);
    }

    private synchronized void end(final CancelToken cancel) {
        running.remove(cancel);
        notifyAll();
    }

    private void takeTurn(final Progress progress, final CancelToken cancel) {
        if (turn.tryLock()) return;
        progress.stage("waiting for another generation");
        try {
            while (!turn.tryLock(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS)) cancel.throwIfCancelled();
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel.cancel();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        }
    }

    private DiffusionResult run(final DiffusionRequest request, final Progress progress, final CancelToken cancel) {
        final long start = System.nanoTime();
        cancel.throwIfCancelled();
        progress.stage("loading model");
        final ProviderChoice provider = ProviderChoice.parse(request.provider());
        final ResolvedRun resolved = ResolvedRun.of(request, models.describe(request.model()));
        resolved.warnings().forEach(progress::warning);
        if (resolved.leavesSourceUnchanged()) return UnchangedSource.result(request, resolved, progress, start);
        final SessionCache cache = sessions();
        try (LoadedModel model = LoadedModel.open(resolved.folder(), models.tokenizer(resolved.folder()), cache, provider,
            resolved.source().isPresent())) {
            final double loadMillis = (System.nanoTime() - start) / 1e6;
            final PipelineResult made = new DiffusionPipeline(model, resolved.pipeline(), progress, cancel).run();
            made.warnings().forEach(progress::warning);
            return ResultMaker.make(request, resolved, made, model.provider(), cache.onnx().version(), progress.warnings(), loadMillis, start);
        }
    }

    private synchronized SessionCache sessions() {
        if (sessions == null) {
            final OnnxEnvironment onnx = OnnxEnvironment.load(home);
            sessions = new SessionCache(onnx, new ExecutionProviders(onnx));
        }
        return sessions;
    }

    /**
     * Tells what a model uses where a request leaves a choice open. Opens no session.
     *
     * @param model name of an installed model or path of a model folder; empty for the default model
     * @return its defaults
     */
    public ModelDefaults defaults(final String model) {
        return RunDefaults.of(models.describe(model));
    }

    /**
     * Describes a model without opening it.
     *
     * @param model name or folder; empty for the default model
     * @return the folder's description
     */
    public ModelFolder describe(final String model) {
        return models.describe(model);
    }

    /** @return the models in the home */
    public InstalledModels installedModels() {
        return models.installed();
    }

    /** @return which execution providers this machine has; loads ONNX Runtime if nothing has yet */
    public ExecutionProviders providers() {
        return sessions().providers();
    }

    /** @return ONNX Runtime's version; loads it if nothing has yet */
    public String runtimeVersion() {
        return sessions().onnx().version();
    }

    /** @return sessions that are open now */
    public synchronized int openSessions() {
        return sessions == null ? 0 : sessions.size();
    }

    /** Closes the sessions that nobody uses. The next generation opens its own again. */
    public void releaseMemory() {
        final Optional<SessionCache> cache;
        synchronized (this) {
            cache = Optional.ofNullable(sessions);
        }
        cache.ifPresent(SessionCache::closeIdle);
    }

    /** Cancels what runs, waits for it to stop, and closes everything. Later requests are refused. */
    @Override
    public void close() {
        final List<CancelToken> toCancel;
        synchronized (this) {
            closed = true;
            toCancel = new ArrayList<>(running);
        }
        toCancel.forEach(CancelToken::cancel);
        boolean interrupted = false;
        synchronized (this) {
            while (!running.isEmpty()) {
                try {
                    wait();
                }
                catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
            models.close();
            if (sessions != null) sessions.close();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
