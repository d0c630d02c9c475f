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
package net.diffusionj.scheduler.noise;

import java.util.Arrays;

import net.diffusionj.scheduler.config.BetaConfig;
import net.diffusionj.scheduler.config.PredictionType;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.config.SigmaConfig;

/**
 * The noise levels of a run and the timesteps they belong to, for the schedulers that count in sigmas. The arrays belong to the schedule and
 * are never written.
 *
 * @param timesteps what the model is told at each step
 * @param sigmas the level of each step, and the one after the last
 */
public record SigmaSchedule(double[] timesteps, float[] sigmas) {

    /**
     * For LMS, Euler and Euler ancestral.
     *
     * @param config of the model
     * @param steps of the run, 1 or more
     * @return levels, falling
     */
    public static SigmaSchedule of(final SchedulerConfig config, final int steps) {
        final float[] trained = NoiseSchedule.ofSigmas(config.betas()).sigmas();
        final float[] visited = Timesteps.fractional(config.timesteps(), trained.length, steps);
        double[] sigmas = new double[visited.length];
        Arrays.setAll(sigmas, i -> SigmaSpread.interpolated(trained, visited[i]));
        if (config.sigmas().interpolation() == SigmaConfig.Interpolation.LOG_LINEAR) {
            sigmas = logLinear(trained, steps);
        }
        double[] timesteps = FloatMath.widened(visited);
        if (config.sigmas().spacing() != SigmaConfig.Spacing.MODEL) {
            sigmas = spread(config.sigmas(), sigmas[0], sigmas[sigmas.length - 1], steps);
            timesteps = roundedToFloat(trainStepsOf(sigmas, trained));
        }
        final float[] levels = withLast(sigmas, config.sigmas().last(), trained);
        if (config.timesteps().continuous() && config.prediction() == PredictionType.V_PREDICTION) {
            Arrays.setAll(timesteps, i -> 0.25f * FloatMath.log(levels[i]));
        }
        return new SigmaSchedule(timesteps, levels);
    }

    /**
     * For DPM++, whose spacings other than the model's own reach over the whole training range.
     *
     * @param config of the model
     * @param steps of the run, 1 or more
     * @return levels, falling
     * @throws IllegalArgumentException if the model has too few training steps for so many
     */
    public static SigmaSchedule forDpm(final SchedulerConfig config, final int steps) {
        final NoiseSchedule noise = NoiseSchedule.ofSigmas(config.betas());
        final float[] trained = noise.sigmas();
        final SigmaConfig.Spacing spacing = config.sigmas().spacing();
        final double[] sigmas;
        final double[] timesteps;
        if (spacing == SigmaConfig.Spacing.MODEL) {
            final int[] visited =
                Timesteps.forDpm(config.timesteps(), trained.length, usableSteps(noise, config.dpm().lambdaMinClipped()), steps);
            timesteps = Arrays.stream(visited).asDoubleStream().toArray();
            sigmas = Arrays.stream(timesteps).map(t -> SigmaSpread.interpolated(trained, t)).toArray();
        }
        else {
            sigmas = spacing == SigmaConfig.Spacing.LU ? evenLogarithms(logarithms(trained), steps)
                : spread(config.sigmas(), trained[trained.length - 1], trained[0], steps);
            final boolean rounded = (spacing == SigmaConfig.Spacing.KARRAS || spacing == SigmaConfig.Spacing.LU)
                && config.betas().schedule() != BetaConfig.Schedule.SQUARED_COSINE;
            timesteps = trainStepsOf(sigmas, trained);
            Arrays.setAll(timesteps, i -> rounded ? Math.rint(timesteps[i]) : Math.floor(timesteps[i]));
        }
        return new SigmaSchedule(timesteps, withLast(sigmas, config.sigmas().last(), trained));
    }

    /** @return the largest level */
    public float highest() {
        float highest = 0;
        for (final float sigma : sigmas) {
            highest = Math.max(highest, sigma);
        }
        return highest;
    }

    /**
     * Refuses levels that stand still, which a multistep scheduler would divide by.
     *
     * @param kind for the message
     * @param steps that were asked for, for the message
     * @throws IllegalArgumentException if a level is not below the one before it
     */
    public void requireFalling(final SchedulerKind kind, final int steps) {
        for (int i = 1; i < timesteps.length; i++) {
            if (!(sigmas[i] < sigmas[i - 1])) {
                throw new IllegalArgumentException(kind.label() + " needs noise levels that fall at every step, but with " + steps
                    + " steps two of them are equal (sigma " + sigmas[i] + "). Use fewer steps or another timestep_spacing.");
            }
        }
    }

    private static double[] spread(final SigmaConfig config, final double highest, final double lowest, final int steps) {
        return SigmaSpread.between(config.spacing(), config.maximum().orElse(highest), config.minimum().orElse(lowest), steps);
    }

    /** One level more than there are steps; the last is the lowest of the training and follows the last step. */
    private static double[] logLinear(final float[] trained, final int steps) {
        final float[] line = FloatMath.linspace(FloatMath.logOfNumpy(trained[trained.length - 1]), FloatMath.logOfNumpy(trained[0]), steps + 1);
        for (int i = 0; i < line.length; i++) {
            line[i] = FloatMath.exp(line[i]);
        }
        return FloatMath.widened(line);
    }

    private static double[] evenLogarithms(final float[] logSigmas, final int steps) {
        final double[] sigmas = new double[steps];
        final double from = logSigmas[logSigmas.length - 1];
        Arrays.setAll(sigmas, i -> Math.exp(from + SigmaSpread.line(0, 1, i, steps) * (logSigmas[0] - from)));
        return sigmas;
    }

    private static double[] trainStepsOf(final double[] sigmas, final float[] trained) {
        final float[] logSigmas = logarithms(trained);
        return Arrays.stream(sigmas).map(sigma -> SigmaSpread.trainStepOf(sigma, logSigmas)).toArray();
    }

    private static double[] roundedToFloat(final double[] values) {
        return Arrays.stream(values).map(value -> (float) value).toArray();
    }

    private static float[] logarithms(final float[] values) {
        final float[] logarithms = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            logarithms[i] = FloatMath.logOfNumpy(values[i]);
        }
        return logarithms;
    }

    private static float[] withLast(final double[] sigmas, final SigmaConfig.Last last, final float[] trained) {
        final float[] levels = new float[sigmas.length + 1];
        for (int i = 0; i < sigmas.length; i++) {
            levels[i] = (float) sigmas[i];
        }
        levels[sigmas.length] = last == SigmaConfig.Last.ZERO ? 0 : trained[0];
        return levels;
    }

    /** Counts the training steps whose log-SNR is not clipped; clipping matters for the cosine schedule, which ends in pure noise. */
    private static int usableSteps(final NoiseSchedule noise, final double lambdaMinClipped) {
        int usable = noise.trainSteps();
        while (usable > 0 && lambda(noise.alphaCumprod(usable - 1)) < lambdaMinClipped) {
            usable--;
        }
        if (usable < 2) {
            throw new IllegalArgumentException("lambda_min_clipped must leave at least two training steps, but " + lambdaMinClipped
                + " leaves " + usable + ".");
        }
        return usable;
    }

    private static float lambda(final float alphaCumprod) {
        return FloatMath.log(FloatMath.sqrt(alphaCumprod)) - FloatMath.log(FloatMath.sqrt(1 - alphaCumprod));
    }
}
