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
package net.diffusionj.ij1;

import net.diffusionj.InvalidInputException;

import org.scijava.util.Types;

/** The types of values that a macro and a dialog can give, and how their text becomes a value. */
enum OptionType {
    TEXT("text"), WHOLE("a whole number"), DECIMAL("a number"), FLAG("true or false"),
    /** Services, images and whatever else cannot be typed. */
    NONE("nothing");

    private final String described;

    OptionType(final String described) {
        this.described = described;
    }

    /**
     * @param type class of a parameter
     * @return how it is typed
     */
    static OptionType of(final Class<?> type) {
        if (type == String.class) return TEXT;
        final Class<?> boxed = Types.box(type);
        if (boxed == Integer.class || boxed == Long.class || boxed == Short.class) return WHOLE;
        if (boxed == Double.class || boxed == Float.class) return DECIMAL;
        return boxed == Boolean.class ? FLAG : NONE;
    }

    /**
     * @param name of the parameter, for the message
     * @param text what was typed
     * @param type class of the parameter
     * @return a value of that class
     * @throws InvalidInputException if the text is not of this type
     */
    static Object parse(final String name, final String text, final Class<?> type) {
        final OptionType kind = of(type);
        final String stripped = text.strip();
        try {
            return switch (kind) {
                case TEXT -> text;
                // A macro's arithmetic gives 20.0 where 20 is meant.
                case WHOLE -> narrow(stripped.endsWith(".0") ? stripped.substring(0, stripped.length() - 2) : stripped, type);
                case DECIMAL -> Types.box(type) == Float.class ? (Object) Float.valueOf(stripped) : Double.valueOf(stripped);
                case FLAG -> flag(stripped);
                case NONE -> throw new IllegalArgumentException(type.getName());
            };
        }
        catch (final NumberFormatException e) {
            throw new InvalidInputException("Expected " + kind.described + " for " + name + ", found \"" + text + "\".", e);
        }
    }

    private static Object narrow(final String text, final Class<?> type) {
        final Class<?> boxed = Types.box(type);
        if (boxed == Long.class) return Long.valueOf(text);
        return boxed == Integer.class ? (Object) Integer.valueOf(text) : Short.valueOf(text);
    }

    private static Boolean flag(final String text) {
        if (text.equalsIgnoreCase("true") || text.equals("1")) return Boolean.TRUE;
        if (text.equalsIgnoreCase("false") || text.equals("0")) return Boolean.FALSE;
        throw new NumberFormatException(text);
    }
}
