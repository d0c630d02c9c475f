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

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import ai.onnxruntime.OrtException;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.memory.NativeHeap;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.rewrite.HalfModels;
import net.diffusionj.ort.rewrite.OptimisedBuilding;
import net.diffusionj.ort.rewrite.OptimisedModels;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.OnnxSession.Form;

/**
 * Opens models: large ones from their optimised form on the disk where there is one, and leaves one behind where there is none. Thread-safe.
 */
final class ModelOpener {

    private static final Logger LOG = System.getLogger(ModelOpener.class.getName());

    private final OnnxEnvironment onnx;
    private final ExecutionProviders available;
    private final Optional<OptimisedModels> optimised;
    private final HalfModels halfModels;
    private final Int8Choice int8;

    ModelOpener(final OnnxEnvironment onnx, final ExecutionProviders available, final Optional<OptimisedModels> optimised) {
        this.onnx = onnx;
        this.available = available;
        this.optimised = optimised;
        this.halfModels = new HalfModels(onnx.home(), available.options().half().cacheBytes());
        this.int8 = new Int8Choice(onnx, available);
    }

    /**
     * @param file the model
     * @param bytes its size, weights included
     * @param providers which to add, in order of preference
     * @return an open session
     */
    OnnxSession open(final Path file, final long bytes, final List<ExecutionProvider> providers) {
        final Path source = modelFor(file, providers);
        final Optional<Path> smaller = int8.of(file, source, providers);
        if (smaller.isPresent()) return OnnxSession.open(onnx, file, Form.int8(smaller.get()), available, providers);
        if (optimised.isEmpty() || !optimised.get().gains(bytes, providers)) return asGiven(file, source, providers);
        final String key = optimised.get().key(source, providers);
        return ready(file, key, providers).or(() -> build(file, source, bytes, key, providers)).orElseGet(() -> asGiven(file, source, providers));
    }

    /** A CPU gets a model that computes in float16 rewritten to compute in float32, GPUs get every model as it is. */
    private Path modelFor(final Path model, final List<ExecutionProvider> providers) {
        final boolean rewrite = available.options().half().rewriteForCpu() && providers.equals(List.of(ExecutionProvider.CPU));
        return rewrite ? float32(model).orElse(model) : model;
    }

    /**
     * @param model an ONNX file
     * @return the same model computing in float32; empty if it does so itself
     */
    Optional<Path> float32(final Path model) {
        return halfModels.float32(model);
    }

    /** Where what was made from a model is damaged it is made anew, once; where that does not open either, the model is opened as it is, from then on. */
    private OnnxSession asGiven(final Path file, final Path source, final List<ExecutionProvider> providers) {
        try {
            return OnnxSession.open(onnx, file, Form.asGiven(source), available, providers);
        }
        catch (final InsufficientMemoryException e) {
            throw e;
        }
        catch (final DiffusionJException e) {
            if (source.equals(file)) throw e;
            LOG.log(Level.WARNING, "{0} did not open and is made again: {1}", source, e.getMessage());
            halfModels.discard(source);
            return again(file, modelFor(file, providers), providers);
        }
    }

    private OnnxSession again(final Path file, final Path source, final List<ExecutionProvider> providers) {
        try {
            return OnnxSession.open(onnx, file, Form.asGiven(source), available, providers);
        }
        catch (final InsufficientMemoryException e) {
            throw e;
        }
        catch (final DiffusionJException e) {
            // What ONNX Runtime has not refused may open the next time.
            if (source.equals(file) || !(e.getCause() instanceof OrtException)) throw e;
            LOG.log(Level.WARNING, "{0} does not open when rewritten to float32, so it is opened as it is: {1}", file, e.getMessage());
            halfModels.giveUp(source);
            return OnnxSession.open(onnx, file, Form.asGiven(file), available, providers);
        }
    }

    private Optional<OnnxSession> ready(final Path file, final String key, final List<ExecutionProvider> providers) {
        final Optional<Path> model = optimised.get().find(key);
        if (model.isEmpty()) return Optional.empty();
        try {
            return Optional.of(OnnxSession.open(onnx, file, Form.optimised(model.get()), available, providers));
        }
        catch (final InsufficientMemoryException e) {
            throw e;
        }
        catch (final DiffusionJException e) {
            LOG.log(Level.WARNING, "The optimised model {0} did not open and is built again: {1}", model.get(), e.getMessage());
            optimised.get().discard(key);
            return Optional.empty();
        }
    }

    /** An entry that does not open although it was written in full is not tried again: building costs time at every start otherwise. */
    private Optional<OnnxSession> build(final Path file, final Path source, final long bytes, final String key, final List<ExecutionProvider> providers) {
        final Optional<OptimisedBuilding> begun = optimised.get().begin(key, bytes);
        if (begun.isEmpty()) return Optional.empty();
        try (OptimisedBuilding building = begun.get()) {
            OnnxSession.open(onnx, file, Form.saving(source, building.model()), available, providers).close();
            NativeHeap.trim();
            building.commit();
            final Optional<OnnxSession> session = ready(file, key, providers);
            if (session.isEmpty()) building.giveUp();
            return session;
        }
        catch (final DiffusionJException | IOException e) {
            LOG.log(Level.INFO, "No optimised model of {0} was made: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }
}
