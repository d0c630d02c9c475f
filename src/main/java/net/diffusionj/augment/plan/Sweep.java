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
package net.diffusionj.augment.plan;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/**
 * The values that a setting takes over the outputs of a source: one, several in turn, or any from a range, drawn by chance. Immutable.
 *
 * @param values those to take; for a range its two ends
 * @param range whether values are drawn from between the two
 */
public record Sweep(List<Double> values, boolean range) {

    private static final String BETWEEN = "..";

    /** Copies and checks the values. */
    public Sweep {
        values = List.copyOf(values);
        if (values.isEmpty() || range && (values.size() != 2 || values.get(0) > values.get(1))) {
            throw new IllegalArgumentException("no sweep over " + values);
        }
    }

    /** @param value the one value
     *  @return a sweep that stays there */
    public static Sweep of(final double value) {
        return new Sweep(List.of(value), false);
    }

    /**
     * @param name of the setting, for the message
     * @param text {@code 0.3}, {@code 0.2,0.3} (each in turn) or {@code 0.2..0.4} (drawn from between)
     * @param least the least value that the setting takes
     * @param most the greatest
     * @return what it says
     * @throws InvalidInputException if it says nothing of this kind
     */
    public static Sweep parse(final String name, final String text, final double least, final double most) {
        final boolean range = text.contains(BETWEEN);
        final String[] parts = range ? text.split("\\.\\.", -1) : text.split(",", -1);
        try {
            final List<Double> values = Arrays.stream(parts).map(part -> Double.parseDouble(part.strip())).toList();
            final boolean inside = values.stream().allMatch(value -> value >= least && value <= most);
            if (inside && (!range || values.size() == 2 && values.get(0) <= values.get(1))) return new Sweep(values, range);
        }
        catch (final NumberFormatException e) {
            throw refused(name, text, least, most, e);
        }
        throw refused(name, text, least, most, null);
    }

    private static InvalidInputException refused(final String name, final String text, final double least, final double most, final Exception cause) {
        return new InvalidInputException(
            name + " must be a number from " + least + " to " + most + ", several such as 0.2,0.3 or a range such as 0.2..0.4, not \""
                + text + "\".",
            cause);
    }

    /** @return how many values are taken in turn; 1 for a range */
    public int choices() {
        return range ? 1 : values.size();
    }

    /**
     * @param choice which of the {@link #choices()}
     * @param random draws from a range; untouched otherwise
     * @return the value
     */
    public double value(final int choice, final SplittableRandom random) {
        if (!range) return values.get(choice);
        final double low = values.get(0);
        return low + random.nextDouble() * (values.get(1) - low);
    }

    /** @return the smallest value that it may give */
    public double least() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** @return in the form that {@link #parse} reads */
    public String toText() {
        return values.stream().map(String::valueOf).collect(Collectors.joining(range ? BETWEEN : ","));
    }
}
