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
package net.diffusionj.train.material;

import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * Random numbers for each purpose and step, all from one seed, so that none depends on how many were drawn before: a tuning that goes on after a kill draws
 * what it would have drawn. Stateless.
 */
public final class Streams {

    /** What random numbers are for. */
    public enum Purpose {
        /** Which images are for validation. */
        SPLIT,
        /** Where a training crop lies and how it looks. */
        CROP,
        /** Where a validation crop lies. */
        VALIDATION_CROP,
        /** A training batch. */
        BATCH,
        /** The noise of the validation. */
        VALIDATION_NOISE,
        /** Pictures that the model draws. */
        DRAWING
    }

    private Streams() {}

    /**
     * @param seed of the tuning
     * @param purpose of the numbers
     * @param index of the step, the crop or whatever it is
     * @return a new generator
     */
    public static TorchRandom of(final long seed, final Purpose purpose, final long index) {
        return new TorchRandom(seed(seed, purpose, index));
    }

    /** As {@link #of}.
     *
     *  @param seed of the tuning
     *  @param purpose of the numbers
     *  @param index of what they are for
     *  @return a seed of 31 bits */
    public static long seed(final long seed, final Purpose purpose, final long index) {
        return mixed(mixed(mixed(seed) + purpose.ordinal()) + index) & Integer.MAX_VALUE;
    }

    /** Steele, Lea and Flood's SplitMix64 (2014): close numbers become distant ones. */
    private static long mixed(final long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
