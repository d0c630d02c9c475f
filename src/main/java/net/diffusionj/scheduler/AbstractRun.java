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
package net.diffusionj.scheduler;

import net.diffusionj.scheduler.noise.NoiseSource;

/** What all runs share: steps come in order and every array has the size of the first. */
abstract class AbstractRun implements SchedulerRun {

    private final int endIndex;
    private int nextIndex;
    private int size = -1;
    private float[] noise = {};

    /**
     * @param beginIndex the first step
     * @param endIndex the index after the last step
     */
    AbstractRun(final int beginIndex, final int endIndex) {
        this.nextIndex = beginIndex;
        this.endIndex = endIndex;
    }

    /**
     * Begins where another run is; the subclass copies its history.
     *
     * @param other not changed
     */
    AbstractRun(final AbstractRun other) {
        this.nextIndex = other.nextIndex;
        this.endIndex = other.endIndex;
        this.size = other.size;
    }

    @Override
    public final void step(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
        if (stepIndex != nextIndex || stepIndex >= endIndex) {
            throw new IllegalArgumentException("The next step of this run is " + nextIndex + " of " + endIndex + ", but step " + stepIndex
                + " was asked for.");
        }
        final int expected = size < 0 ? sampleInPlace.length : size;
        if (modelOutput.length != expected || sampleInPlace.length != expected) {
            throw new IllegalArgumentException("Model output and latents must have " + expected + " values each, but have "
                + modelOutput.length + " and " + sampleInPlace.length + ".");
        }
        size = expected;
        advance(stepIndex, modelOutput, sampleInPlace, source);
        nextIndex++;
    }

    /** Takes a step whose arguments have been checked. */
    abstract void advance(int stepIndex, float[] modelOutput, float[] sampleInPlace, NoiseSource source);

    /** @return how many values the latents have */
    final int size() {
        return size;
    }

    /** @return fresh noise of the size of the latents, in an array that the next call overwrites */
    final float[] drawn(final NoiseSource source) {
        if (noise.length != size) {
            noise = new float[size];
        }
        source.fill(noise);
        return noise;
    }
}
