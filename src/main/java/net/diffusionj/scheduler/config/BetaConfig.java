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

import java.util.List;

/**
 * The noise the model was trained with.
 *
 * @param trainSteps {@code num_train_timesteps}, at least 2
 * @param start {@code beta_start}, between 0 and 1
 * @param end {@code beta_end}, between 0 and 1
 * @param schedule {@code beta_schedule}
 * @param trained {@code trained_betas}: one beta for each training step, or empty to use the schedule
 * @param zeroTerminalSnr {@code rescale_betas_zero_snr}: the last training step is pure noise
 */
public record BetaConfig(int trainSteps, double start, double end, Schedule schedule, List<Double> trained, boolean zeroTerminalSnr) {

    /** How betas grow over the training steps: the key {@code beta_schedule}. */
    public enum Schedule implements JsonNamed {
        /** In equal steps. */
        LINEAR("linear"),
        /** Their square roots grow in equal steps. */
        SCALED_LINEAR("scaled_linear"),
        /** From a squared cosine, capped at 0.999, <a href="https://arxiv.org/abs/2102.09672">Nichol and Dhariwal 2021</a>. */
        SQUARED_COSINE("squaredcos_cap_v2");

        private final String jsonName;

        Schedule(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }
    }

    /** Models are trained with 1000. */
    private static final int MOST_TRAIN_STEPS = 100_000;

    /** Checks the ranges and copies the list. */
    public BetaConfig {
        trained = List.copyOf(trained);
        if (trainSteps < 2 || trainSteps > MOST_TRAIN_STEPS) {
            throw new IllegalArgumentException("num_train_timesteps must be between 2 and " + MOST_TRAIN_STEPS + ", but is " + trainSteps + ".");
        }
        requireBeta("beta_start", start);
        requireBeta("beta_end", end);
        if (!trained.isEmpty() && trained.size() != trainSteps) {
            throw new IllegalArgumentException("trained_betas must have one value for each of the " + trainSteps
                + " training steps (num_train_timesteps), but has " + trained.size() + ".");
        }
        trained.forEach(beta -> requireBeta("trained_betas", beta));
    }

    private static void requireBeta(final String key, final double beta) {
        if (!(beta > 0 && beta < 1)) {
            throw new IllegalArgumentException(key + " must be between 0 and 1, but is " + beta + ".");
        }
    }
}
