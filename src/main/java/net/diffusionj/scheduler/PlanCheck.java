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

import java.util.Arrays;

import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * Tries a plan on a handful of numbers: betas beyond reason, and settings that exclude each other, give noise levels of infinity or NaN, and the model
 * would be blamed for what comes of them.
 */
public final class PlanCheck {

    private static final float[] LATENTS = {1, -1, 0.5f, 0};
    private static final float[] PREDICTION = {0.5f, -0.5f, 1, -1};

    private PlanCheck() {}

    /**
     * @param plan about to be run
     * @param beginIndex its first step
     * @throws IllegalArgumentException if finite latents and predictions do not stay finite in it
     */
    public static void requireFinite(final SchedulePlan plan, final int beginIndex) {
        final SchedulerRun run = plan.start(beginIndex);
        final float[] latents = LATENTS.clone();
        for (int i = 0; i < latents.length; i++) latents[i] *= (float) plan.initialNoiseSigma();
        final TorchRandom noise = new TorchRandom(0);
        for (int index = beginIndex; index < plan.modelCalls(); index++) {
            require(latents, plan.inputScale(index), index);
            run.step(index, PREDICTION, latents, noise);
            require(latents, (float) plan.trainTimestep(index), index);
        }
    }

    private static void require(final float[] latents, final float factor, final int index) {
        for (final float value : latents) {
            if (Float.isFinite(value) && Float.isFinite(factor)) continue;
            throw new IllegalArgumentException("At step " + (index + 1) + " they give noise levels of infinity or NaN (" + Arrays.toString(latents)
                + "). Look at the betas, num_train_timesteps and rescale_betas_zero_snr, or copy the file from the model that this one was exported from.");
        }
    }
}
