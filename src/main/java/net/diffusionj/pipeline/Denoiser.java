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

import net.diffusionj.ort.CancelToken;
import net.diffusionj.scheduler.SchedulePlan;
import net.diffusionj.scheduler.StartedPlan;

/** The loop: predict, step, tell. */
final class Denoiser {

    private final NoisePredictor predictor;
    private final StartedPlan started;
    private final StageTimes times;

    Denoiser(final NoisePredictor predictor, final StartedPlan started, final StageTimes times) {
        this.predictor = predictor;
        this.started = started;
        this.times = times;
    }

    /** Is told after every step; may look at the latents, not change them. */
    @FunctionalInterface
    interface Observer {
        /** @param step steps done, from 1
         *  @param steps steps in all
         *  @param inputScale brings the latents to unit variance */
        void stepped(int step, int steps, float inputScale);
    }

    /**
     * Denoises a group of images for some of the plan's steps.
     *
     * @param group at the noise level of the first index; goes on in place
     * @param firstIndex first step of the plan to take
     * @param endIndex index after the last one
     * @param last whether the UNet is not needed for a while afterwards
     * @param observer is told after every step
     * @param cancel looked at before every step and inside the model
     */
    void denoiseInPlace(final GroupState group, final int firstIndex, final int endIndex, final boolean last, final Observer observer,
        final CancelToken cancel) {
        final SchedulePlan plan = started.plan();
        final float[][] latents = group.latents();
        final float[][] predictions = new float[latents.length][latents[0].length];
        for (int index = firstIndex; index < endIndex; index++) {
            final long start = System.nanoTime();
            predictor.predict(latents, plan.inputScale(index), plan.trainTimestep(index), predictions, last && index + 1 == endIndex, cancel);
            for (int i = 0; i < latents.length; i++) group.runs()[i].step(index, predictions[i], latents[i], group.noise()[i]);
            times.addStep(System.nanoTime() - start);
            final float nextScale = index + 1 < plan.modelCalls() ? plan.inputScale(index + 1) : 1;
            observer.stepped(index + 1 - started.beginIndex(), started.remainingCalls(), nextScale);
        }
    }
}
