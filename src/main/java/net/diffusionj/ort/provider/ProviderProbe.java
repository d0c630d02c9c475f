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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;

import net.diffusionj.ort.runtime.OnnxEnvironment;

/** Runs the tiny graph that proves a provider: what a build was compiled with says nothing of the machine. */
final class ProviderProbe {

    private ProviderProbe() {}

    /**
     * The graph of {@code scripts/fixtures/probe.py}: a convolution, a MatMul and a Relu, which turn 0, 1, …, 31 into max(0, 4 row − 3 − column).
     *
     * @param onnx the runtime
     * @param options with the provider added; owned by the caller
     * @return whether the numbers were right
     */
    static boolean computesRight(final OnnxEnvironment onnx, final SessionOptions options) throws OrtException {
        final FloatBuffer values = ByteBuffer.allocateDirect(32 * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        for (int i = 0; i < values.capacity(); i++) values.put(i, i);
        try (OrtSession session = onnx.environment().createSession(graph(), options);
            OnnxTensor x = OnnxTensor.createTensor(onnx.environment(), values, new long[] {1, 2, 4, 4});
            OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), x))) {
            final float[][] y = ((float[][][][]) result.get(0).getValue())[0][0];
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    if (y[row][column] != Math.max(0, 4 * row - 3 - column)) return false;
                }
            }
            return true;
        }
    }

    private static byte[] graph() {
        try (InputStream in = ProviderProbe.class.getResourceAsStream("probe.onnx")) {
            return in.readAllBytes();
        }
        catch (final IOException e) {
            throw new UncheckedIOException("probe.onnx is missing from the DiffusionJ jar", e);
        }
    }
}
