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

import java.util.OptionalDouble;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;

/**
 * How long a tuning goes on. By minutes it depends on the machine, so such a run cannot be repeated exactly.
 *
 * @param steps optimiser steps; empty where minutes count
 * @param minutes of training; empty where steps count
 */
public record Budget(OptionalInt steps, OptionalDouble minutes) {

    /** Where nothing is asked for. */
    public static final Budget DEFAULT = steps(500);

    private static final int MOST_STEPS = 1_000_000;
    private static final double MOST_MINUTES = 100_000;
    private static final double SECONDS = 60;

    /** Checks that there is one of the two. */
    public Budget {
        if (steps.isPresent() == minutes.isPresent()) throw new InvalidInputException("Give the number of steps or of minutes, not both and not neither.");
        if (steps.isPresent() && (steps.getAsInt() < 1 || steps.getAsInt() > MOST_STEPS)) {
            throw new InvalidInputException("Steps must be 1 to " + MOST_STEPS + ", not " + steps.getAsInt() + ". Usual values are 300 to 2000.");
        }
        if (minutes.isPresent() && !(minutes.getAsDouble() > 0 && minutes.getAsDouble() <= MOST_MINUTES)) {
            throw new InvalidInputException("Minutes must be above 0, not " + minutes.getAsDouble() + ". Usual values are 5 to 60.");
        }
    }

    /** @param count of steps
     *  @return that many */
    public static Budget steps(final int count) {
        return new Budget(OptionalInt.of(count), OptionalDouble.empty());
    }

    /** @param count of minutes
     *  @return as many steps as they allow */
    public static Budget minutes(final double count) {
        return new Budget(OptionalInt.empty(), OptionalDouble.of(count));
    }

    /**
     * @param step steps made
     * @param seconds of training
     * @return the share that is used up, 1 or more at the end
     */
    double share(final long step, final double seconds) {
        return steps.isPresent() ? (double) step / steps.getAsInt() : seconds / (SECONDS * minutes.getAsDouble());
    }

    /** @return in words, such as {@code 500 steps} */
    public String inWords() {
        return steps.isPresent() ? steps.getAsInt() + " steps" : minutes.getAsDouble() + " minutes";
    }
}
