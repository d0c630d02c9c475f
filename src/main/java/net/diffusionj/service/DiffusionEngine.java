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

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.JavaErrors;
import net.diffusionj.PathNames;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ProgramEndsException;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.service.queue.Dispatcher;
import net.diffusionj.service.queue.QueueLimits;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.queue.Ticket;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecorder;
import net.diffusionj.service.record.HealthWarning;
import net.diffusionj.service.remote.ServerAddress;
import net.diffusionj.service.settings.QueueSettings;
import net.diffusionj.service.settings.Settings;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.service.steps.StepsTable;
import net.diffusionj.service.steps.StepsTables;

/**
 * Runs requests: everything that can be asked without SciJava, hence the length. Holds what stays open between them: ONNX Runtime (loaded at first use), sessions, tokenizers. Needs no SciJava context; the
 * command line uses it directly, {@link DiffusionService} wraps it.
 * <p>
 * Thread-safe. Requests share the instances that the setting {@code instances} gives, one by default, in the order of the {@link Dispatcher}: two at once on one
 * processor would only share it, and take twice the memory. Those that are alike go through a model together.
 * </p>
 */
public final class DiffusionEngine implements AutoCloseable {

    private static final QueueLimits FIRST_LIMITS = new QueueLimits(QueueSettings.DEFAULTS.mostWaiting(), QueueSettings.DEFAULTS.mostTogether(), 0);

    private final OpenModels models;
    private final Reuse reuse;
    private final SettingsFile settings;
    private final Dispatcher<Generation, List<DiffusionResult>> queue = new Dispatcher<>(FIRST_LIMITS);
    private final Instances instances;
    private final SessionCaches own;
    private final ModelContent content;
    private final StepsTables steps;
    private final Function<Settings, SessionCache> sessions;
    private final GenerationRecorder recorder;
    private final ServerChoice servers;
    private final RecordedRuns records;
    /** The cache that was asked for last. */
    private volatile Optional<SessionCache> used = Optional.empty();

    /** @param home the DiffusionJ home, made at first use if it is not there */
    public DiffusionEngine(final Path home) {
        this(home, new Reuse());
    }

    /**
     * @param home the DiffusionJ home, made at first use if it is not there
     * @param reuse what runs leave for one another; the engine's from now on, closed with it
     */
    public DiffusionEngine(final Path home, final Reuse reuse) {
        this(home, reuse, Optional.empty(), instance -> {}, Optional.empty());
    }

    /**
     * @param home the DiffusionJ home, made at first use if it is not there
     * @param reuse what runs leave for one another; the engine's from now on, closed with it
     * @param watcher is told an instance's name before each of its runs and after each step, on the thread that runs; what it throws is that instance's failure.
     *            For tests of what happens then
     */
    public DiffusionEngine(final Path home, final Reuse reuse, final Consumer<String> watcher) {
        this(home, reuse, Optional.empty(), watcher, Optional.empty());
    }

    /**
     * @param home the DiffusionJ home, made at first use if it is not there
     * @param watcher is told an instance's name before each of its runs and after each step
     * @param machine what the instances are planned for; its GPUs may be made up, and the providers that are found here do their work
     */
    DiffusionEngine(final Path home, final Consumer<String> watcher, final InstancePlan.Machine machine) {
        this(home, new Reuse(), Optional.empty(), watcher, Optional.of(machine));
    }

    /**
     * @param home the DiffusionJ home, made at first use if it is not there
     * @param reuse what runs leave for one another; the engine's from now on, closed with it
     * @param shared gives sessions that are somebody else's; empty for sessions of its own, closed with it
     */
    DiffusionEngine(final Path home, final Reuse reuse, final Optional<Supplier<SessionCache>> shared) {
        this(home, reuse, shared, instance -> {}, Optional.empty());
    }

