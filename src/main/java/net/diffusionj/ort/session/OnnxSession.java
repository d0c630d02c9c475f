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
package net.diffusionj.ort.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ProgramEndsException;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.PlacementCheck;
import net.diffusionj.ort.rewrite.OptimisedModels;
import net.diffusionj.ort.runtime.ElementType;
import net.diffusionj.ort.runtime.NativeWork;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.runtime.OrtFailures;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * One open model: ONNX Runtime's session and what it says of its inputs and outputs. Owned by a {@link SessionCache}, which closes it when nobody
 * has it on lease; closing a session that runs would end the JVM.
 * <p>
 * Thread-safe: several threads may run it at once.
 * </p>
 */
final class OnnxSession {

    private static final Logger LOG = System.getLogger(OnnxSession.class.getName());
    private static final String SHRINKAGE = "memory.enable_memory_arena_shrinkage";

    private final OnnxEnvironment onnx;
    private final Path file;
    private final boolean int8;
    private final List<ExecutionProvider> providers;
    private final OrtSession session;
    private final FirstRunProfile profile;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final AtomicBoolean arenaUsed = new AtomicBoolean();
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastRunNanos;

    private OnnxSession(final OnnxEnvironment onnx, final Path file, final boolean int8, final List<ExecutionProvider> providers, final OrtSession session,
        final FirstRunProfile profile) throws OrtException {
        this.onnx = onnx;
        this.file = file;
        this.int8 = int8;
        this.providers = List.copyOf(providers);
        this.session = session;
        this.profile = profile;
        this.inputs = specs(session.getInputInfo());
        this.outputs = specs(session.getOutputInfo());
    }

    /**
     * Opens a model by its path, so that external data and files over 2 GB work.
     *
     * @param onnx the runtime
     * @param file the model
     * @param available adds providers to the session
     * @param providers which to add, in order of preference
     * @return the open session
     */
    static OnnxSession open(final OnnxEnvironment onnx, final Path file, final ExecutionProviders available,
        final List<ExecutionProvider> providers) {
        return open(onnx, file, Form.asGiven(file), available, providers);
    }

    /**
     * Opens one form of a model.
     *
     * @param onnx the runtime
     * @param file the model, by whose name the session goes
     * @param form what to read, and what to write on the way
     * @param available adds providers to the session
     * @param providers which to add, in order of preference
     * @return the open session
     */
    @SuppressWarnings("try") // the call is entered, not used
    static OnnxSession open(final OnnxEnvironment onnx, final Path file, final Form form, final ExecutionProviders available,
        final List<ExecutionProvider> providers) {
        try (NativeWork.Call call = onnx.work().begin(); SessionOptions options = new SessionOptions()) {
            form.apply(options);
            available.configure(options, providers);
            final boolean onGpu = providers.get(0) != ExecutionProvider.CPU;
            final FirstRunProfile profile = FirstRunProfile.begin(options, file, onGpu ? available.options().placement() : PlacementCheck.OFF);
            final OrtSession session = onnx.environment().createSession(form.source().toString(), options);
            try {
                return new OnnxSession(onnx, file, form.int8(), providers, session, profile);
            }
            catch (final OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        }
        catch (final OrtException e) {
            if (onnx.work().isEnding()) throw ended(e);
            throw OrtFailures.opening(file, e);
        }
    }

    private static ProgramEndsException ended(final OrtException failure) {
        final ProgramEndsException end = new ProgramEndsException();
        end.initCause(failure);
        return end;
    }

    /**
     * Which file of a model is read, and whether it is optimised already.
     *
     * @param source the file to read
     * @param optimised whether the graph is to be taken as it is
     * @param int8 whether it computes in int8 what the model computes in float
     * @param saveTo where the optimised graph is to be written, with its weights beside it
     */
    record Form(Path source, boolean optimised, boolean int8, Optional<Path> saveTo) {

        private static final String SMALLEST_OUTSIDE = "1024";

        static Form asGiven(final Path file) {
            return new Form(file, false, false, Optional.empty());
        }

        static Form int8(final Path file) {
            return new Form(file, false, true, Optional.empty());
        }

        static Form saving(final Path file, final Path target) {
            return new Form(file, false, false, Optional.of(target));
        }

        static Form optimised(final Path source) {
            return new Form(source, true, false, Optional.empty());
        }

        private void apply(final SessionOptions options) throws OrtException {
            options.setOptimizationLevel(optimised ? SessionOptions.OptLevel.NO_OPT : SessionOptions.OptLevel.ALL_OPT);
            if (saveTo.isEmpty()) return;
            options.setOptimizedModelFilePath(saveTo.get().toString());
            options.addConfigEntry("session.optimized_model_external_initializers_file_name", OptimisedModels.WEIGHTS);
            options.addConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", SMALLEST_OUTSIDE);
            options.addConfigEntry("session.save_external_prepacked_constant_initializers", "1");
        }
    }

    private static List<TensorSpec> specs(final Map<String, NodeInfo> nodes) {
        final List<TensorSpec> specs = new ArrayList<>();
        for (final NodeInfo node : nodes.values()) {
            if (node.getInfo() instanceof TensorInfo tensor) {
                specs.add(new TensorSpec(node.getName(), elementType(tensor.type), Arrays.stream(tensor.getShape()).boxed().toList()));
            }
            else specs.add(new TensorSpec(node.getName(), ElementType.OTHER, List.of()));
        }
        return List.copyOf(specs);
    }

    private static ElementType elementType(final OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT32;
            case FLOAT16 -> ElementType.FLOAT16;
            case DOUBLE -> ElementType.FLOAT64;
            case INT32 -> ElementType.INT32;
            case INT64 -> ElementType.INT64;
            case BOOL -> ElementType.BOOL;
            default -> ElementType.OTHER;
        };
    }

