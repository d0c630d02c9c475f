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

/**
 * How noisy latents are at each step of a plan. The arrays are never written after they are handed over.
 *
 * @param signal what clean latents are multiplied by when they are noised
 * @param noise what noise is multiplied by
 * @param inputScale what the latents of a step are multiplied by to become the model's input
 */
public record NoiseLevels(float[] signal, float[] noise, float[] inputScale) {

    /**
     * For schedulers that keep the variance: the shares of image and noise are the square roots of alpha and 1 - alpha.
     *
     * @param schedule of the model
     * @param timesteps whole training timesteps below {@link NoiseSchedule#trainSteps()}, one a step
     * @return levels, one a step
     */
    public static NoiseLevels ofAlphas(final NoiseSchedule schedule, final double[] timesteps) {
        final NoiseLevels levels = ofSize(timesteps.length);
        for (int i = 0; i < timesteps.length; i++) {
            final float alpha = schedule.alphaCumprod((int) timesteps[i]);
            levels.signal[i] = FloatMath.sqrt(alpha);
            levels.noise[i] = FloatMath.sqrt(1 - alpha);
            levels.inputScale[i] = 1;
        }
        return levels;
    }

    /**
     * For schedulers that let the variance grow: the image stays whole and the noise has the deviation sigma.
     *
     * @param schedule of the run
     * @return levels, one a step; the level after the last is not among them
     */
    public static NoiseLevels ofSigmas(final SigmaSchedule schedule) {
        final NoiseLevels levels = ofSize(schedule.timesteps().length);
        for (int i = 0; i < levels.signal.length; i++) {
            final float sigma = schedule.sigmas()[i];
            levels.signal[i] = 1;
            levels.noise[i] = sigma;
            levels.inputScale[i] = 1 / FloatMath.sqrt(sigma * sigma + 1);
        }
        return levels;
    }

    private static NoiseLevels ofSize(final int steps) {
        return new NoiseLevels(new float[steps], new float[steps], new float[steps]);
    }
}
