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
package net.diffusionj.service;

import java.util.Locale;
import java.util.OptionalDouble;

import net.diffusionj.InvalidInputException;

/**
 * By how much the sides of a source are multiplied on the way to the model, so that its objects have the size in pixels that the model knows; the result
 * is brought back to the source's size.
 *
 * @param kind who says
 * @param factor the factor where it is given; empty otherwise
 */
public record ImageScale(Kind kind, OptionalDouble factor) {

    /** Who says by how much. */
    public enum Kind {
        /** The model's folder: estimated where it states the size of the objects that it knows, else 1. */
        MODELS_OWN,
        /** The image: estimated from the size of its objects. */
        AUTO,
        /** Whoever asked. */
        GIVEN
    }

    /** Estimated where the model states the size of the objects that it knows, else 1. */
    public static final ImageScale MODELS_OWN = new ImageScale(Kind.MODELS_OWN, OptionalDouble.empty());

    /** Estimated from the image. */
    public static final ImageScale AUTO = new ImageScale(Kind.AUTO, OptionalDouble.empty());

    private static final double SMALLEST = 1.0 / 64;
    private static final double LARGEST = 64;

    /** Checks the factor. */
    public ImageScale {
        if (factor.isPresent() != (kind == Kind.GIVEN)) throw new IllegalArgumentException(kind + " with factor " + factor);
        if (factor.isPresent() && !(factor.getAsDouble() >= SMALLEST && factor.getAsDouble() <= LARGEST)) {
            throw new InvalidInputException("Scale must be a number from 1/64 to 64, such as 0.5 or 2, or auto, not " + factor.getAsDouble() + ".");
        }
    }

    /**
     * @param factor 1/64 to 64
     * @return that scale
     * @throws InvalidInputException if it is outside
     */
    public static ImageScale of(final double factor) {
        return new ImageScale(Kind.GIVEN, OptionalDouble.of(factor));
    }

    /**
     * @param text a number, {@code auto}, or nothing for the model's own
     * @return what it says
     * @throws InvalidInputException if it says none of these
     */
    public static ImageScale parse(final String text) {
        final String said = text.strip().toLowerCase(Locale.ROOT);
        if (said.isEmpty()) return MODELS_OWN;
        if (said.equals("auto")) return AUTO;
        try {
            return of(Double.parseDouble(said));
        }
        catch (final NumberFormatException e) {
            throw new InvalidInputException("Scale must be a number from 1/64 to 64, such as 0.5 or 2, or auto, not '" + text + "'.", e);
        }
    }
}
