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
package net.diffusionj.train.step;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.config.PredictionType;
import net.diffusionj.scheduler.config.SchedulerChoice;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.noise.NoiseSchedule;

/**
 * How noise was put on the pictures that a model was trained on, and what the model answers. Immutable.
 *
 * @param schedule how much of a picture is left at each timestep
 * @param prediction what the model predicts
 */
public record NoiseLaw(NoiseSchedule schedule, PredictionType prediction) {

    /**
     * @param folder a model
     * @return its law, as its {@code scheduler_config.json} has it
     * @throws InvalidInputException if the file says nothing that can be used
     */
    public static NoiseLaw of(final ModelFolder folder) {
        try {
            final SchedulerKind kind = SchedulerChoice.of(folder.schedulerConfig()).kind().orElse(SchedulerKind.DPMPP_2M);
            final SchedulerConfig config = SchedulerConfig.of(kind, SchedulerChoice.settings(kind, folder.schedulerConfig()));
            return new NoiseLaw(NoiseSchedule.ofAlphas(config.betas()), config.prediction());
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException("The model " + folder.root() + " cannot be tuned. In scheduler/scheduler_config.json " + e.getMessage(), e);
        }
    }

    /** @return the number of timesteps */
    public int timesteps() {
        return schedule.trainSteps();
    }

    /**
     * Puts noise on latents: sqrt(alpha) · clean + sqrt(1 − alpha) · noise.
     *
     * @param clean latents
     * @param noise standard normal numbers, as many
     * @param timestep 0 to {@link #timesteps()} − 1
     * @param into filled from {@code offset}
     * @param offset first number to write
     */
    public void noisy(final float[] clean, final float[] noise, final int timestep, final float[] into, final int offset) {
        mix(signal(timestep), clean, spread(timestep), noise, into, offset);
    }

    /**
     * Writes what the model should answer: the noise, the clean latents, or the velocity of Salimans and Ho (2022), sqrt(alpha) · noise − sqrt(1 − alpha) · clean.
     *
     * @param clean latents
     * @param noise standard normal numbers, as many
     * @param timestep 0 to {@link #timesteps()} − 1
     * @param into filled from {@code offset}
     * @param offset first number to write
     */
    public void target(final float[] clean, final float[] noise, final int timestep, final float[] into, final int offset) {
        switch (prediction) {
            case EPSILON -> System.arraycopy(noise, 0, into, offset, noise.length);
            case SAMPLE -> System.arraycopy(clean, 0, into, offset, clean.length);
            case V_PREDICTION -> mix(-spread(timestep), clean, signal(timestep), noise, into, offset);
        }
    }

    private static void mix(final float a, final float[] one, final float b, final float[] other, final float[] into, final int offset) {
        for (int i = 0; i < one.length; i++) into[offset + i] = a * one[i] + b * other[i];
    }

    private float signal(final int timestep) {
        return (float) Math.sqrt(schedule.alphaCumprod(timestep));
    }

    private float spread(final int timestep) {
        return (float) Math.sqrt(1 - schedule.alphaCumprod(timestep));
    }
}
