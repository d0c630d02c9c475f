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

/**
 * The denoising of one image, with the history that multistep schedulers need. Steps are taken one after the other from the run's begin
 * index. Not thread-safe; an image of a batch needs a run and a noise source of its own.
 */
public interface SchedulerRun {

    /**
     * Takes one step.
     *
     * @param stepIndex the begin index at first, then one more each time
     * @param modelOutput the model's prediction for this image, after guidance; not kept and not changed
     * @param sampleInPlace the latents of this step, as many values, unscaled; they become those of the next
     * @param noise draws the noise of stochastic schedulers; the others do not touch it
     * @throws IllegalArgumentException if the step is not the next one or the sizes differ
     */
    void step(int stepIndex, float[] modelOutput, float[] sampleInPlace, NoiseSource noise);

    /**
     * Branches the run: the copy goes on from where this run is, with a history of its own, and neither sees what the other does.
     *
     * @return a run whose next step is this run's next step
     */
    SchedulerRun copy();
}
