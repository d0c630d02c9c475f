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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ProgramEndsException;
import net.diffusionj.ort.runtime.NativeWork;
import net.diffusionj.ort.runtime.OrtFailures;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * A model made ready to run again and again with inputs and outputs of fixed shapes: the buffers are made once, ONNX Runtime writes its outputs
 * straight into ours, and a {@link CancelToken} ends a run from within.
 * <p>
 * Not thread-safe; several calls of one lease may run side by side. Owned by the caller that asked the lease for it.
 * </p>
 */
public final class ModelCall implements AutoCloseable {

    private final OnnxSession session;
    private final Map<String, TensorBuffer> inputs = new LinkedHashMap<>();
    private final Map<String, TensorBuffer> outputs = new LinkedHashMap<>();
    private final Terminator terminator = new Terminator();
    private long runNanos;

    ModelCall(final OnnxSession session) {
        this.session = session;
    }

    /**
     * Makes an input of a shape.
     *
     * @param spec one of the lease's inputs
     * @param shape concrete dimensions; none for a scalar
     * @return the buffer to fill; owned by this call
     */
    public TensorBuffer input(final TensorSpec spec, final long... shape) {
        return make(inputs, spec, shape);
    }

    /**
     * Makes an output of a shape that the caller knows. An output left out is not computed.
     *
     * @param spec one of the lease's outputs
     * @param shape concrete dimensions
     * @return the buffer that every run fills; owned by this call
     */
    public TensorBuffer output(final TensorSpec spec, final long... shape) {
        return make(outputs, spec, shape);
    }

    private TensorBuffer make(final Map<String, TensorBuffer> buffers, final TensorSpec spec, final long... shape) {
        if (!fits(spec, shape)) {
            throw new DiffusionJException(session.file() + " takes " + spec + ", which " + Arrays.toString(shape)
                + " does not fit. The model was exported for other sizes; ask for those, or export it with open dimensions.");
        }
        final TensorBuffer buffer = new TensorBuffer(session.onnx(), spec, shape);
        final TensorBuffer before = buffers.put(spec.name(), buffer);
        if (before != null) before.close();
        return buffer;
    }

    private static boolean fits(final TensorSpec spec, final long... shape) {
        if (spec.rank() != shape.length) return false;
        for (int d = 0; d < shape.length; d++) {
            final long declared = spec.shape().get(d);
            if (declared >= 0 && declared != shape[d]) return false;
        }
        return true;
    }

    /**
     * Runs the model on what the inputs hold and fills the outputs.
     *
     * @param cancel ends the run early
     * @throws CancellationException if the token was cancelled before or during the run
     * @throws DiffusionJException if ONNX Runtime failed, or if heavy nodes fell back to the CPU and that is to be an error
     */
    public void run(final CancelToken cancel) {
        run(cancel, false);
    }

    /**
     * Runs the model as {@link #run(CancelToken)} does.
     *
     * @param cancel ends the run early
     * @param last whether the model is not needed again for a while: ONNX Runtime then frees at the end the memory that its runs have taken
     */
    @SuppressWarnings("try") // resources that are held for the time of the run, not used
    public void run(final CancelToken cancel, final boolean last) {
        cancel.throwIfCancelled();
        final Map<String, OnnxTensor> given = TensorBuffer.tensors(inputs);
        final Map<String, OnnxTensor> pinned = TensorBuffer.tensors(outputs);
        final NativeWork work = session.onnx().work();
        boolean shrunk = false;
        session.runs();
        final long start = System.nanoTime();
        try (NativeWork.Call call = work.begin();
            RunOptions options = new RunOptions();
            Terminator.Armed armed = terminator.arm(options);
            CancelToken.Registration registration = cancel.onCancel(terminator::terminate)) {
            call.stopWith(terminator::terminate);
            if (last) session.shrinkAtTheEndOf(options);
            session.session().run(given, Set.of(), pinned, options).close();
            runNanos += System.nanoTime() - start;
            shrunk = last;
        }
        catch (final OrtException e) {
            if (cancel.isCancelled()) throw (CancellationException) new CancellationException("cancelled inside " + session.file()).initCause(e);
            if (work.isEnding()) throw (CancellationException) new ProgramEndsException().initCause(e);
            throw OrtFailures.running(session.file(), describe(), session.inputs(), e);
        }
        finally {
            session.ran(shrunk);
        }
        session.profile().afterRun(session.session());
    }

    /** @return nanoseconds spent inside ONNX Runtime by all runs of this call */
    public long runNanos() {
        return runNanos;
    }

    private List<String> describe() {
        final List<String> found = new ArrayList<>();
        inputs.forEach((name, buffer) -> found.add(name + Arrays.toString(buffer.shape())));
        return found;
    }

    @Override
    public void close() {
        inputs.values().forEach(TensorBuffer::close);
        outputs.values().forEach(TensorBuffer::close);
        inputs.clear();
        outputs.clear();
    }
}
