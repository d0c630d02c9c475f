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
package net.diffusionj.ort.provider;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.OnnxEnvironment;

/**
 * Finds out which execution providers work, and adds them to session options. A provider counts as working only after a session with it has run a
 * tiny graph. Each is tried once, and none before it is asked for. One whose library ended the program in an earlier attempt is left alone until
 * {@link #retryCrashed()}.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class ExecutionProviders {

    private static final Logger LOG = System.getLogger(ExecutionProviders.class.getName());

    /** What is tried by default, the fastest first. TensorRT is not among them: it builds engines for minutes. */
    private static final List<ExecutionProvider> AUTO = List.of(ExecutionProvider.CUDA, ExecutionProvider.DIRECTML, ExecutionProvider.COREML,
        ExecutionProvider.OPENVINO, ExecutionProvider.PLUGIN);

    private final OnnxEnvironment onnx;
    private final ProviderOptions options;
    private final ProviderLoader loader;
    private final ProviderAttempts attempts;
    private final Map<ExecutionProvider, ProviderReport> reports = new EnumMap<>(ExecutionProvider.class);
    private Optional<String> shortfall = Optional.empty();
    private boolean fallbackLogged;
    private Optional<List<ExecutionProvider>> automatic = Optional.empty();

    /**
     * @param onnx the runtime to ask
     * @param options how each provider is to work
     */
    public ExecutionProviders(final OnnxEnvironment onnx, final ProviderOptions options) {
        this(onnx, options, new OrtProviderLoader(onnx, options));
    }

    ExecutionProviders(final OnnxEnvironment onnx, final ProviderOptions options, final ProviderLoader loader) {
        this.onnx = onnx;
        this.options = options;
        this.loader = loader;
        this.attempts = new ProviderAttempts(onnx.home(), "onnxruntime-" + onnx.version());
    }

    /** @param onnx the runtime to ask; all providers work as {@link ProviderOptions#DEFAULTS} says */
    public ExecutionProviders(final OnnxEnvironment onnx) {
        this(onnx, ProviderOptions.DEFAULTS);
    }

    /**
     * Says whether a provider works here.
     *
     * @param provider which one
     * @return the report; tried at the first call, remembered for later ones
     */
    public synchronized ProviderReport report(final ExecutionProvider provider) {
        final ProviderReport known = reports.get(provider);
        if (known != null) return known;
        final ProviderReport found = absence(provider).map(reason -> ProviderReport.failing(provider, reason)).orElseGet(() -> tryOut(provider));
        reports.put(provider, found);
        return found;
    }

    /** @return a report on every provider there is; tries those that were not tried yet */
    public List<ProviderReport> reports() {
        return Arrays.stream(ExecutionProvider.values()).map(this::report).toList();
    }

    /** Forgets which providers ended the program in earlier attempts, and all reports, so that everything is tried again. */
    public synchronized void retryCrashed() {
        attempts.forgetCrashes();
        reports.clear();
        automatic = Optional.empty();
    }

    /**
     * Says why the automatic choice is slower than the machine could be: a GPU's driver is there, but its provider does not work.
     *
     * @return a sentence for the user; empty if all is well or the automatic choice was not made yet
     */
    public synchronized Optional<String> shortfall() {
        return shortfall;
    }

    /** A look that costs nothing: proving CUDA unpacks half a gigabyte, not on a machine that has no NVIDIA driver. */
    private Optional<String> absence(final ExecutionProvider provider) {
        return switch (provider) {
            case CPU -> Optional.empty();
            case CUDA, TENSORRT ->
                NvidiaDriver.absence().or(() -> onnx.natives().carriesCuda() ? Optional.empty() : absentFromBuild(provider, OrtProvider.CUDA));
            case DIRECTML -> absentFromBuild(provider, OrtProvider.DIRECT_ML);
            case OPENVINO -> absentFromBuild(provider, OrtProvider.OPEN_VINO);
            case COREML -> absentFromBuild(provider, OrtProvider.CORE_ML);
            case PLUGIN -> options.plugIns().isEmpty() ? Optional.of("no library is named in the setting provider.libraries.") : Optional.empty();
        };
    }

    private static Optional<String> absentFromBuild(final ExecutionProvider provider, final OrtProvider inBuild) {
        return OrtEnvironment.getAvailableProviders().contains(inBuild) ? Optional.empty() : Optional.of(ProviderFailure.absentFromBuild(provider));
    }

    /**
     * Turns a user's choice into what to add to a session, in order, the CPU last.
     *
     * @param choice what the user asked for
     * @return the providers
     * @throws InvalidInputException if a provider asked for by name does not work here
     */
    public synchronized List<ExecutionProvider> resolve(final ProviderChoice choice) {
        final Optional<ExecutionProvider> named = choice.provider();
        if (named.isEmpty()) {
            if (automatic.isEmpty()) automatic = Optional.of(automatic());
            return automatic.get();
        }
        final ExecutionProvider provider = named.get();
        if (provider == ExecutionProvider.CPU) return List.of(ExecutionProvider.CPU);
        final ProviderReport report = proven(provider);
        if (!report.works()) {
            throw new InvalidInputException(sentence(provider.label()) + " cannot be used here: " + report.reason()
                + " Use --provider auto or cpu to run on the CPU.");
        }
        // What TensorRT does not take, CUDA runs faster than the CPU.
        final boolean withCuda = provider == ExecutionProvider.TENSORRT && report(ExecutionProvider.CUDA).works();
        return withCuda ? List.of(provider, ExecutionProvider.CUDA, ExecutionProvider.CPU) : List.of(provider, ExecutionProvider.CPU);
    }

    private List<ExecutionProvider> automatic() {
        for (final ExecutionProvider provider : AUTO) {
            if (report(provider).works()) return List.of(provider, ExecutionProvider.CPU);
            if (shortfall.isEmpty() && absence(provider).isEmpty()) {
                shortfall = Optional.of("Running on the CPU, because " + provider.label() + " does not work: " + report(provider).reason());
            }
        }
        if (shortfall.isEmpty() && !fallbackLogged) {
            fallbackLogged = true;
            LOG.log(Level.INFO, "Running on the CPU: {0}", report(ExecutionProvider.CUDA).reason());
        }
        return List.of(ExecutionProvider.CPU);
    }

    /** For a provider asked for by name an assumption from a cheap look is not enough: the attempt names the missing library. */
    private ProviderReport proven(final ExecutionProvider provider) {
        final ProviderReport known = reports.get(provider);
        final boolean guessed = known != null && !known.works() && absence(provider).isPresent();
        if (known == null || guessed) {
            reports.put(provider, provider == ExecutionProvider.PLUGIN ? report(provider) : tryOut(provider));
            automatic = Optional.empty();
        }
        return reports.get(provider);
    }

    /**
         * Sets up the options of a new session: threads, then the providers in order of preference.
         *
     * @param session owned by the caller
     * @param providers as {@link #resolve} gave them
     * @throws OrtException if ONNX Runtime refuses one
     */
    public void configure(final SessionOptions session, final List<ExecutionProvider> providers) throws OrtException {
        final ProviderOptions.Cpu cpu = options.cpu();
        if (cpu.threads() > 0) session.setIntraOpNumThreads(cpu.threads());
        if (!cpu.affinity().isEmpty()) session.addConfigEntry("session.intra_op_thread_affinities", cpu.affinity());
        if (!cpu.spinning()) session.addConfigEntry("session.intra_op.allow_spinning", "0");
        // Between the nodes of a run spinning helps; after it, the threads of one part would take the processors from the next part and from Java.
        session.addConfigEntry("session.force_spinning_stop", "1");
        for (final ExecutionProvider provider : providers) {
            if (provider != ExecutionProvider.CPU) loader.add(session, provider);
        }
    }

    /** @param choice what to run on
     *  @return whether {@link #resolve} knows the answer without trying a provider out, which may take seconds */
    public synchronized boolean knows(final ProviderChoice choice) {
        return choice.provider().map(provider -> provider == ExecutionProvider.CPU || reports.containsKey(provider)).orElse(automatic.isPresent());
    }

    /** @return how the providers work */
    public ProviderOptions options() {
        return options;
    }

    @SuppressWarnings("try") // the note is held for the time of the attempt, not used
    private ProviderReport tryOut(final ExecutionProvider provider) {
        final Optional<String> crash = attempts.crash(provider);
        if (crash.isPresent()) {
            return ProviderReport.failing(provider, "its library ended the whole program when it was tried (" + crash.get() + "), so it is skipped. Update the"
                + " driver or the library, then run 'diffusionj info --retry'.");
        }
        if ((provider == ExecutionProvider.CUDA || provider == ExecutionProvider.TENSORRT) && !onnx.natives().carriesCuda()) {
            return ProviderReport.failing(provider, ProviderFailure.absentFromBuild(provider));
        }
        try (SessionOptions session = new SessionOptions(); ProviderAttempts.Attempt attempt = begin(provider)) {
            final String device = provider == ExecutionProvider.CPU ? "" : loader.add(session, provider);
            return ProviderProbe.computesRight(onnx, session) ? ProviderReport.working(provider, device)
                : ProviderReport.failing(provider, "it computed wrong numbers for a tiny test graph.");
        }
        catch (final OrtException e) {
            return ProviderReport.failing(provider, new ProviderFailure(provider, InstalledLibraries.ofThisMachine()).inPlainWords(e.getMessage()));
        }
        catch (final DiffusionJException e) {
            return ProviderReport.failing(provider, e.getMessage());
        }
    }

    private ProviderAttempts.Attempt begin(final ExecutionProvider provider) {
        return provider == ExecutionProvider.CPU ? () -> {} : attempts.begin(provider);
    }

    private static String sentence(final String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
