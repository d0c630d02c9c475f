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

/**
 * What a picture's latents are drawn from, in the UNet's scale: a mean and a standard deviation for each number. Exports whose VAE draws inside the graph give
 * a deviation of 0.
 *
 * @param mean [channels, height, width] row-major; shared, not copied
 * @param deviation of the same shape, 0 or more; shared, not copied
 */
public record LatentDistribution(float[] mean, float[] deviation) {

    /** Checks that both have one shape. */
    public LatentDistribution {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException("expected as many deviations as means, found " + deviation.length + " and " + mean.length);
        }
    }

    /**
     * @param normals standard normal numbers, as many as the latents have
     * @return latents, a new array
     */
    public float[] sample(final float[] normals) {
        final float[] latents = mean.clone();
        for (int i = 0; i < latents.length; i++) latents[i] += deviation[i] * normals[i];
        return latents;
    }
}
