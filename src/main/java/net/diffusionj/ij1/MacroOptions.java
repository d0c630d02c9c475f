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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import net.diffusionj.InvalidInputException;

/**
 * Reads the options of {@code run(command, options)}: {@code key=word}, {@code key=[several words]}, {@code key='several words'} and bare keys.
 * <p>
 * Unlike {@code ij.Macro.getValue} it reads from left to right, so that a prompt may contain {@code steps=9}, and it refuses what it does not
 * understand instead of passing over it in silence.
 * </p>
 */
final class MacroOptions {

    private final String text;
    private int at;

    private MacroOptions(final String text) {
        this.text = text;
    }

    /**
     * @param options as {@code ij.Macro.getOptions()} gives them
     * @return keys in lower case and their values, in order; a bare key has the value "true"
     * @throws InvalidInputException if brackets or quotes do not end, or a key comes twice
     */
    static Map<String, String> parse(final String options) {
        return new MacroOptions(options).parse();
    }

    private Map<String, String> parse() {
        final Map<String, String> values = new LinkedHashMap<>();
        for (skipSpace(); at < text.length(); skipSpace()) {
            final String key = key();
            final String value = at < text.length() && text.charAt(at) == '=' ? value(key) : "true";
            if (values.put(key, value) != null) {
                throw new InvalidInputException("The option " + key + " is given twice. Put brackets around text with spaces: " + key + "=[...].");
            }
        }
        return values;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
    }

    private String key() {
        final int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !Character.isWhitespace(text.charAt(at))) at++;
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private String value(final String key) {
        at++;
        if (at == text.length()) return "";
        return switch (text.charAt(at)) {
            case '[' -> bracketed(key);
            case '\'' -> quoted(key);
            default -> word();
        };
    }

    private String bracketed(final String key) {
        final int start = ++at;
        for (int depth = 1; at < text.length(); at++) {
            if (text.charAt(at) == '[') depth++;
            if (text.charAt(at) == ']' && --depth == 0) return text.substring(start, at++);
        }
        throw new InvalidInputException("The option " + key + " opens more brackets than it closes. Write &#91; for [ and &#93; for ] where they"
            + " are not in pairs.");
    }

    private String quoted(final String key) {
        final int start = ++at;
        final int end = text.indexOf('\'', start);
        if (end < 0) {
            throw new InvalidInputException("The option " + key + " begins with a quote that does not end. Use brackets: " + key + "=[...].");
        }
        at = end + 1;
        return text.substring(start, end);
    }

    private String word() {
        final int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) at++;
        return text.substring(start, at);
    }
}
