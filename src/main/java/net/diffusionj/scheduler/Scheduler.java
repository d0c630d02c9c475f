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

import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SchedulerKind;

/** Makes plans of denoising runs. Immutable and thread-safe. */
public interface Scheduler {

    /** @return which scheduler this is */
    SchedulerKind kind();

    /** @return what it was made from */
    SchedulerConfig config();

    /**
     * Plans a run from pure noise.
     *
     * @param steps 1 to the number of training steps; LCM takes at most its {@code original_inference_steps}
     * @return the plan
     * @throws IllegalArgumentException if the steps are out of range or this configuration cannot make a run of them
     */
    SchedulePlan schedule(int steps);

    /**
     * Plans a run from a noised image. It begins at {@code steps - min(floor(steps * strength), steps)}, as diffusers' image-to-image
     * pipelines do. A run that has nothing to do, as with strength 0, begins at {@link SchedulePlan#modelCalls()}: leave the image as it is.
     *
     * @param steps as for {@link #schedule}
     * @param strength 0 (keep the image) to 1 (keep nothing)
     * @param guidanceDistilled whether the model takes guidance as an input, as LCM UNets do. LCM then spreads all its steps over the part
     *            of the noise that the strength leaves, as diffusers' {@code LatentConsistencyModelImg2ImgPipeline} does; other schedulers
     *            do not look at it
     * @return the plan and where to begin
     * @throws IllegalArgumentException if the steps or the strength are out of range
     */
    StartedPlan scheduleFrom(int steps, double strength, boolean guidanceDistilled);
}
