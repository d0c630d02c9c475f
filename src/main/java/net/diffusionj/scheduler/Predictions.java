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

import net.diffusionj.scheduler.config.PredictionType;
import net.diffusionj.scheduler.noise.FloatMath;

/** Turns what a model predicts into clean latents. */
final class Predictions {

    private Predictions() {}

    /**
     * For latents that keep their variance: x = signal * x0 + noise * epsilon.
     *
     * @param signal square root of alpha
     * @param noise square root of 1 - alpha
     * @param clean receives the clean latents
     */
    static void clean(final PredictionType type, final float signal, final float noise, final float[] sample, final float[] output,
        final float[] clean) {
        for (int i = 0; i < clean.length; i++) {
            clean[i] = switch (type) {
                case EPSILON -> (sample[i] - noise * output[i]) / signal;
                case SAMPLE -> output[i];
                case V_PREDICTION -> signal * sample[i] - noise * output[i];
            };
        }
    }

    /**
     * For latents whose variance grows: x = x0 + sigma * epsilon.
     *
     * @param clean receives the clean latents
     */
    static void clean(final PredictionType type, final float sigma, final float[] sample, final float[] output, final float[] clean) {
        final float variance = sigma * sigma + 1;
        final float outputScale = -sigma / FloatMath.sqrt(variance);
        for (int i = 0; i < clean.length; i++) {
            clean[i] = switch (type) {
                case EPSILON -> sample[i] - sigma * output[i];
                case SAMPLE -> output[i];
                case V_PREDICTION -> output[i] * outputScale + sample[i] / variance;
            };
        }
    }

    /** The noise in latents that keep their variance, by the same definitions. */
    static void epsilon(final PredictionType type, final float signal, final float noise, final float[] sample, final float[] output,
        final float[] epsilon) {
        for (int i = 0; i < epsilon.length; i++) {
            epsilon[i] = switch (type) {
                case EPSILON -> output[i];
                case SAMPLE -> (sample[i] - signal * output[i]) / noise;
                case V_PREDICTION -> signal * output[i] + noise * sample[i];
            };
        }
    }
}
