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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * Finds tensors by what they are among a session's inputs or outputs. Each tensor is taken once; what is left over at the end is what the
 * part wants and nobody knows how to give. Not thread-safe.
 */
final class Roles {

    private final Path file;
    private final String side;
    private final List<TensorSpec> all;
    private final List<TensorSpec> left;

    /** @param side "inputs" or "outputs", for messages */
    Roles(final Path file, final String side, final List<TensorSpec> specs) {
        this.file = file;
        this.side = side;
        all = List.copyOf(specs);
        left = new ArrayList<>(specs);
    }

    /** Takes the tensor that fits; of several, the first that one of the words names.
     *  @param expected the role in words, for the message */
    TensorSpec take(final String expected, final Predicate<TensorSpec> fits, final String... words) {
        return takeOptional(expected, fits, words).orElseThrow(() -> refuse(expected));
    }

    Optional<TensorSpec> takeOptional(final String expected, final Predicate<TensorSpec> fits, final String... words) {
        final List<TensorSpec> candidates = left.stream().filter(fits).toList();
        if (candidates.size() > 1) {
            final Optional<TensorSpec> named = named(candidates, words);
            if (named.isEmpty()) throw refuse("only one of " + expected);
            left.remove(named.get());
            return named;
        }
        candidates.forEach(left::remove);
        return candidates.stream().findFirst();
    }

    /** Takes a tensor that both fits and is named by one of the words. */
    Optional<TensorSpec> takeNamed(final Predicate<TensorSpec> fits, final String... words) {
        final Optional<TensorSpec> named = named(left.stream().filter(fits).toList(), words);
        named.ifPresent(left::remove);
        return named;
    }

    /** @throws InvalidInputException if a tensor was not taken */
    void requireNothingLeft(final String expected) {
        if (!left.isEmpty()) throw refuse(expected + " and nothing else");
    }

    InvalidInputException refuse(final String expected) {
        return new InvalidInputException(file + " has " + side + " that DiffusionJ cannot use: expected " + expected + ", found " + all
            + ". Export the model again with scripts/export/export.py.");
    }

    private static Optional<TensorSpec> named(final List<TensorSpec> candidates, final String... words) {
        for (final String word : words) {
            for (final TensorSpec spec : candidates) {
                if (spec.name().toLowerCase(Locale.ROOT).contains(word)) return Optional.of(spec);
            }
        }
        return Optional.empty();
    }

    static Predicate<TensorSpec> floats(final int rank) {
        return spec -> spec.type().isFloat() && spec.rank() == rank;
    }

    static Predicate<TensorSpec> integers(final int rank) {
        return spec -> spec.type().isInteger() && spec.rank() == rank;
    }

    /** @return the dimension's size where the graph fixes it */
    static OptionalInt fixed(final TensorSpec spec, final int axis) {
        if (axis >= spec.rank() || spec.shape().get(axis) < 1) return OptionalInt.empty();
        return OptionalInt.of(Math.toIntExact(spec.shape().get(axis)));
    }
}
