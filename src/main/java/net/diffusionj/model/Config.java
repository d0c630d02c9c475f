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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Typed reading of one configuration file's values. A value of another kind than asked for counts as absent: exporters write a list where
 * one number is usual.
 */
record Config(Map<String, Object> values) {

    static final Config EMPTY = new Config(Map.of());

    Optional<String> text(final String key) {
        return values.get(key) instanceof final String text ? Optional.of(text) : Optional.empty();
    }

    OptionalDouble number(final String key) {
        return values.get(key) instanceof final Number number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty();
    }

    OptionalInt positive(final String key) {
        return values.get(key) instanceof final Number number && number.intValue() > 0 ? OptionalInt.of(number.intValue())
            : OptionalInt.empty();
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
}
