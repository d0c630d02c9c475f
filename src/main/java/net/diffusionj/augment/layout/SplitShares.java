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
package net.diffusionj.augment.layout;

import net.diffusionj.InvalidInputException;

/**
 * How much of a set each side of a split is to get. Immutable.
 *
 * @param training above 0
 * @param validation 0 or more
 * @param test 0 or more; the three sum to 1
 */
public record SplitShares(double training, double validation, double test) {

    private static final double ROUNDING = 1e-6;

    /** Checks the shares. */
    public SplitShares {
        if (!(training > 0 && validation >= 0 && test >= 0) || Math.abs(training + validation + test - 1) > ROUNDING) {
            throw new InvalidInputException("The shares of a split must be 0 or more and sum to 1, the first above 0, not " + training + ", " + validation
                + ", " + test + ". Write 0.7,0.15,0.15.");
        }
    }

    /**
     * @param text {@code 0.7,0.15,0.15}: training, validation, test
     * @return the shares
     * @throws InvalidInputException if the text has another form, or the shares do not sum to 1
     */
    public static SplitShares parse(final String text) {
        final String[] parts = text.split(",", -1);
        if (parts.length != 3) throw unreadable(text, null);
        try {
            return new SplitShares(Double.parseDouble(parts[0].strip()), Double.parseDouble(parts[1].strip()), Double.parseDouble(parts[2].strip()));
        }
        catch (final NumberFormatException e) {
            throw unreadable(text, e);
        }
    }

    private static InvalidInputException unreadable(final String text, final NumberFormatException cause) {
        return new InvalidInputException("The split '" + text + "' cannot be read. Write three shares that sum to 1, for training, validation and test:"
            + " 0.7,0.15,0.15.", cause);
    }

    /** @param side one of three
     *  @return its share */
    public double of(final Side side) {
        return switch (side) {
            case TRAIN -> training;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    /** @return as {@link #parse} reads it */
    @Override
    public String toString() {
        return training + "," + validation + "," + test;
    }
}
