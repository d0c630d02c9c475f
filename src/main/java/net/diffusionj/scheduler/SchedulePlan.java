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

/**
 * The timesteps and noise levels of a run, addressed by step index: 0 is the noisiest step, {@link #modelCalls()} - 1 the last. Immutable
 * and thread-safe; any number of runs may be started from one plan.
 */
public interface SchedulePlan {

    /** @return the steps that were asked for */
    int steps();

    /** @return how many times a whole run calls the model; PNDM calls it more often than there are steps */
    int modelCalls();

    /**
     * @param stepIndex 0 to {@link #modelCalls()} - 1
     * @return the timestep that the model is told, which may be fractional
     */
    double trainTimestep(int stepIndex);

    /** @return what standard normal noise is multiplied by to become the latents of step 0 */
    double initialNoiseSigma();

    /** @return whether a run draws noise */
    boolean stochastic();

    /**
     * @param stepIndex 0 to {@link #modelCalls()} - 1
     * @return what the latents are multiplied by to become the model's input
     */
    float inputScale(int stepIndex);

    /**
     * Noises clean latents to the level that a step starts from: the {@code add_noise} of diffusers.
     *
     * @param original clean latents, in any order
     * @param noise standard normal, as many values
     * @param stepIndex 0 to {@link #modelCalls()} - 1
     * @param destination receives as many values; may be {@code original} or {@code noise}
     */
    void addNoise(float[] original, float[] noise, int stepIndex, float[] destination);

    /**
     * Starts a run of one image.
     *
     * @param beginIndex the first step of it, 0 to {@link #modelCalls()}
     * @return a run with a history of its own
     */
    SchedulerRun start(int beginIndex);
}
