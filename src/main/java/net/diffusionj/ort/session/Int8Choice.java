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
import java.util.OptionalDouble;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.Sha256;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.rewrite.Int8Models;
import net.diffusionj.ort.rewrite.Int8Models.Verdict;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.OnnxSession.Form;

/**
 * Decides whether a model's form in int8 is opened in its place: on the CPU, where it is there, wanted, and the faster one. The first time on a machine both
 * are opened and a few calls of each are timed. Thread-safe.
 */
final class Int8Choice {

    private static final Logger LOG = System.getLogger(Int8Choice.class.getName());
    /** Key of the SHA-256 of the float model's ONNX file, as {@code scripts/optimize} writes it. */
    private static final String MADE_OF = "made_of";

    private final OnnxEnvironment onnx;
    private final ExecutionProviders available;
    private final Int8Models models;

    Int8Choice(final OnnxEnvironment onnx, final ExecutionProviders available) {
        this.onnx = onnx;
        this.available = available;
        this.models = new Int8Models(onnx.home(), onnx.version());
    }

    /**
     * @param file a model
     * @param source what is opened for it where its form in int8 is not
     * @param providers what it is to run on
     * @return the form in int8, if that is to be opened
     */
    Optional<Path> of(final Path file, final Path source, final List<ExecutionProvider> providers) {
        if (!available.options().cpu().int8() || !providers.equals(List.of(ExecutionProvider.CPU))) return Optional.empty();
        return Int8Models.of(file).filter(int8 -> {
            final String how = available.options().cpu().toString();
            return models.known(file, int8, how).orElseGet(() -> measured(file, source, int8, how)).pays();
        });
    }

    private Verdict measured(final Path file, final Path source, final Path int8, final String how) {
        try {
            final Verdict verdict = compared(file, source, int8);
            models.keep(file, int8, how, verdict);
            LOG.log(Level.INFO, "{0}: {1} ms a call, {2} ms in int8, which is {3}used.", file, verdict.usualMillis(), verdict.int8Millis().orElseThrow(),
                verdict.pays() ? "" : "not ");
            return verdict;
        }
        catch (final InsufficientMemoryException e) {
            throw e;
        }
        catch (final DiffusionJException e) {
            LOG.log(Level.WARNING, "{0} cannot be compared with the model that it stands beside, and is not used: {1}", int8, e.getMessage());
            final Verdict none = new Verdict(0, OptionalDouble.empty());
            models.keep(file, int8, how, none);
            return none;
        }
    }

    private Verdict compared(final Path file, final Path source, final Path int8) {
        final OnnxSession usual = open(file, source);
        try {
            final OnnxSession other = open(int8, int8);
            try {
                checkMadeOf(file, other);
                final List<Double> millis = CallTimes.millis(List.of(usual, other));
                return new Verdict(millis.get(0), OptionalDouble.of(millis.get(1)));
            }
            finally {
                other.close();
            }
        }
        finally {
            usual.close();
        }
    }

    /** A file that was left behind when the model beside it was replaced computes something else. */
    private static void checkMadeOf(final Path file, final OnnxSession int8) {
        try {
            final Optional<String> of = int8.metadata(MADE_OF);
            if (of.isPresent() && !of.get().equals(Sha256.of(file))) {
                throw new DiffusionJException("It was made of another " + file.getFileName() + ": remove it, or make it again with scripts.optimize.quantize.");
            }
        }
        catch (final IOException e) {
            throw new DiffusionJException(file + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    private OnnxSession open(final Path file, final Path source) {
        return OnnxSession.open(onnx, file, Form.asGiven(source), available, List.of(ExecutionProvider.CPU));
    }
}
