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

/**
 * Which training steps a run visits.
 *
 * @param spacing {@code timestep_spacing}
 * @param offset {@code steps_offset}, 0 or more: added to every timestep of the leading spacing
 * @param continuous {@code timestep_type} is {@code continuous}: a v-predicting model is told log(sigma) / 4 instead of a training step
 */
public record TimestepConfig(Spacing spacing, int offset, boolean continuous) {

    /** The key {@code timestep_spacing}; table 2 of <a href="https://arxiv.org/abs/2305.08891">Lin et al. 2023</a>. */
    public enum Spacing implements JsonNamed {
        /** From the last training step to the first, both included. */
        LINSPACE("linspace"),
        /** Whole multiples of the step ratio, from 0 up, plus the offset. */
        LEADING("leading"),
        /** From the last training step down, at equal distances. */
        TRAILING("trailing");

        private final String jsonName;

        Spacing(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }
    }

    /** Stable Diffusion has 1. */
    private static final int MOST_OFFSET = 1000;

    /** Checks the offset. */
    public TimestepConfig {
        if (offset < 0 || offset > MOST_OFFSET) {
            throw new IllegalArgumentException("steps_offset must be between 0 and " + MOST_OFFSET + ", but is " + offset + ".");
        }
    }
}
