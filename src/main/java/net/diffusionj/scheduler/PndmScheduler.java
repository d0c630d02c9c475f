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
import java.util.stream.IntStream;

import net.diffusionj.scheduler.config.PredictionType;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.noise.FloatMath;
import net.diffusionj.scheduler.noise.NoiseLevels;
import net.diffusionj.scheduler.noise.NoiseSchedule;
import net.diffusionj.scheduler.noise.NoiseSource;
import net.diffusionj.scheduler.noise.Timesteps;

/**
 * Pseudo numerical methods for diffusion models: formulas 9, 12 and 13 of <a href="https://arxiv.org/abs/2202.09778">Liu et al. 2022</a>.
 * Three Runge-Kutta steps of four model calls each, then linear multistep; or, with {@code skip_prk_steps}, multistep from the start, whose
 * second timestep stands twice.
 */
final class PndmScheduler extends AbstractScheduler {

    private static final int ORDER = 4;

    private final NoiseSchedule schedule;

    PndmScheduler(final SchedulerConfig config) {
        super(config);
        this.schedule = NoiseSchedule.ofAlphas(config.betas());
    }

    @Override
    SchedulePlan plan(final int steps) {
        final int[] spaced = Timesteps.whole(config().timesteps(), schedule.trainSteps(), steps);
        final int stride = schedule.trainSteps() / steps;
        final int[] rungeKutta = config().skipRungeKutta() ? new int[0] : rungeKutta(spaced, stride / 2);
        final int[] multistep = config().skipRungeKutta() ? secondTwice(spaced)
            : Arrays.copyOfRange(spaced, ORDER - 1, spaced.length);
        final int[] all = IntStream.concat(Arrays.stream(rungeKutta), Arrays.stream(multistep)).toArray();
        final double[] timesteps = Arrays.stream(all).asDoubleStream().toArray();
        final NoiseLevels levels = NoiseLevels.ofAlphas(schedule, timesteps);
        return new ArrayPlan(steps, timesteps, levels, 1, false, begin -> new Run(begin, all, rungeKutta, stride));
    }

    private static int[] secondTwice(final int[] spaced) {
        if (spaced.length < 2) {
            return spaced;
        }
        return IntStream.concat(IntStream.of(spaced[0], spaced[1]), Arrays.stream(spaced, 1, spaced.length)).toArray();
    }

    /** Each of the three intervals is visited at its start, twice in the middle, and at its end. */
    private static int[] rungeKutta(final int[] spaced, final int half) {
        if (spaced.length < ORDER) {
            throw new IllegalArgumentException("PNDM with its Runge-Kutta start (skip_prk_steps false) needs at least " + ORDER
                + " steps, but " + spaced.length + " were asked for.");
        }
        return IntStream.range(0, ORDER - 1)
            .flatMap(i -> IntStream.of(spaced[i], spaced[i + 1] + half, spaced[i + 1] + half, spaced[i + 1])).toArray();
    }

    /** Counts its own calls, as diffusers does: a run that begins late still begins with the first kind of step. */
    private final class Run extends AbstractRun {

        private final int[] timesteps;
        private final int[] rungeKutta;
        private final int stride;
        private final History outputs;
        private float[] output = {};
        private float[] weighted = {};
        private float[] kept = {};
        private int counter;

        Run(final int beginIndex, final int[] timesteps, final int[] rungeKutta, final int stride) {
            super(beginIndex, timesteps.length);
            this.outputs = new History(ORDER);
            this.timesteps = timesteps;
            this.rungeKutta = rungeKutta;
            this.stride = stride;
        }

        private Run(final Run other) {
            super(other);
            this.timesteps = other.timesteps;
            this.rungeKutta = other.rungeKutta;
            this.stride = other.stride;
            this.outputs = other.outputs.copy();
            this.counter = other.counter;
            this.output = new float[other.output.length];
            this.weighted = other.weighted.clone();
            this.kept = other.kept.clone();
        }

