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
package net.diffusionj.service.settings;

import net.diffusionj.InvalidInputException;

/**
 * One thing that can be set. Immutable.
 *
 * @param <T> what Java code works with
 */
public final class SettingKey<T> {

    /** What stands before a key's name in a system property. */
    public static final String PROPERTY_PREFIX = "diffusionj.";

    private final String name;
    private final ValueType<T> type;
    private final T defaultValue;
    private final String meaning;

    SettingKey(final String name, final ValueType<T> type, final T defaultValue, final String meaning) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    /** @return as in {@code settings.json}: lower-case words with dots between, such as "cuda.memory" */
    public String name() {
        return name;
    }

    /** @return the system property that overrides the file */
    public String property() {
        return PROPERTY_PREFIX + name;
    }

    /** @return the value where nobody chose one */
    public T defaultValue() {
        return defaultValue;
    }

    /** @return the default as it would be written */
    public String defaultText() {
        return type.formatter().apply(defaultValue);
    }

    /** @return one sentence for people */
    public String meaning() {
        return meaning;
    }

    /** @return what may be written, such as "true or false" */
    public String expected() {
        return type.expected();
    }

    /**
     * Reads a value.
     *
     * @param text as written; blanks around it do not count
     * @param where the file or property that it comes from, for the message
     * @return the value
     * @throws InvalidInputException if it is not a value of this key; says where, which key, what was expected and what was found
     */
    public T parse(final String text, final String where) {
        return type.parser().apply(text.trim()).orElseThrow(() -> new InvalidInputException("In " + where + " the setting " + name + " should be "
            + type.expected() + ", but is '" + text + "'. Correct it, or run 'diffusionj settings reset " + name + "'."));
    }

    /** @return the text in the form in which it is stored: "4g" becomes "4G" */
    String normalised(final String text, final String where) {
        return type.formatter().apply(parse(text, where));
    }

    @Override
    public String toString() {
        return name;
    }
}
