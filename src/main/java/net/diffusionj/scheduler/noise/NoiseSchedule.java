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

import net.diffusionj.scheduler.config.BetaConfig;
import net.diffusionj.scheduler.config.PredictionType;

/**
 * How much of the image is left at each training step: the cumulative product of 1 - beta, in float32 as torch rounds it. Immutable.
 */
public final class NoiseSchedule {

    /** Stands in for zero where a sigma must stay finite: the smallest half-precision number, as in diffusers. */
    private static final float NEARLY_NOTHING = 0x1p-24f;
    private static final double LARGEST_COSINE_BETA = 0.999;

    private final float[] alphasCumprod;

    private NoiseSchedule(final float[] alphasCumprod) {
        this.alphasCumprod = alphasCumprod;
    }

    /**
     * For schedulers that count in alphas; zero terminal SNR gives a last alpha of 0.
     *
     * @param config of the model
     * @return the schedule of its training
     */
    public static NoiseSchedule ofAlphas(final BetaConfig config) {
        float[] betas = betas(config);
        if (config.zeroTerminalSnr()) {
            betas = rescaledToZeroTerminalSnr(betas);
        }
        return new NoiseSchedule(cumulativeProduct(betas));
    }

    /** For schedulers that count in sigmas; zero terminal SNR gives a last sigma of 4096. */
    static NoiseSchedule ofSigmas(final BetaConfig config) {
        final NoiseSchedule schedule = ofAlphas(config);
        if (config.zeroTerminalSnr()) {
            schedule.alphasCumprod[config.trainSteps() - 1] = NEARLY_NOTHING;
        }
        return schedule;
    }

    /** @return the number of training steps */
    public int trainSteps() {
        return alphasCumprod.length;
    }

    /** @param trainStep 0 to {@link #trainSteps()} - 1, noisier as it rises
     *  @return the share of the image's variance that is left there, 0 to 1 */
    public float alphaCumprod(final int trainStep) {
        return alphasCumprod[trainStep];
    }

    /** @return sqrt((1 - alpha) / alpha) for each training step, rising */
    float[] sigmas() {
        final float[] sigmas = new float[alphasCumprod.length];
        for (int t = 0; t < sigmas.length; t++) {
            sigmas[t] = (float) Math.sqrt((1 - alphasCumprod[t]) / alphasCumprod[t]);
        }
        return sigmas;
    }

    /**
     * Refuses a step at which nothing of the image is left when the clean latents must be divided out of the noise.
     *
     * @param prediction what the model predicts
     * @param timesteps the training timesteps of the steps to be run
     * @throws IllegalArgumentException if there is such a step
     */
    public void requireSignal(final PredictionType prediction, final double[] timesteps) {
        for (final double timestep : timesteps) {
            if (prediction == PredictionType.EPSILON && alphasCumprod[(int) timestep] == 0) {
                throw new IllegalArgumentException("The betas (or rescale_betas_zero_snr) leave nothing but noise at timestep " + (int) timestep
                    + ", from which prediction_type epsilon cannot recover an image; v_prediction or sample was expected.");
            }
        }
    }

    private static float[] betas(final BetaConfig config) {
        final int n = config.trainSteps();
        final float[] betas = new float[n];
        if (!config.trained().isEmpty()) {
            for (int i = 0; i < n; i++) {
                betas[i] = config.trained().get(i).floatValue();
            }
            return betas;
        }
        switch (config.schedule()) {
            case LINEAR :
                return FloatMath.linspace((float) config.start(), (float) config.end(), n);
            case SCALED_LINEAR :
                final float[] roots = FloatMath.linspace((float) Math.sqrt(config.start()), (float) Math.sqrt(config.end()), n);
                for (int i = 0; i < n; i++) {
                    betas[i] = roots[i] * roots[i];
                }
                return betas;
            case SQUARED_COSINE :
                for (int i = 0; i < n; i++) {
                    betas[i] = (float) Math.min(1 - cosineAlpha((i + 1) / (double) n) / cosineAlpha(i / (double) n), LARGEST_COSINE_BETA);
                }
                return betas;
            default :
                throw new AssertionError(config.schedule());
        }
    }

    private static double cosineAlpha(final double time) {
        final double cosine = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
        return cosine * cosine;
    }

    /** torch multiplies in double precision and rounds each product. */
    private static float[] cumulativeProduct(final float[] betas) {
        final float[] products = new float[betas.length];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            product *= 1f - betas[i];
            products[i] = (float) product;
        }
        return products;
    }

    /** Algorithm 1 of <a href="https://arxiv.org/abs/2305.08891">Lin et al. 2023</a>: shifts and scales the square roots of alpha. */
    private static float[] rescaledToZeroTerminalSnr(final float[] betas) {
        final float[] roots = cumulativeProduct(betas);
        for (int i = 0; i < roots.length; i++) {
            roots[i] = (float) Math.sqrt(roots[i]);
        }
        final float first = roots[0];
        final float last = roots[roots.length - 1];
        final float scale = first / (first - last);
        final float[] rescaled = new float[betas.length];
        float before = 1;
        for (int i = 0; i < roots.length; i++) {
            final float root = (roots[i] - last) * scale;
            final float alpha = root * root;
            rescaled[i] = 1 - alpha / before;
            before = alpha;
        }
        return rescaled;
    }
}