        @Override
        public SchedulerRun copy() {
            return new Run(this);
        }

        @Override
        void advance(final int stepIndex, final float[] modelOutput, final float[] sampleInPlace, final NoiseSource source) {
            if (output.length != size()) {
                output = new float[size()];
                weighted = new float[size()];
                kept = new float[size()];
            }
            if (counter < rungeKutta.length) {
                rungeKuttaStep(timesteps[stepIndex], modelOutput, sampleInPlace);
            }
            else {
                multistep(timesteps[stepIndex], modelOutput, sampleInPlace);
            }
            counter++;
        }

        private void rungeKuttaStep(final int timestep, final float[] modelOutput, final float[] sampleInPlace) {
            final int phase = counter % ORDER;
            if (phase == 0) {
                outputs.add(modelOutput);
                System.arraycopy(sampleInPlace, 0, kept, 0, size());
                Arrays.fill(weighted, 0);
            }
            final float weight = phase == 0 || phase == ORDER - 1 ? 1 / 6f : 1 / 3f;
            for (int i = 0; i < weighted.length; i++) {
                weighted[i] += weight * modelOutput[i];
            }
            final int target = timestep - (counter % 2 == 0 ? stride / 2 : 0);
            transfer(kept, rungeKutta[counter / ORDER * ORDER], target, phase == ORDER - 1 ? weighted : modelOutput, sampleInPlace);
        }

        private void multistep(final int timestep, final float[] modelOutput, final float[] sampleInPlace) {
            if (counter == 1) {
                // The first step is taken again, with the mean of the predictions at both its ends.
                final float[] first = outputs.back(0);
                for (int i = 0; i < output.length; i++) {
                    output[i] = (modelOutput[i] + first[i]) / 2;
                }
                transfer(kept, timestep + stride, timestep, output, sampleInPlace);
                return;
            }
            outputs.add(modelOutput);
            if (counter == 0) {
                System.arraycopy(sampleInPlace, 0, kept, 0, size());
            }
            combine();
            transfer(sampleInPlace, timestep, timestep - stride, output, sampleInPlace);
        }

        /** Adams and Bashforth's weights for as many predictions as there are. */
        private void combine() {
            final float[] e0 = outputs.back(0);
            final float[] e1 = outputs.back(1);
            final float[] e2 = outputs.back(2);
            final float[] e3 = outputs.back(3);
            for (int i = 0; i < output.length; i++) {
                output[i] = switch (outputs.length()) {
                    case 1 -> e0[i];
                    case 2 -> (3 * e0[i] - e1[i]) / 2;
                    case 3 -> (23 * e0[i] - 16 * e1[i] + 5 * e2[i]) / 12;
                    default -> 1 / 24f * (55 * e0[i] - 59 * e1[i] + 37 * e2[i] - 9 * e3[i]);
                };
            }
        }

        /** Formula 9: moves latents from one noise level to another along a prediction. */
        private void transfer(final float[] sample, final int from, final int to, final float[] prediction, final float[] destination) {
            final float alpha = schedule.alphaCumprod(from);
            final float alphaTo = to >= 0 ? schedule.alphaCumprod(to) : config().alphaToOne() ? 1 : schedule.alphaCumprod(0);
            final float signal = FloatMath.sqrt(alpha);
            final float noise = FloatMath.sqrt(1 - alpha);
            final float sampleScale = FloatMath.sqrt(alphaTo / alpha);
            final float divisor = alpha * FloatMath.sqrt(1 - alphaTo) + FloatMath.sqrt(alpha * (1 - alpha) * alphaTo);
            final boolean velocity = config().prediction() == PredictionType.V_PREDICTION;
            for (int i = 0; i < destination.length; i++) {
                final float epsilon = velocity ? signal * prediction[i] + noise * sample[i] : prediction[i];
                destination[i] = sampleScale * sample[i] - (alphaTo - alpha) * epsilon / divisor;
            }
        }
    }
}
