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
package net.diffusionj.ort;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.OnnxSession.Form;

/**
 * Opens models: large ones from their optimised form on the disk where there is one, and leaves one behind where there is none. Thread-safe.
 */
final class ModelOpener {

    private static final Logger LOG = System.getLogger(ModelOpener.class.getName());

    private final OnnxEnvironment onnx;
    private final ExecutionProviders available;
    private final Optional<OptimisedModels> optimised;

    ModelOpener(final OnnxEnvironment onnx, final ExecutionProviders available, final Optional<OptimisedModels> optimised) {
        this.onnx = onnx;
        this.available = available;
        this.optimised = optimised;
    }

    /**
     * @param file the model
     * @param bytes its size, weights included
     * @param providers which to add, in order of preference
     * @return an open session
     */
    OnnxSession open(final Path file, final long bytes, final List<ExecutionProvider> providers) {
        if (optimised.isEmpty() || !optimised.get().gains(bytes, providers)) return asGiven(file, providers);
        final String key = optimised.get().key(file, providers);
        return ready(file, key, providers).or(() -> build(file, bytes, key, providers)).orElseGet(() -> asGiven(file, providers));
    }

    private OnnxSession asGiven(final Path file, final List<ExecutionProvider> providers) {
        return OnnxSession.open(onnx, file, available, providers);
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
    private Optional<OnnxSession> build(final Path file, final long bytes, final String key, final List<ExecutionProvider> providers) {
        final Optional<OptimisedModels.Building> begun = optimised.get().begin(key, bytes);
        if (begun.isEmpty()) return Optional.empty();
        try (OptimisedModels.Building building = begun.get()) {
            OnnxSession.open(onnx, file, Form.saving(file, building.model()), available, providers).close();
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
