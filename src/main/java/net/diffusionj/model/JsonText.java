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

import net.diffusionj.InvalidInputException;

/**
 * The text of a JSON file made ready for a parser: what is nested too deep or holds too many values is refused before anything is made of it, and numbers
 * that JSON does not have are put in quotes. Checks nothing else.
 */
final class JsonText {

    /** Real files nest 6 deep; what reads the values calls itself once a level. */
    private static final int MOST_LEVELS = 1000;
    /** CLIP's tokenizer.json has 200,000. */
    private static final int MOST_VALUES = 500_000;
    /** As Python's writer lets diffusers write them, for example {@code "lambda_min_clipped": -Infinity}. */
    private static final String[] NON_FINITE = {"-Infinity", "Infinity", "NaN"};

    private final Path file;
    private final String json;
    private final StringBuilder quoted = new StringBuilder();
    private int copied;
    private int level;
    private int values;

    private JsonText(final Path file, final String json) {
        this.file = file;
        this.json = json;
    }

    /**
     * @param file for messages
     * @param json its content
     * @return the content, each non-finite number outside strings made a string
     * @throws InvalidInputException if there are too many levels or values
     */
    static String ready(final Path file, final String json) {
        return new JsonText(file, json).scan();
    }

    private String scan() {
        for (int i = 0; i < json.length();) {
            final char c = json.charAt(i);
            if (c == '"') i = afterString(i + 1);
            else if (c == '-' || c == 'I' || c == 'N') i = afterWord(i);
            else {
                if (c == '[' || c == '{') open();
                else if (c == ']' || c == '}') level--;
                else if (c == ',') countValue();
                i++;
            }
        }
        return copied == 0 ? json : quoted.append(json, copied, json.length()).toString();
    }

    private int afterString(final int start) {
        int i = start;
        while (i < json.length() && json.charAt(i) != '"') i += json.charAt(i) == '\\' ? 2 : 1;
        return i + 1;
    }

    private int afterWord(final int start) {
        for (final String word : NON_FINITE) {
            if (!json.startsWith(word, start)) continue;
            quoted.append(json, copied, start).append('"').append(word).append('"');
            copied = start + word.length();
            return copied;
        }
        return start + 1;
    }

    private void open() {
        if (++level > MOST_LEVELS) {
            throw new InvalidInputException(file + " is nested more than " + MOST_LEVELS + " levels deep, which no configuration is. Download or copy it"
                + " again.");
        }
        countValue();
    }

    private void countValue() {
        if (++values > MOST_VALUES) {
            throw new InvalidInputException(file + " holds more than " + MOST_VALUES + " values, which no configuration does. Download or copy it again.");
        }
    }
}
