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

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.onnxruntime.OrtException;

import net.diffusionj.ort.runtime.NativeWork;
import net.diffusionj.ort.runtime.OrtFailures;
import net.diffusionj.ort.runtime.TensorSpec;

/** Times calls of sessions of one model on made-up inputs, small ones where the graph leaves sizes open. Stateless. */
final class CallTimes {

    private static final int CALLS = 8;
    /** Of a large model fewer calls, which tell as much. */
    private static final double ENOUGH_MILLIS = 2000;
    private static final int BATCH = 2;
    private static final int SIDE = 16;
    private static final double NANOS_PER_MILLI = 1e6;

    private CallTimes() {}

    /**
     * The sessions take turns, so that a busy machine is as hard on each. A first turn is not counted.
     *
     * @param sessions of one model
     * @return milliseconds of the fastest call of each
     * @throws net.diffusionj.DiffusionJException if one of them does not run
     */
    static List<Double> millis(final List<OnnxSession> sessions) {
        final double[] fastest = new double[sessions.size()];
        Arrays.fill(fastest, Double.POSITIVE_INFINITY);
        final long start = System.nanoTime();
        sessions.forEach(CallTimes::call);
        for (int turn = 0; turn < CALLS && (turn == 0 || (System.nanoTime() - start) / NANOS_PER_MILLI < ENOUGH_MILLIS); turn++) {
            for (int i = 0; i < fastest.length; i++) fastest[i] = Math.min(fastest[i], call(sessions.get(i)));
        }
        return Arrays.stream(fastest).boxed().toList();
    }

    @SuppressWarnings("try") // the call is entered, not used
    private static double call(final OnnxSession session) {
        final Map<String, TensorBuffer> given = new LinkedHashMap<>();
        try (NativeWork.Call call = session.onnx().work().begin()) {
            for (final TensorSpec spec : session.inputs()) given.put(spec.name(), filled(session, spec));
            final long start = System.nanoTime();
            session.session().run(TensorBuffer.tensors(given)).close();
            return (System.nanoTime() - start) / NANOS_PER_MILLI;
        }
        catch (final OrtException e) {
            throw OrtFailures.running(session.file(), given.values().stream().map(one -> Arrays.toString(one.shape())).toList(), session.inputs(), e);
        }
        finally {
            given.values().forEach(TensorBuffer::close);
        }
    }

    /** A wave, since zeros may be computed faster than what a model sees. */
    private static TensorBuffer filled(final OnnxSession session, final TensorSpec spec) {
        final long[] shape = new long[spec.rank()];
        for (int d = 0; d < shape.length; d++) {
            final long declared = spec.shape().get(d);
            shape[d] = declared >= 0 ? declared : d == 0 ? BATCH : SIDE;
        }
        final TensorBuffer buffer = new TensorBuffer(session.onnx(), spec, shape);
        if (!spec.type().isFloat()) buffer.fill(1);
        else {
            final float[] wave = new float[buffer.size()];
            for (int i = 0; i < wave.length; i++) wave[i] = (float) Math.sin(i);
            buffer.put(wave);
        }
        return buffer;
    }
}
