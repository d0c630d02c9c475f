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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

import net.diffusionj.InvalidInputException;

/**
 * Finds out which execution providers work, and adds them to session options. What a build of ONNX Runtime was compiled with says nothing of the
 * machine, so a provider counts as working only after a session with it has run a tiny graph. Each is tried once.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class ExecutionProviders {

    private static final Logger LOG = System.getLogger(ExecutionProviders.class.getName());

    private final OnnxEnvironment onnx;
    private final Map<ExecutionProvider, ProviderReport> reports = new EnumMap<>(ExecutionProvider.class);
    private boolean fallbackLogged;

    /** @param onnx the runtime to ask */
    public ExecutionProviders(final OnnxEnvironment onnx) {
        this.onnx = onnx;
    }

    /**
     * Says whether a provider works here.
     *
     * @param provider which one
     * @return the report; tried at the first call, remembered for later ones
     */
    public synchronized ProviderReport report(final ExecutionProvider provider) {
        return reports.computeIfAbsent(provider, this::lookThenTry);
    }

    /** Proving CUDA unpacks half a gigabyte: not on a machine that has no NVIDIA driver, unless CUDA is asked for by name. */
    private ProviderReport lookThenTry(final ExecutionProvider provider) {
        if (provider == ExecutionProvider.CUDA) {
            final Optional<String> absence = NvidiaDriver.absence();
            if (absence.isPresent()) return new ProviderReport(provider, false, absence.get());
        }
        return tryOut(provider);
    }

    /**
     * Turns a user's choice into what to add to a session, in order, the CPU last.
     *
     * @param choice what the user asked for
     * @return the providers
     * @throws InvalidInputException if a provider asked for by name does not work here
     */
    public synchronized List<ExecutionProvider> resolve(final ProviderChoice choice) {
        if (choice == ProviderChoice.CPU) return List.of(ExecutionProvider.CPU);
        final ProviderReport cuda = choice == ProviderChoice.CUDA ? proven(ExecutionProvider.CUDA) : report(ExecutionProvider.CUDA);
        if (cuda.works()) return List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU);
        if (choice == ProviderChoice.CUDA) {
            throw new InvalidInputException("CUDA cannot be used here: " + cuda.reason() + " Use --provider auto or cpu to run on the CPU.");
        }
        if (!fallbackLogged) {
            fallbackLogged = true;
            LOG.log(Level.INFO, "Running on the CPU: {0}", cuda.reason());
        }
        return List.of(ExecutionProvider.CPU);
    }

    /** For a provider asked for by name an assumption from a cheap look is not enough: the attempt names the missing library. */
    private ProviderReport proven(final ExecutionProvider provider) {
        final ProviderReport known = reports.get(provider);
        if (known == null || !known.works()) reports.put(provider, tryOut(provider));
        return reports.get(provider);
    }

    /**
     * Adds a provider to the options of a session to come.
     *
     * @param options owned by the caller
     * @param provider the one to add; the CPU is always there and adds nothing
     * @throws OrtException if ONNX Runtime refuses it
     */
    void add(final SessionOptions options, final ExecutionProvider provider) throws OrtException {
        if (provider != ExecutionProvider.CUDA) return;
        onnx.natives().unpackCuda();
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
            options.addCUDA(cuda);
        }
    }

    private ProviderReport tryOut(final ExecutionProvider provider) {
        if (provider == ExecutionProvider.CUDA && !onnx.natives().carriesCuda()) {
            return new ProviderReport(provider, false, "this build of DiffusionJ carries ONNX Runtime without CUDA (onnxruntime_gpu has it, on Linux"
                + " and Windows x64).");
        }
        try (SessionOptions options = new SessionOptions()) {
            add(options, provider);
            try (OrtSession session = onnx.environment().createSession(probeGraph(), options)) {
                final boolean right = computesRight(session);
                return new ProviderReport(provider, right, right ? "" : "it computed wrong numbers for a tiny test graph.");
            }
        }
        catch (final OrtException e) {
            return new ProviderReport(provider, false, ProviderFailure.inPlainWords(e.getMessage()));
        }
    }

    /** The graph of {@code scripts/fixtures/probe.py}: a convolution, a MatMul and a Relu, which turn 0, 1, …, 31 into max(0, 4 row − 3 − column). */
    private boolean computesRight(final OrtSession session) throws OrtException {
        final String input = session.getInputNames().iterator().next();
        final FloatBuffer values = ByteBuffer.allocateDirect(32 * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        for (int i = 0; i < values.capacity(); i++) values.put(i, i);
        try (OnnxTensor x = OnnxTensor.createTensor(onnx.environment(), values, new long[] {1, 2, 4, 4});
            OrtSession.Result result = session.run(Map.of(input, x))) {
            final float[][] y = ((float[][][][]) result.get(0).getValue())[0][0];
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    if (y[row][column] != Math.max(0, 4 * row - 3 - column)) return false;
                }
            }
            return true;
        }
    }

    private static byte[] probeGraph() {
        try (InputStream in = ExecutionProviders.class.getResourceAsStream("probe.onnx")) {
            return in.readAllBytes();
        }
        catch (final IOException e) {
            throw new UncheckedIOException("probe.onnx is missing from the DiffusionJ jar", e);
        }
    }
}
