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
package net.diffusionj.server.sdapi;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import net.diffusionj.server.http.Refusal;

/**
 * The fields of a request, read by name. A field that is not there, or null, is left open. What nobody has read in the end is told to the client, unless it asks
 * for nothing. Not thread-safe.
 */
final class Fields {

    /** Values with which fields that are not read ask for nothing; besides false, 0, and what is empty. */
    private static final Map<String, Set<String>> ASKS_NOTHING = asksNothing();

    private final JsonObject json;
    private final Set<String> read = new LinkedHashSet<>();

    Fields(final JsonObject json) {
        this.json = json;
    }

    private static Map<String, Set<String>> asksNothing() {
        final Map<String, Set<String>> values = new HashMap<>();
        values.put("subseed", Set.of("-1"));
        values.put("seed_resize_from_h", Set.of("-1"));
        values.put("seed_resize_from_w", Set.of("-1"));
        values.put("s_noise", Set.of("1", "1.0"));
        values.put("eta", Set.of("1", "1.0"));
        values.put("initial_noise_multiplier", Set.of("1", "1.0"));
        return values;
    }

    private Optional<JsonElement> field(final String name) {
        read.add(name);
        return Optional.ofNullable(json.get(name)).filter(value -> !value.isJsonNull());
    }

    /** @param names of fields that change nothing here, whatever they say */
    void skip(final String... names) {
        read.addAll(Set.of(names));
    }

    /** @param name of a field
     *  @return its text; a number's digits */
    Optional<String> text(final String name) {
        return field(name).map(value -> {
            if (!value.isJsonPrimitive()) throw wrong(name, "a text", value);
            return value.getAsString();
        });
    }

    /** @param name of a field
     *  @param least it may be
     *  @return its whole number */
    OptionalInt whole(final String name, final int least) {
        final Optional<Integer> found = field(name).map(value -> {
            try {
                final int number = new BigDecimal(value.getAsString().strip()).intValueExact();
                if (number >= least) return number;
            }
            catch (final NumberFormatException | ArithmeticException | UnsupportedOperationException | IllegalStateException e) {
                throw wrong(name, "a whole number", value);
            }
            throw wrong(name, "a whole number of " + least + " or more", value);
        });
        return found.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** @param name of a field
     *  @return its number */
    OptionalDouble number(final String name) {
        final Optional<Double> found = field(name).map(value -> {
            try {
                return Double.valueOf(value.getAsString().strip());
            }
            catch (final NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
                throw wrong(name, "a number", value);
            }
        });
        return found.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    /** @param name of a field
     *  @param otherwise what it is if it is left out
     *  @return whether it is true */
    boolean flag(final String name, final boolean otherwise) {
        return field(name).map(value -> {
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) throw wrong(name, "true or false", value);
            return value.getAsBoolean();
        }).orElse(otherwise);
    }

    /** @param name of a field
     *  @return its object */
    Optional<JsonObject> object(final String name) {
        return field(name).map(value -> {
            if (!value.isJsonObject()) throw wrong(name, "an object", value);
            return value.getAsJsonObject();
        });
    }

    /** @param name of a field
     *  @return its list */
    Optional<JsonArray> list(final String name) {
        return field(name).map(value -> {
            if (!value.isJsonArray()) throw wrong(name, "a list", value);
            return value.getAsJsonArray();
        });
    }

    private static Refusal wrong(final String name, final String expected, final JsonElement found) {
        final String shown = found.toString();
        return Refusal
            .input("The field " + name + " should be " + expected + ", but is " + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown) + '.');
    }

    /** @return names of fields that ask for something and were not read, in alphabetical order */
    Set<String> ignored() {
        final Set<String> ignored = new TreeSet<>(json.keySet());
        ignored.removeAll(read);
        ignored.removeIf(name -> asksForNothing(name, json.get(name)));
        return ignored;
    }

    private static boolean asksForNothing(final String name, final JsonElement value) {
        final String text = value.toString();
        return Set.of("null", "false", "0", "0.0", "\"\"", "[]", "{}").contains(text) || ASKS_NOTHING.getOrDefault(name, Set.of()).contains(text);
    }
}
