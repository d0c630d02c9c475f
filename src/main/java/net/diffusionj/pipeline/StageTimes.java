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
package net.diffusionj.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Adds up where the time of one run goes. Nanoseconds inside, milliseconds out.
 * <p>
 * Not thread-safe; written by the thread that runs the pipeline.
 * </p>
 */
public final class StageTimes {

    private static final double NANOS_PER_MILLI = 1e6;

    private long textNanos;
    private long denoiseNanos;
    private long decodeNanos;
    private long modelNanos;
    private final List<Double> stepMillis = new ArrayList<>();

    /** @param other what it counted so far is counted here too */
    void add(final StageTimes other) {
        textNanos += other.textNanos;
        denoiseNanos += other.denoiseNanos;
        decodeNanos += other.decodeNanos;
        modelNanos += other.modelNanos;
        stepMillis.addAll(other.stepMillis);
    }

    void addText(final long nanos) {
        textNanos += nanos;
    }

    void addDenoise(final long nanos) {
        denoiseNanos += nanos;
    }

    /** @param work belongs to the denoising
     *  @param <T> its result
     *  @return what it made */
    <T> T denoising(final Supplier<T> work) {
        final long start = System.nanoTime();
        final T made = work.get();
        addDenoise(System.nanoTime() - start);
        return made;
    }

    void addStep(final long nanos) {
        stepMillis.add(nanos / NANOS_PER_MILLI);
    }

    void addDecode(final long nanos) {
        decodeNanos += nanos;
    }

    void addModel(final long nanos) {
        modelNanos += nanos;
    }

    /** @return tokens and embeddings */
    public double textMillis() {
        return textNanos / NANOS_PER_MILLI;
    }

    /** @return the denoising loop */
    public double denoiseMillis() {
        return denoiseNanos / NANOS_PER_MILLI;
    }

    /** @return each denoising step, in the order they ran */
    public List<Double> stepMillis() {
        return List.copyOf(stepMillis);
    }

    /** @return latents to pixels */
    public double decodeMillis() {
        return decodeNanos / NANOS_PER_MILLI;
    }

    /** @return inside ONNX Runtime, over all stages */
    public double modelMillis() {
        return modelNanos / NANOS_PER_MILLI;
    }
}
