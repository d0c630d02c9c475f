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
package net.diffusionj.pipeline;

import java.util.Arrays;

import net.diffusionj.model.LatentScaling;

/**
 * What the VAE's encoder made of a picture: the distribution of its latents, from which every image of a batch draws its own sample (Kingma and
 * Welling 2013: mean + standard deviation × noise). Older exports draw inside the graph; theirs is the same sample for all.
 *
 * @param values mean and log-variance [2 × channels, height, width], or one sample [channels, height, width]; shared, not copied
 * @param isDistribution which of the two
 * @param shape the latents of one image
 * @param scaling brings encoded latents to the UNet's scale
 */
record EncodedSource(float[] values, boolean isDistribution, LatentShape shape, LatentScaling scaling) {

    /** Bounds of the log-variance, as in diffusers' {@code DiagonalGaussianDistribution}. */
    private static final float MIN_LOG_VARIANCE = -30;
    private static final float MAX_LOG_VARIANCE = 20;

    /**
     * Draws latents. Takes one draw of noise, none where the graph has drawn already.
     *
     * @param noise the image's random numbers
     * @return new latents in the UNet's scale
     */
    float[] sample(final ImageNoise noise) {
        final float[] latents = Arrays.copyOf(values, shape.size());
        if (isDistribution) {
            final float[] normals = noise.next();
            for (int i = 0; i < latents.length; i++) latents[i] += deviation(i) * normals[i];
        }
        scaling.encodeInPlace(latents, shape.channels(), shape.height() * shape.width());
        return latents;
    }

    private float deviation(final int index) {
        final float logVariance = Math.max(MIN_LOG_VARIANCE, Math.min(MAX_LOG_VARIANCE, values[shape.size() + index]));
        return (float) Math.exp(0.5f * logVariance);
    }

    /** @return the distribution in the UNet's scale; where the graph has drawn already, its sample without any spread */
    LatentDistribution distribution() {
        final float[] mean = Arrays.copyOf(values, shape.size());
        final float[] above = mean.clone();
        if (isDistribution) {
            for (int i = 0; i < above.length; i++) above[i] += deviation(i);
        }
        scaling.encodeInPlace(mean, shape.channels(), shape.height() * shape.width());
        scaling.encodeInPlace(above, shape.channels(), shape.height() * shape.width());
        for (int i = 0; i < above.length; i++) above[i] = Math.abs(above[i] - mean[i]);
        return new LatentDistribution(mean, above);
    }
}
