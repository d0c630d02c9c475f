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
import net.diffusionj.scheduler.noise.NoiseLevels;
import net.diffusionj.scheduler.noise.NoiseSource;
import net.diffusionj.scheduler.noise.SigmaSchedule;

/** Euler's method over sigmas: algorithm 2 of <a href="https://arxiv.org/abs/2206.00364">Karras et al. 2022</a> without churn. */
final class EulerScheduler extends AbstractScheduler {

    EulerScheduler(final SchedulerConfig config) {
        super(config);
    }

    @Override
    SchedulePlan plan(final int steps) {
        final SigmaSchedule schedule = SigmaSchedule.of(config(), steps);
        final double initial = ArrayPlan.initialNoiseSigma(schedule, config().timesteps().spacing());
        return new ArrayPlan(steps, schedule.timesteps(), NoiseLevels.ofSigmas(schedule), initial, false,
            begin -> new Run(begin, schedule));
    }

    private final class Run extends AbstractRun {

        private final float[] sigmas;
        private float[] clean = {};

        Run(final int beginIndex, final SigmaSchedule schedule) {
            super(beginIndex, schedule.timesteps().length);
            this.sigmas = schedule.sigmas();
        }

        private Run(final Run other) {
            super(other);
            this.sigmas = other.sigmas;
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
            final float sigma = sigmas[stepIndex];
            final float change = sigmas[stepIndex + 1] - sigma;
            Predictions.clean(config().prediction(), sigma, sampleInPlace, modelOutput, clean);
            for (int i = 0; i < sampleInPlace.length; i++) {
                sampleInPlace[i] += (sampleInPlace[i] - clean[i]) / sigma * change;
            }
        }
    }
}
