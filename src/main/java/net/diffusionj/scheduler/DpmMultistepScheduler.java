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

import net.diffusionj.scheduler.config.DpmConfig;
import net.diffusionj.scheduler.config.PredictionType;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SigmaConfig;
import net.diffusionj.scheduler.noise.NoiseLevels;
import net.diffusionj.scheduler.noise.NoiseSource;
import net.diffusionj.scheduler.noise.SigmaSchedule;

/**
 * DPM-Solver multistep: <a href="https://arxiv.org/abs/2211.01095">Lu et al. 2022</a> for the {@code ++} algorithms, which integrate the
 * predicted clean latents, and <a href="https://arxiv.org/abs/2206.00927">Lu et al. 2022</a> for those that integrate the predicted noise.
 */
final class DpmMultistepScheduler extends AbstractScheduler {

    /** Runs with fewer steps than this end with lower orders when {@code lower_order_final} is set. */
    private static final int FEW_STEPS = 15;

    DpmMultistepScheduler(final SchedulerConfig config) {
        super(config);
    }

    @Override
    SchedulePlan plan(final int steps) {
        final SigmaSchedule schedule = SigmaSchedule.forDpm(config(), steps);
        if (config().dpm().order() > 1) {
            schedule.requireFalling(kind(), steps);
        }
        final DpmLevel[] levels = new DpmLevel[schedule.sigmas().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = DpmLevel.of(schedule.sigmas()[i]);
        }
        final int calls = schedule.timesteps().length;
        final NoiseLevels noise = new NoiseLevels(new float[calls], new float[calls], new float[calls]);
        for (int i = 0; i < calls; i++) {
            noise.signal()[i] = levels[i].alpha();
            noise.noise()[i] = levels[i].sigma();
            noise.inputScale()[i] = 1;
        }
        return new ArrayPlan(steps, schedule.timesteps(), noise, 1, config().dpm().algorithm().stochastic(),
            begin -> new Run(begin, levels));
    }

    private final class Run extends AbstractRun {

        private final DpmLevel[] levels;
        private final int calls;
        private final History predictions;
        private float[] clean = {};

        Run(final int beginIndex, final DpmLevel[] levels) {
            super(beginIndex, levels.length - 1);
            this.predictions = new History(config().dpm().order());
            this.levels = levels;
            this.calls = levels.length - 1;
        }

        private Run(final Run other) {
            super(other);
            this.levels = other.levels;
            this.calls = other.calls;
            this.predictions = other.predictions.copy();
        }

        @Override
        public SchedulerRun copy() {
            return new Run(this);
        }

        @Override
        void advance(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
            remember(levels[stepIndex], modelOutput, sampleInPlace);
            final int order = order(stepIndex);
            final DpmStep step = DpmStep.of(config().dpm(), order, levels[stepIndex + 1], levels[stepIndex],
                levels[Math.max(stepIndex - 1, 0)], levels[Math.max(stepIndex - 2, 0)]);
            final float[] m0 = predictions.back(0);
            final float[] m1 = predictions.back(order > 1 ? 1 : 0);
            final float[] m2 = predictions.back(order > 2 ? 2 : 0);
            for (int i = 0; i < sampleInPlace.length; i++) {
                sampleInPlace[i] = step.moved(sampleInPlace[i], m0[i], m1[i], m2[i]);
            }
            if (config().dpm().algorithm().stochastic()) {
                final float[] noise = drawn(source);
                for (int i = 0; i < sampleInPlace.length; i++) {
                    sampleInPlace[i] += step.noise() * noise[i];
                }
            }
        }

        private int order(final int stepIndex) {
            final DpmConfig dpm = config().dpm();
            final boolean few = dpm.lowerOrderFinal() && calls < FEW_STEPS;
            final boolean toZero = config().sigmas().last() == SigmaConfig.Last.ZERO;
            if (stepIndex == calls - 1 && (dpm.eulerAtFinal() || few || toZero)) {
                return 1;
            }
            final int available = Math.min(dpm.order(), predictions.length());
            return stepIndex == calls - 2 && few ? Math.min(available, 2) : available;
        }

        /** Turns the model's output into the prediction that the algorithm integrates. */
        private void remember(final DpmLevel level, final float[] modelOutput, final float[] sample) {
            final PredictionType type = config().prediction();
            final float[] kept = predictions.slot(size());
            if (config().dpm().algorithm().integratesCleanLatents()) {
                Predictions.clean(type, level.alpha(), level.sigma(), sample, modelOutput, kept);
                Clipping.applyInPlace(config().clip(), kept);
                return;
            }
            Predictions.epsilon(type, level.alpha(), level.sigma(), sample, modelOutput, kept);
            if (config().clip().threshold()) {
                if (clean.length != size()) {
                    clean = new float[size()];
                }
                Predictions.clean(PredictionType.EPSILON, level.alpha(), level.sigma(), sample, kept, clean);
                Clipping.applyInPlace(config().clip(), clean);
                Predictions.epsilon(PredictionType.SAMPLE, level.alpha(), level.sigma(), sample, clean, kept);
            }
        }
    }
}