    private DiffusionEngine(final Path home, final Reuse reuse, final Optional<Supplier<SessionCache>> shared, final Consumer<String> watcher,
        final Optional<InstancePlan.Machine> machine) {
        this.reuse = reuse;
        this.models = new OpenModels(home);
        final ModelHashes hashes = new ModelHashes(home);
        this.settings = new SettingsFile(home);
        this.servers = new ServerChoice(settings);
        this.own = new SessionCaches(home, hashes);
        this.content = new ModelContent(hashes);
        this.steps = new StepsTables(home);
        this.sessions = now -> {
            used = Optional.of(shared.map(Supplier::get).orElseGet(() -> own.with(now)));
            return used.get();
        };
        this.instances = new Instances(models, reuse, new Instances.Place(home, hashes, settings::load, machine),
            new Instances.SharedSessions(sessions, () -> shared.isPresent() ? shared.map(Supplier::get) : own.current()), watcher, queue);
        this.recorder = new GenerationRecorder(home, ResultSettings.version(), this::sessionsNow);
        this.records = new RecordedRuns(recorder, settings::load);
    }

    /**
     * Runs a request; returns when it has ended.
     *
     * @param request what to make
     * @param listener is told of progress, on this thread
     * @param cancel stops the work, also inside a model call
     * @return the result, or that it was cancelled
     * @throws net.diffusionj.service.queue.QueueFullException if too many requests wait already
     */
    public DiffusionOutcome generate(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return begin(request, listener, cancel).get();
    }

    /**
     * Takes a request's place in the queue.
     *
     * @param request what to make
     * @param listener is told of progress
     * @param cancel stops the wait and the work
     * @return to be called once, on the thread that is to be told of progress: waits for the outcome as {@link #generate} does
     */
    Supplier<DiffusionOutcome> begin(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        final Supplier<List<DiffusionOutcome>> outcomes = begin(new BranchRequest(request, 0, List.of(PipelineBranch.UNCHANGED)), listener, cancel);
        return () -> outcomes.get().get(0);
    }

    /**
     * Runs several requests that share their first steps; returns when they have ended.
     *
     * @param request what to make
     * @param listener is told of progress, on this thread
     * @param cancel stops the work, also inside a model call
     * @return one outcome a branch, in their order; all of them cancelled if the work was
     */
    public List<DiffusionOutcome> branch(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return begin(request, listener, cancel).get();
    }

    private Supplier<List<DiffusionOutcome>> begin(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        // The record of a run on a server is the server's: it is in the result, and in the server's log.
        return inPlainWords(() -> servers.begin(request, listener, cancel)).orElseGet(() -> beginHere(request, listener, cancel));
    }

    private Supplier<List<DiffusionOutcome>> beginHere(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        final Progress progress = new Progress(listener, records.begin(request.base()));
        final Ticket<Generation, List<DiffusionResult>> ticket =
            records.orFailed(progress, () -> inPlainWords(() -> enqueue(request, listener, progress, cancel)));
        return () -> records.run(progress, () -> made(ticket, cancel), () -> stage(progress, ticket),
            (results, record) -> results.stream().map(result -> result.recorded(record, progress.warnings())).toList())
            .map(results -> results.stream().<DiffusionOutcome>map(DiffusionOutcome.Completed::new).toList())
            .orElseGet(() -> Collections.nCopies(request.branches().size(), new DiffusionOutcome.Cancelled(stage(progress, ticket))));
    }

    /** Makes every image on this computer from now on, whatever the setting {@code server} says.
     *  @return this */
    public DiffusionEngine here() {
        servers.here();
        return this;
    }

    /** Model calls of this program go on while it ends, until this is taken back: for those who finish their work first.
     *  @param finishes whether somebody does */
    public static void finishesWorkAtExit(final boolean finishes) {
        if (finishes) System.setProperty(OnnxEnvironment.FINISHING_PROPERTY, "yes");
        else System.clearProperty(OnnxEnvironment.FINISHING_PROPERTY);
    }

