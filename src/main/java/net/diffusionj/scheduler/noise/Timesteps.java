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
import java.util.function.IntUnaryOperator;

import net.diffusionj.scheduler.config.TimestepConfig;

/** Spreads the steps of a run over the training steps, from the noisiest down; all rounding is half to even, as in NumPy. */
public final class Timesteps {

    private Timesteps() {}

    /**
     * Whole timesteps, for schedulers that count in alphas. All of them are training steps.
     *
     * @param config of the model
     * @param trainSteps the model's number of training steps
     * @param steps of the run, 1 or more
     * @return timesteps, the noisiest first
     * @throws IllegalArgumentException if the first would lie beyond the training
     */
    public static int[] whole(final TimestepConfig config, final int trainSteps, final int steps) {
        final double[] spaced = spaced(config, trainSteps, steps);
        final int[] timesteps = new int[spaced.length];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = (int) Math.rint(spaced[i]);
        }
        if (timesteps[0] >= trainSteps) {
            throw new IllegalArgumentException("With steps_offset " + config.offset() + ", " + steps + " steps would start at timestep "
                + timesteps[0] + ", but the last training step is " + (trainSteps - 1) + ". Use fewer steps or another timestep_spacing.");
        }
        return timesteps;
    }

    /** Timesteps in float32, fractional for the linspace spacing, for schedulers that count in sigmas. */
    static float[] fractional(final TimestepConfig config, final int trainSteps, final int steps) {
        final double[] spaced = spaced(config, trainSteps, steps);
        final float[] timesteps = new float[spaced.length];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = (float) spaced[i];
        }
        return timesteps;
    }

    /**
     * Whole timesteps for DPM-Solver, which spreads one step more and drops the lowest.
     *
     * @param usableSteps the training steps that are noisy enough not to be clipped
     */
    static int[] forDpm(final TimestepConfig config, final int trainSteps, final int usableSteps, final int steps) {
        return switch (config.spacing()) {
            case LINSPACE -> {
                final double[] points = linspace(usableSteps - 1, steps + 1);
                yield descending(steps, i -> (int) Math.rint(points[steps - i]));
            }
            case LEADING -> {
                final int ratio = usableSteps / (steps + 1);
                if (ratio == 0) {
                    throw new IllegalArgumentException("With timestep_spacing leading, DPM++ 2M takes at most " + (usableSteps - 1)
                        + " steps, but " + steps + " were asked for.");
                }
                yield descending(steps, i -> (steps - i) * ratio + config.offset());
            }
            case TRAILING -> Arrays.stream(trailing(usableSteps, trainSteps / (double) steps)).mapToInt(t -> (int) t).toArray();
        };
    }

    private static double[] spaced(final TimestepConfig config, final int trainSteps, final int steps) {
        return switch (config.spacing()) {
            case LINSPACE -> {
                final double[] rising = linspace(trainSteps - 1, steps);
                final double[] falling = new double[steps];
                Arrays.setAll(falling, i -> rising[steps - 1 - i]);
                yield falling;
            }
            case LEADING -> {
                final int ratio = trainSteps / steps;
                final double[] falling = new double[steps];
                Arrays.setAll(falling, i -> (steps - 1 - i) * ratio + config.offset());
                yield falling;
            }
            case TRAILING -> trailing(trainSteps, trainSteps / (double) steps);
        };
    }

    /** NumPy's {@code linspace(0, last, count)}; a single point is 0. */
    private static double[] linspace(final double last, final int count) {
        final double[] points = new double[count];
        for (int i = 1; i < count; i++) {
            points[i] = i * (last / (count - 1));
        }
        if (count > 1) {
            points[count - 1] = last;
        }
        return points;
    }

    /**
     * NumPy's {@code arange(start, 0, -ratio)}, rounded, less one. For some numbers of steps rounding errors give {@code arange} one point
     * too many, next to 0, which would be timestep -1; it is left out here.
     */
    private static double[] trailing(final int start, final double ratio) {
        final double delta = start - ratio - start;
        final int count = (int) Math.ceil(-start / -ratio);
        final double[] timesteps = new double[count];
        Arrays.setAll(timesteps, i -> Math.rint(start + i * delta) - 1);
        return timesteps[count - 1] < 0 ? Arrays.copyOf(timesteps, count - 1) : timesteps;
    }

    private static int[] descending(final int count, final IntUnaryOperator timestep) {
        final int[] timesteps = new int[count];
        Arrays.setAll(timesteps, timestep);
        return timesteps;
    }
}
