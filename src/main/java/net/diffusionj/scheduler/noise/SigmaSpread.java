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

import net.diffusionj.scheduler.config.SigmaConfig;

/** Spreads noise levels between a highest and a lowest one, and finds the training step that a level belongs to. */
final class SigmaSpread {

    private static final double KARRAS_RHO = 7;
    private static final double BETA_SHAPE = 0.6;

    private SigmaSpread() {}

    /**
     * @param spacing KARRAS, EXPONENTIAL or BETA
     * @param highest the level of the first step
     * @param lowest the level of the last step
     * @param steps how many levels
     * @return falling levels
     */
    static double[] between(final SigmaConfig.Spacing spacing, final double highest, final double lowest, final int steps) {
        final double[] sigmas = new double[steps];
        switch (spacing) {
            case KARRAS -> {
                final double from = Math.pow(highest, 1 / KARRAS_RHO);
                final double to = Math.pow(lowest, 1 / KARRAS_RHO);
                Arrays.setAll(sigmas, i -> Math.pow(from + ramp(i, steps) * (to - from), KARRAS_RHO));
            }
            case EXPONENTIAL -> {
                final double from = Math.log(highest);
                final double to = Math.log(lowest);
                Arrays.setAll(sigmas, i -> Math.exp(line(from, to, i, steps)));
            }
            case BETA -> {
                final SymmetricBeta beta = new SymmetricBeta(BETA_SHAPE);
                Arrays.setAll(sigmas, i -> lowest + beta.quantile(1 - ramp(i, steps)) * (highest - lowest));
            }
            default -> throw new AssertionError(spacing);
        }
        return sigmas;
    }

    /** @return a point of NumPy's {@code linspace(0, 1, count)} */
    private static double ramp(final int index, final int count) {
        return line(0, 1, index, count);
    }

    /** @return a point of NumPy's {@code linspace(from, to, count)} */
    static double line(final double from, final double to, final int index, final int count) {
        if (index == 0) {
            return from;
        }
        return index == count - 1 ? to : index * ((to - from) / (count - 1)) + from;
    }

    /**
     * @param sigma a noise level
     * @param logSigmas the logarithm of each training level, rising
     * @return the fractional training step of the level, interpolated in the logarithm and kept in range
     */
    static double trainStepOf(final double sigma, final float[] logSigmas) {
        final double logSigma = Math.log(Math.max(sigma, 1e-10));
        int low = 0;
        while (low < logSigmas.length - 2 && logSigma - logSigmas[low + 1] >= 0) {
            low++;
        }
        final double weight = (logSigmas[low] - logSigma) / (logSigmas[low] - logSigmas[low + 1]);
        final double kept = Math.min(Math.max(weight, 0), 1);
        return (1 - kept) * low + kept * (low + 1);
    }

    /** @return the level at a fractional training step, by a straight line between neighbours; constant outside */
    static double interpolated(final float[] sigmas, final double trainStep) {
        if (trainStep <= 0) {
            return sigmas[0];
        }
        if (trainStep >= sigmas.length - 1) {
            return sigmas[sigmas.length - 1];
        }
        final int below = (int) trainStep;
        return ((double) sigmas[below + 1] - sigmas[below]) * (trainStep - below) + sigmas[below];
    }
}
