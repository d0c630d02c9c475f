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

import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.noise.FloatMath;
import net.diffusionj.scheduler.noise.NoiseLevels;
import net.diffusionj.scheduler.noise.NoiseSchedule;
import net.diffusionj.scheduler.noise.NoiseSource;

/**
 * Latent consistency models: each step predicts the clean latents at once and noises them again, a little less.
 * <a href="https://arxiv.org/abs/2310.04378">Luo et al. 2023</a>, algorithm 4.
 */
final class LcmScheduler extends AbstractScheduler {

    /** The deviation of the data that the boundary condition was derived for. */
    private static final float SIGMA_DATA = 0.5f;

    private final NoiseSchedule schedule;

    LcmScheduler(final SchedulerConfig config) {
        super(config);
        this.schedule = NoiseSchedule.ofAlphas(config.betas());
    }

    @Override
    void requireUsable(final StartedPlan started) {
        // Clipping makes clean latents of what was divided by nothing, as in diffusers.
        if (!config().clip().clip() || config().clip().threshold()) {
            schedule.requireSignal(config().prediction(), started.timesteps());
        }
    }

    @Override
    SchedulePlan plan(final int steps) {
        return plan(steps, 1);
    }

    @Override
    StartedPlan startedPlan(final int steps, final double strength, final boolean guidanceDistilled) {
        if (!guidanceDistilled) {
            return super.startedPlan(steps, strength, false);
        }
        if (strength == 0) {
            final SchedulePlan whole = plan(steps);
            return new StartedPlan(whole, whole.modelCalls());
        }
        return new StartedPlan(plan(steps, strength), 0);
    }

    private SchedulePlan plan(final int steps, final double strength) {
        final int originalSteps = config().lcm().originalSteps();
        final int usable = (int) (originalSteps * strength);
        if (steps > usable) {
            throw new IllegalArgumentException("LCM takes at most " + usable + " steps here (original_inference_steps " + originalSteps
                + " times strength " + strength + "), but " + steps + " were asked for.");
        }
        final int stride = schedule.trainSteps() / originalSteps;
        final int[] whole = new int[steps];
        Arrays.setAll(whole, i -> (usable - (int) Math.floor(i * (usable / (double) steps))) * stride - 1);
        final double[] timesteps = Arrays.stream(whole).asDoubleStream().toArray();
        return new ArrayPlan(steps, timesteps, NoiseLevels.ofAlphas(schedule, timesteps), 1, true, begin -> new Run(begin, whole));
    }

    private final class Run extends AbstractRun {

        private final int[] timesteps;
        private float[] clean = {};

        Run(final int beginIndex, final int[] timesteps) {
            super(beginIndex, timesteps.length);
            this.timesteps = timesteps;
        }

        private Run(final Run other) {
            super(other);
            this.timesteps = other.timesteps;
        }

        @Override
        public SchedulerRun copy() {
            return new Run(this);
        }

        @Override
        void advance(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
            if (clean.length != size()) {
                clean = new float[size()];
            }
            final int timestep = timesteps[stepIndex];
            final float alpha = schedule.alphaCumprod(timestep);
            Predictions.clean(config().prediction(), FloatMath.sqrt(alpha), FloatMath.sqrt(1 - alpha), sampleInPlace, modelOutput, clean);
            Clipping.applyInPlace(config().clip(), clean);

            final float scaled = timestep * (float) config().lcm().timestepScaling();
            final float variance = scaled * scaled + SIGMA_DATA * SIGMA_DATA;
            final float skip = SIGMA_DATA * SIGMA_DATA / variance;
            final float out = scaled / FloatMath.sqrt(variance);
            for (int i = 0; i < sampleInPlace.length; i++) {
                sampleInPlace[i] = out * clean[i] + skip * sampleInPlace[i];
            }
            if (stepIndex < timesteps.length - 1) {
                final float alphaNext = schedule.alphaCumprod(timesteps[stepIndex + 1]);
                final float signalNext = FloatMath.sqrt(alphaNext);
                final float noiseNext = FloatMath.sqrt(1 - alphaNext);
                final float[] noise = drawn(source);
                for (int i = 0; i < sampleInPlace.length; i++) {
                    sampleInPlace[i] = signalNext * sampleInPlace[i] + noiseNext * noise[i];
                }
            }
        }
    }
}
