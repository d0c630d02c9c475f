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

/**
 * The linear multistep method of order four over sigmas, as in k-diffusion: the derivative is replaced by the polynomial through its last
 * values, and that is integrated.
 */
final class LmsScheduler extends AbstractScheduler {

    private static final int ORDER = 4;

    LmsScheduler(final SchedulerConfig config) {
        super(config);
    }

    @Override
    SchedulePlan plan(final int steps) {
        final SigmaSchedule schedule = SigmaSchedule.of(config(), steps);
        schedule.requireFalling(kind(), steps);
        final double initial = ArrayPlan.initialNoiseSigma(schedule, config().timesteps().spacing());
        return new ArrayPlan(steps, schedule.timesteps(), NoiseLevels.ofSigmas(schedule), initial, false,
            begin -> new Run(begin, schedule.sigmas()));
    }

    private final class Run extends AbstractRun {

        private final float[] sigmas;
        private final History derivatives;

        Run(final int beginIndex, final float[] sigmas) {
            super(beginIndex, sigmas.length - 1);
            this.derivatives = new History(ORDER);
            this.sigmas = sigmas;
        }

        private Run(final Run other) {
            super(other);
            this.sigmas = other.sigmas;
            this.derivatives = other.derivatives.copy();
        }

        @Override
        public SchedulerRun copy() {
            return new Run(this);
        }

        @Override
        void advance(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
            final float sigma = sigmas[stepIndex];
            final float[] derivative = derivatives.slot(size());
            Predictions.clean(config().prediction(), sigma, sampleInPlace, modelOutput, derivative);
            for (int i = 0; i < derivative.length; i++) {
                derivative[i] = (sampleInPlace[i] - derivative[i]) / sigma;
            }
            // A run from an image has fewer derivatives than the order of its first coefficients; diffusers drops the rest, and so do we.
            final int order = Math.min(stepIndex + 1, ORDER);
            for (int age = 0; age < Math.min(order, derivatives.length()); age++) {
                final float coefficient = (float) coefficient(order, stepIndex, age);
                final float[] past = derivatives.back(age);
                for (int i = 0; i < sampleInPlace.length; i++) {
                    sampleInPlace[i] += coefficient * past[i];
                }
            }
        }

        /** The integral of a Lagrange polynomial over the step. Its degree is at most three, which two Gauss points integrate exactly. */
        private double coefficient(final int order, final int stepIndex, final int age) {
            final double middle = ((double) sigmas[stepIndex + 1] + sigmas[stepIndex]) / 2;
            final double half = ((double) sigmas[stepIndex + 1] - sigmas[stepIndex]) / 2;
            final double offset = half / Math.sqrt(3);
            return half * (lagrange(order, stepIndex, age, middle - offset) + lagrange(order, stepIndex, age, middle + offset));
        }

        private double lagrange(final int order, final int stepIndex, final int age, final double at) {
            final double node = sigmas[stepIndex - age];
            double product = 1;
            for (int k = 0; k < order; k++) {
                if (k != age) {
                    product *= (at - sigmas[stepIndex - k]) / (node - sigmas[stepIndex - k]);
                }
            }
            return product;
        }
    }
}
