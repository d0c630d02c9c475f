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
package net.diffusionj.train;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Where a tuning is.
 *
 * @param name of the model that comes out
 * @param phase what is done now
 * @param step optimiser steps made
 * @param share of the phase that is done, 0 to 1
 * @param loss of the latest batch; empty before the first
 * @param validation latest loss on the validation images; empty before the first
 * @param leftMillis time that the phase will still take; empty until it can be told
 */
public record TuneProgress(String name, Phase phase, long step, double share, OptionalDouble loss, OptionalDouble validation, OptionalLong leftMillis) {

    /** What is done. */
    public enum Phase {
        /** Images are cut and encoded. */
        READING("reading the images"),
        /** The model draws what it is not to forget. */
        REHEARSING("drawing what the model knows already"),
        /** The training step is opened. */
        OPENING("opening the training step"),
        /** Steps are made. */
        TRAINING("training"),
        /** The model is written. */
        WRITING("writing the model"),
        /** Both models draw. */
        COMPARING("comparing the model with the one before");

        private final String text;

        Phase(final String text) {
            this.text = text;
        }

        /** @return in words */
        public String text() {
            return text;
        }
    }

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;

    /** @return one line for a person */
    public String inWords() {
        if (phase != Phase.TRAINING) return phase.text();
        final String measured = (loss.isPresent() ? String.format(Locale.ROOT, ", loss %.4f", loss.getAsDouble()) : "")
            + (validation.isPresent() ? String.format(Locale.ROOT, ", validation %.4f", validation.getAsDouble()) : "");
        final String left = leftMillis.isEmpty() ? "" : leftMillis.getAsLong() >= MINUTE ? ", " + (leftMillis.getAsLong() + MINUTE / 2) / MINUTE + " min left"
            : ", " + (leftMillis.getAsLong() + SECOND / 2) / SECOND + " s left";
        return "step " + step + measured + left;
    }
}
