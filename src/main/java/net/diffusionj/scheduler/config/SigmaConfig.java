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
package net.diffusionj.scheduler.config;

import java.util.OptionalDouble;

/**
 * Which noise levels a run visits, for the schedulers that count in sigmas.
 *
 * @param spacing one of the {@code use_..._sigmas} keys
 * @param minimum {@code sigma_min}: replaces the lowest level of a spacing other than the model's own
 * @param maximum {@code sigma_max}: replaces the highest level
 * @param last {@code final_sigmas_type}
 * @param interpolation {@code interpolation_type}
 */
public record SigmaConfig(Spacing spacing, OptionalDouble minimum, OptionalDouble maximum, Last last, Interpolation interpolation) {

    /** How sigmas are spread between the highest and the lowest. */
    public enum Spacing {
        /** As the timesteps say. */
        MODEL,
        /** {@code use_karras_sigmas}: equal steps of the seventh root, <a href="https://arxiv.org/abs/2206.00364">Karras et al. 2022</a>. */
        KARRAS,
        /** {@code use_exponential_sigmas}: equal steps of the logarithm. */
        EXPONENTIAL,
        /** {@code use_beta_sigmas}: quantiles of Beta(0.6, 0.6), <a href="https://arxiv.org/abs/2407.12173">Lee et al. 2024</a>. */
        BETA,
        /** {@code use_lu_lambdas}: equal steps of log-SNR, <a href="https://arxiv.org/abs/2206.00927">Lu et al. 2022</a>. */
        LU
    }

    /** The level after the last step: the key {@code final_sigmas_type}. */
    public enum Last implements JsonNamed {
        /** No noise at all. */
        ZERO("zero"),
        /** The lowest training level. */
        SIGMA_MIN("sigma_min");

        private final String jsonName;

        Last(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }
    }

    /** How levels between two training steps are found: the key {@code interpolation_type}. */
    public enum Interpolation implements JsonNamed {
        /** Straight lines between neighbours. */
        LINEAR("linear"),
        /** A straight line of the logarithm from the highest to the lowest, whatever the timesteps. */
        LOG_LINEAR("log_linear");

        private final String jsonName;

        Interpolation(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }
    }

    /** Checks that the limits are positive and in order. */
    public SigmaConfig {
        requirePositive("sigma_min", minimum);
        requirePositive("sigma_max", maximum);
        if (minimum.isPresent() && maximum.isPresent() && minimum.getAsDouble() >= maximum.getAsDouble()) {
            throw new IllegalArgumentException("sigma_min must be below sigma_max, but they are " + minimum.getAsDouble() + " and "
                + maximum.getAsDouble() + ".");
        }
    }

    private static void requirePositive(final String key, final OptionalDouble sigma) {
        if (sigma.isPresent() && !(sigma.getAsDouble() > 0 && Double.isFinite(sigma.getAsDouble()))) {
            throw new IllegalArgumentException(key + " must be a positive number, but is " + sigma.getAsDouble() + ".");
        }
    }
}