    OnnxEnvironment onnx() {
        return onnx;
    }

    Path file() {
        return file;
    }

    /** @return whether it computes in int8 what the model's own file computes in float */
    boolean int8() {
        return int8;
    }

    List<ExecutionProvider> providers() {
        return providers;
    }

    OrtSession session() {
        return session;
    }

    /** @param key of what the model's maker wrote into the file
     *  @return the text; empty if there is none */
    Optional<String> metadata(final String key) {
        try {
            return Optional.ofNullable(session.getMetadata().getCustomMetadata().get(key));
        }
        catch (final OrtException e) {
            throw OrtFailures.opening(file, e);
        }
    }

    List<TensorSpec> inputs() {
        return inputs;
    }

    List<TensorSpec> outputs() {
        return outputs;
    }

    /** @return learns from the first run where the nodes run */
    FirstRunProfile profile() {
        return profile;
    }

    /** Has a later run free at its end what it and earlier ones have taken. */
    void shrinkAtTheEndOf(final RunOptions options) throws OrtException {
        options.addRunConfigEntry(SHRINKAGE, providers.contains(ExecutionProvider.CUDA) ? "cpu:0;gpu:0" : "cpu:0");
    }

    /** A run begins; {@link #ran} is its end. */
    void runs() {
        running.incrementAndGet();
    }

    /** @param shrunk whether a run has just given back what runs had taken; if not, {@link #shrinkArena} may */
    void ran(final boolean shrunk) {
        arenaUsed.set(!shrunk);
        lastRunNanos = System.nanoTime();
        running.decrementAndGet();
    }

    /** @param time longer than 0
     *  @return whether no run is under way, none has ended for so long, and the last one has left something */
    boolean hasRested(final Duration time) {
        return arenaUsed.get() && running.get() == 0 && System.nanoTime() - lastRunNanos >= time.toNanos();
    }

    /**
     * Frees what runs have left in the session's arenas. ONNX Runtime shrinks them at the end of a run that asks for it, also of one that is told to
     * stop before its first node; so this is such a run, on inputs of one element.
     */
    void shrinkArena() {
        if (!arenaUsed.getAndSet(false) || !inputs.stream().allMatch(spec -> spec.type().isFloat() || spec.type().isInteger())) return;
        onnx.work().unlessEnding(this::runForShrinkage);
    }

    private void runForShrinkage() {
        final Map<String, TensorBuffer> given = new LinkedHashMap<>();
        try (RunOptions options = new RunOptions()) {
            for (final TensorSpec spec : inputs) {
                given.put(spec.name(), new TensorBuffer(onnx, spec, spec.shape().stream().mapToLong(size -> Math.max(1, size)).toArray()));
            }
            shrinkAtTheEndOf(options);
            options.setTerminate(true);
            session.run(TensorBuffer.tensors(given), session.getOutputNames(), options).close();
        }
        catch (final OrtException e) {
            if (!e.getMessage().contains("terminate flag")) LOG.log(Level.DEBUG, "The memory of {0} was not shrunk: {1}", file, e.getMessage());
        }
        finally {
            given.values().forEach(TensorBuffer::close);
        }
    }

    /** Called by the cache alone, when no lease is out. */
    void close() {
        onnx.work().unlessEnding(this::closeNow);
    }

    private void closeNow() {
        try {
            session.close();
        }
        catch (final OrtException e) {
            throw new DiffusionJException("ONNX Runtime could not close " + file + ": " + e.getMessage(), e);
        }
        finally {
            profile.close();
        }
    }
}
