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
import net.diffusionj.scheduler.noise.Timesteps;

/** Denoising diffusion implicit models: formulas 12 and 16 of <a href="https://arxiv.org/abs/2010.02502">Song et al. 2020</a>. */
final class DdimScheduler extends AbstractScheduler {

    private final NoiseSchedule schedule;

    DdimScheduler(final SchedulerConfig config) {
        super(config);
        this.schedule = NoiseSchedule.ofAlphas(config.betas());
    }

    @Override
    void requireUsable(final StartedPlan started) {
        schedule.requireSignal(config().prediction(), started.timesteps());
    }

    @Override
    SchedulePlan plan(final int steps) {
        final int[] whole = Timesteps.whole(config().timesteps(), schedule.trainSteps(), steps);
        final double[] timesteps = Arrays.stream(whole).asDoubleStream().toArray();
        final NoiseLevels levels = NoiseLevels.ofAlphas(schedule, timesteps);
        final int stride = schedule.trainSteps() / steps;
        return new ArrayPlan(steps, timesteps, levels, 1, config().eta() > 0, begin -> new Run(begin, whole, stride));
    }

    private final class Run extends AbstractRun {

        private final int[] timesteps;
        private final int stride;
        private float[] clean = {};
        private float[] epsilon = {};

        Run(final int beginIndex, final int[] timesteps, final int stride) {
            super(beginIndex, timesteps.length);
            this.timesteps = timesteps;
            this.stride = stride;
        }

        private Run(final Run other) {
            super(other);
            this.timesteps = other.timesteps;
            this.stride = other.stride;
        }

        @Override
        public SchedulerRun copy() {
            return new Run(this);
        }

        @Override
        void advance(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
            if (clean.length != size()) {
                clean = new float[size()];
                epsilon = new float[size()];
            }
            final float alpha = schedule.alphaCumprod(timesteps[stepIndex]);
            final float alphaNext = alphaAt(timesteps[stepIndex] - stride);
            final float signal = FloatMath.sqrt(alpha);
            final float noise = FloatMath.sqrt(1 - alpha);
            Predictions.clean(config().prediction(), signal, noise, sampleInPlace, modelOutput, clean);
            Predictions.epsilon(config().prediction(), signal, noise, sampleInPlace, modelOutput, epsilon);
            Clipping.applyInPlace(config().clip(), clean);

            final float variance = (1 - alphaNext) / (1 - alpha) * (1 - alpha / alphaNext);
            final float deviation = (float) config().eta() * FloatMath.sqrt(variance);
            final float signalNext = FloatMath.sqrt(alphaNext);
            final float direction = FloatMath.sqrt(Math.max(1 - alphaNext - deviation * deviation, 0));
            for (int i = 0; i < sampleInPlace.length; i++) {
                sampleInPlace[i] = signalNext * clean[i] + direction * epsilon[i];
            }
            if (config().eta() > 0) {
                final float[] drawn = drawn(source);
                for (int i = 0; i < sampleInPlace.length; i++) {
                    sampleInPlace[i] += deviation * drawn[i];
                }
            }
        }

        private float alphaAt(final int timestep) {
            if (timestep >= 0) {
                return schedule.alphaCumprod(timestep);
            }
            return config().alphaToOne() ? 1 : schedule.alphaCumprod(0);
        }
    }
}