    private static Optional<List<DiffusionResult>> made(final Ticket<Generation, List<DiffusionResult>> ticket, final CancelToken cancel) {
        try {
            return Optional.of(inPlainWords(ticket::await));
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled() && !(e instanceof ProgramEndsException)) throw e;
            return Optional.empty();
        }
    }

    private static Stage stage(final Progress progress, final Ticket<Generation, List<DiffusionResult>> ticket) {
        return progress.stage() == Stage.STARTING && ticket.hasWaited() ? Stage.WAITING : progress.stage();
    }

    private Ticket<Generation, List<DiffusionResult>> enqueue(final BranchRequest request, final DiffusionListener listener, final Progress progress,
        final CancelToken cancel) {
        final long start = System.nanoTime();
        final ResolvedRun resolved = RequestRunner.resolve(request.base(), models);
        final String caller = request.base().caller().orElseGet(() -> "thread " + Thread.currentThread().getId());
        RunNotes.resolved(progress.notes(), resolved, request.branches().size());
        instances.refresh();
        // Until here it has read its model and the settings, which counts as loading.
        progress.notes().queued();
        return queue.enqueue(new Generation(request, resolved, listener, progress, caller, System.nanoTime() - start), cancel, (ahead, expectedMillis) -> {
            if (progress.stage() != Stage.WAITING) progress.stage(Stage.WAITING);
            listener.waiting(ahead, expectedMillis);
        });
    }

    private static <T> T inPlainWords(final Supplier<T> work) {
        try {
            return work.get();
        }
        catch (final OutOfMemoryError e) {
            throw new InsufficientMemoryException(JavaErrors.inPlainWords(e), e);
        }
        catch (final StackOverflowError e) {
            throw JavaErrors.explained(e);
        }
        catch (final InvalidPathException e) {
            throw PathNames.refused(e);
        }
    }

    /** @return who waits, what runs, and for how long still */
    public QueueSnapshot queue() {
        return queue.snapshot();
    }

    private static <T> T explained(final Supplier<T> work) {
        try {
            return work.get();
        }
        catch (final OutOfMemoryError | StackOverflowError e) {
            throw JavaErrors.explained(e);
        }
        catch (final InvalidPathException e) {
            throw PathNames.refused(e);
        }
    }

    private SessionCache sessions() {
        return sessions.apply(settings());
    }

    /**
     * Reads the settings, anew each time: a change holds from the next generation on.
     *
     * @return what is set now
     * @throws net.diffusionj.InvalidInputException if something is set that cannot be used
     */
    public Settings settings() {
        return explained(settings::load);
    }

    /**
     * Tells what a model uses where a request leaves a choice open. Opens no session.
     *
     * @param model name of an installed model or path of a model folder; empty for the default model
     * @return its defaults
     */
    public ModelDefaults defaults(final String model) {
        return explained(() -> servers.defaults(model).orElseGet(() -> RunDefaults.of(models.describe(model))));
    }

    /**
     * Describes a model without opening it.
     *
     * @param model name or folder; empty for the default model
     * @return the folder's description
     */
    public ModelFolder describe(final String model) {
        if (ServerAddress.isAddress(model)) {
            throw new InvalidInputException("The model " + model + " is on a server, and what its files hold is not told from there. Ask on that computer.");
        }
        return explained(() -> models.describe(model));
    }

    /**
     * Tells one model from another by what its files hold. Reads them once; opens no session.
     *
     * @param model name or folder; empty for the default model
     * @return 64 hexadecimal digits
     */
    public String modelHash(final String model) {
        return explained(() -> servers.modelHash(model).orElseGet(() -> content.hash(models.describe(model))));
    }

    /**
     * Opens a model, its VAE encoder too, for work that is no generation, on the calling thread and beside what is queued.
     *
     * @param model name or folder; empty for the default model
     * @param provider id of a {@link net.diffusionj.ort.provider.ProviderChoice}
     * @param cancel ends the wait for a part
     * @param work done with the model open
     * @param <T> what comes of it
     * @return what came of it
     */
    public <T> T withModel(final String model, final String provider, final CancelToken cancel, final ModelWork<T> work) {
        return inPlainWords(() -> new ModelAccess(models, reuse, sessions, settings::load).with(models.describe(model), ProviderChoice.parse(provider),
            PartRole.always(true), cancel, work));
    }

    /**
     * Lends any ONNX file, for work that is no generation.
     *
     * @param file an ONNX file
     * @param provider id of a {@link net.diffusionj.ort.provider.ProviderChoice}
     * @return the lease, to be closed by the caller
     */
    public SessionLease lease(final Path file, final String provider) {
        return inPlainWords(() -> sessions().lease(file, ProviderChoice.parse(provider)));
    }

    /**
     * Tells what {@code bench --quality} has found of a model on this machine; of a model on another one, nothing. Reads no large model for it.
     *
     * @param model name or folder; empty for the default model
     * @return what was measured; empty if nothing was
     */
    public Optional<StepsTable> measuredSteps(final String model) {
        return explained(() -> servers.isElsewhere(model) ? Optional.empty() : content.hashIfCheap(models.describe(model)).flatMap(steps::of));
    }

    /** @return sessions that are open now, those of every instance */
    public List<OpenSession> sessionsNow() {
        return caches().flatMap(cache -> cache.open().stream()).toList();
    }

    private Stream<SessionCache> caches() {
        return Stream.concat(used.stream(), instances.sessions().stream()).distinct();
    }

    /**
     * @param model a file that is open
     * @param keep whether it is to stay open while nobody uses it, in every instance
     */
    public void pin(final Path model, final boolean keep) {
        caches().forEach(cache -> {
            if (keep) cache.pin(model);
            else cache.unpin(model);
        });
    }

    /** @return records of the latest generations, the latest last */
    public List<GenerationRecord> records() {
        return recorder.latest();
    }

    /** @return everything that was warned of since this was made */
    public List<HealthWarning> healthWarnings() {
        return recorder.warnings();
    }

    /** @param states of the machine's GPUs now, which somebody has looked at */
    public void look(final List<GpuState> states) {
        recorder.look(states);
    }

    /** @return the models in the home */
    public InstalledModels installedModels() {
        return models.installed();
    }

    /** @return which execution providers this machine has; loads ONNX Runtime if nothing has yet */
    public ExecutionProviders providers() {
        return sessions().providers();
    }

    /**
     * Finds out what can run models on this machine, by trying.
     *
     * @param retry whether to try again those whose library once ended the program
     * @return a report on each provider
     */
    public List<ProviderReport> providerReports(final boolean retry) {
        final ExecutionProviders providers = providers();
        if (retry) providers.retryCrashed();
        return providers.reports();
    }

    /** @return ONNX Runtime's version; loads it if nothing has yet */
    public String runtimeVersion() {
        return sessions().onnx().version();
    }

    /** @return whether this is ONNX Runtime's GPU build, with CUDA and TensorRT; loads it if nothing has yet */
    public boolean runtimeHasCuda() {
        return sessions().onnx().natives().carriesCuda();
    }

    /** @return sessions of its own that are open now */
    int openSessions() {
        return own.current().map(SessionCache::size).orElse(0) + instances.sessions().stream().mapToInt(SessionCache::size).sum();
    }

    /** Closes the sessions of its own that nobody uses and forgets embeddings and noise. The next generation makes its own again. */
    public void releaseMemory() {
        reuse.clear();
        own.current().ifPresent(SessionCache::closeIdle);
        instances.sessions().forEach(SessionCache::closeIdle);
    }

    /** Cancels what runs, waits for it to stop, and closes everything. Later requests are refused. */
    @Override
    public void close() {
        final boolean interrupted = queue.end();
        synchronized (this) {
            // Parts that were still being opened come back before what holds them is closed.
            reuse.close();
            models.close();
            own.close();
            recorder.close();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
