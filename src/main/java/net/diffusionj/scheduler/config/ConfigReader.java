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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads typed values out of a parsed {@code scheduler_config.json} and remembers which keys were asked for. A key that is absent or null
 * takes the default; a value of the wrong type is refused by name. It knows no scheduler.
 */
final class ConfigReader {

    /** diffusers lists here the keys that its own class filled in, which must not win over another class's defaults. */
    static final String FILLED_IN = "_use_default_values";

    private static final int MOST_SHOWN = 60;

    private final Map<String, ?> json;
    private final Set<String> filledIn = new HashSet<>();
    private final Set<String> read = new HashSet<>();

    ConfigReader(final Map<String, ?> json) {
        this.json = json;
        if (json.get(FILLED_IN) instanceof List<?> keys) {
            keys.forEach(key -> filledIn.add(String.valueOf(key)));
        }
    }

    boolean flag(final String key, final boolean byDefault) {
        final Object value = value(key);
        if (value == null) {
            return byDefault;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrongType(key, "true or false", value);
    }

    double number(final String key, final double byDefault) {
        return optionalNumber(key).orElse(byDefault);
    }

    OptionalDouble optionalNumber(final String key) {
        final Object value = value(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(toDouble(key, value));
    }

    int integer(final String key, final int byDefault) {
        final Object value = value(key);
        if (value == null) {
            return byDefault;
        }
        final double number = toDouble(key, value);
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw wrongType(key, "a whole number", value);
        }
        return (int) number;
    }

    List<Double> numbers(final String key) {
        final Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType(key, "a list of numbers", value);
        }
        final List<Double> numbers = new ArrayList<>();
        list.forEach(element -> numbers.add(toDouble(key, element)));
        return numbers;
    }

    String text(final String key, final String byDefault) {
        final Object value = value(key);
        if (value == null) {
            return byDefault;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrongType(key, "a string", value);
    }

    <E extends Enum<E> & JsonNamed> E choice(final String key, final Class<E> type, final E byDefault) {
        return chosen(key, text(key, byDefault.jsonName()), type);
    }

    static <E extends Enum<E> & JsonNamed> E chosen(final String key, final String text, final Class<E> type) {
        for (final E constant : type.getEnumConstants()) {
            if (constant.jsonName().equals(text)) {
                return constant;
            }
        }
        final String names = Arrays.stream(type.getEnumConstants()).map(JsonNamed::jsonName).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(key + " must be one of " + names + ", but is \"" + shortened(text) + "\".");
    }

    /** @return keys of the file that nobody asked for, sorted, less the ones that start with an underscore */
    List<String> unread() {
        return json.keySet().stream().filter(key -> !key.startsWith("_") && !read.contains(key)).sorted().toList();
    }

    private Object value(final String key) {
        read.add(key);
        return filledIn.contains(key) ? null : json.get(key);
    }

    /** Python writes infinities as bare words, which some parsers hand on as strings. */
    private static double toDouble(final String key, final Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if ("-Infinity".equals(value) || "-inf".equals(value)) {
            return Double.NEGATIVE_INFINITY;
        }
        throw wrongType(key, "a number", value);
    }

    private static String shortened(final String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }

    private static IllegalArgumentException wrongType(final String key, final String expected, final Object found) {
        return new IllegalArgumentException(key + " must be " + expected + ", but is " + shortened(String.valueOf(found)) + ".");
    }
}
