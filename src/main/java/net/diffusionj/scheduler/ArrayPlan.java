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

import java.util.function.IntFunction;

import net.diffusionj.scheduler.config.TimestepConfig;
import net.diffusionj.scheduler.noise.FloatMath;
import net.diffusionj.scheduler.noise.NoiseLevels;
import net.diffusionj.scheduler.noise.SigmaSchedule;

/** The plan of every scheduler: what differs are the numbers in it and the run that it starts. */
final class ArrayPlan implements SchedulePlan {

    private final int steps;
    private final double[] timesteps;
    private final NoiseLevels levels;
    private final double initialNoiseSigma;
    private final boolean stochastic;
    private final IntFunction<SchedulerRun> starter;

    /**
     * @param steps the steps that were asked for
     * @param timesteps what the model is told at each call; never written after
     * @param levels as many levels
     * @param initialNoiseSigma the scale of the initial noise
     * @param stochastic whether runs draw noise
     * @param starter makes a run that begins at an index
     */
    ArrayPlan(final int steps, final double[] timesteps, final NoiseLevels levels, final double initialNoiseSigma,
        final boolean stochastic, final IntFunction<SchedulerRun> starter) {
        this.steps = steps;
        this.timesteps = timesteps;
        this.levels = levels;
        this.initialNoiseSigma = initialNoiseSigma;
        this.stochastic = stochastic;
        this.starter = starter;
    }

    /** The initial noise of schedulers that count in sigmas: with the leading spacing it carries the variance of an image too. */
    static double initialNoiseSigma(final SigmaSchedule schedule, final TimestepConfig.Spacing spacing) {
        final float highest = schedule.highest();
        return spacing == TimestepConfig.Spacing.LEADING ? FloatMath.sqrt(highest * highest + 1) : highest;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public int modelCalls() {
        return timesteps.length;
    }

    @Override
    public double trainTimestep(final int stepIndex) {
        return timesteps[checked(stepIndex)];
    }

    @Override
    public double initialNoiseSigma() {
        return initialNoiseSigma;
    }

    @Override
    public boolean stochastic() {
        return stochastic;
    }

    @Override
    public float inputScale(final int stepIndex) {
        return levels.inputScale()[checked(stepIndex)];
    }

    @Override
    public void addNoise(final float[] original, final float[] noise, final int stepIndex, final float[] destination) {
        final float signalScale = levels.signal()[checked(stepIndex)];
        final float noiseScale = levels.noise()[stepIndex];
        if (noise.length != original.length || destination.length != original.length) {
            throw new IllegalArgumentException("Latents, noise and destination must have equally many values, but have " + original.length
                + ", " + noise.length + " and " + destination.length + ".");
        }
        for (int i = 0; i < original.length; i++) {
            destination[i] = signalScale * original[i] + noiseScale * noise[i];
        }
    }

    @Override
    public SchedulerRun start(final int beginIndex) {
        if (beginIndex < 0 || beginIndex > timesteps.length) {
            throw new IllegalArgumentException("A run must begin between 0 and " + timesteps.length + ", the number of its model calls, but "
                + beginIndex + " was asked for.");
        }
        return starter.apply(beginIndex);
    }

    private int checked(final int stepIndex) {
        if (stepIndex < 0 || stepIndex >= timesteps.length) {
            throw new IllegalArgumentException("The step must be between 0 and " + (timesteps.length - 1) + ", but is " + stepIndex + ".");
        }
        return stepIndex;
    }
}
