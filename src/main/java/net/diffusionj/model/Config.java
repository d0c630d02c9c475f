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
package net.diffusionj.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;

/**
 * Typed reading of one configuration file's values. A value of another kind than asked for counts as absent: exporters write a list where
 * one number is usual. A number that cannot be meant is refused.
 *
 * @param file the file, for messages
 * @param values by key
 */
record Config(Path file, Map<String, Object> values) {

    Optional<String> text(final String key) {
        return values.get(key) instanceof final String text ? Optional.of(text) : Optional.empty();
    }

    OptionalDouble number(final String key) {
        return values.get(key) instanceof final Number number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty();
    }

    /**
     * @param key a key whose value counts something
     * @param least the least that makes sense
     * @param most the most that makes sense
     * @return the value; empty where there is no number
     * @throws InvalidInputException if it is a number, but not a whole one between the two
     */
    OptionalInt count(final String key, final int least, final int most) {
        return values.get(key) instanceof final Number number ? OptionalInt.of(count(key, number, least, most)) : OptionalInt.empty();
    }

    private int count(final String key, final Number number, final int least, final int most) {
        final double value = number.doubleValue();
        if (value != Math.rint(value) || value < least || value > most) {
            throw new InvalidInputException(file + ": " + key + " must be a whole number from " + least + " to " + most + ", but is " + number
                + ". Correct it, or download or copy the file again.");
        }
        return (int) value;
    }

    List<Double> numbers(final String key) {
        final List<Double> numbers = new ArrayList<>();
        if (values.get(key) instanceof final List<?> list) {
            for (final Object value : list) {
                if (value instanceof final Number number) numbers.add(number.doubleValue());
            }
        }
        return numbers;
    }

    /**
     * @param key a key whose value is a list of counts
     * @param least the least that makes sense
     * @param most the most that makes sense
     * @return the counts of the list, empty where there is none
     * @throws InvalidInputException as {@link #count(String, int, int)}
     */
    List<Integer> counts(final String key, final int least, final int most) {
        final List<Integer> counts = new ArrayList<>();
        if (values.get(key) instanceof final List<?> list) {
            for (final Object value : list) {
                if (value instanceof final Number number) counts.add(count(key, number, least, most));
            }
        }
        return counts;
    }
}
