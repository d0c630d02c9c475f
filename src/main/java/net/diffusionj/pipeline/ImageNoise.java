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

import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * The random numbers of one image, in the order in which diffusers draws them: the encoder's sample (image to image only), the initial noise, then
 * the noise of the steps. Each image of a batch has its own, seeded with the first seed plus its index, so that it equals the image made alone.
 * <p>
 * Not thread-safe.
 * </p>
 */
final class ImageNoise {

    private final long seed;
    private final int size;
    private final Reuse reuse;
    private TorchRandom random;
    private int draws;

    /**
     * @param seed the image's seed
     * @param size numbers in its latents
     * @param reuse may have the draws already, and keeps them
     */
    ImageNoise(final long seed, final int size, final Reuse reuse) {
        this.seed = seed;
        this.size = size;
        this.reuse = reuse;
    }

    /** @return the next standard normal numbers, one for every latent value */
    float[] next() {
        final Reuse.NoiseKey key = new Reuse.NoiseKey(seed, size, draws++);
        final Reuse.Drawn drawn = reuse.noise().get(key).orElseGet(() -> draw(key));
        random = drawn.after().copy();
        return drawn.values().clone();
    }

    private Reuse.Drawn draw(final Reuse.NoiseKey key) {
        final TorchRandom generator = generator();
        final Reuse.Drawn drawn = new Reuse.Drawn(generator.normals(size), generator);
        reuse.noise().put(key, drawn);
        return drawn;
    }

    private TorchRandom generator() {
        return random == null ? new TorchRandom(seed) : random;
    }

    /** @return where the noise of the steps comes from; no {@link #next()} after it */
    TorchRandom steps() {
        return generator();
    }
}
