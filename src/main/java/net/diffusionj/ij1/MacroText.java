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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a value survives in the options of {@code run(command, options)}, whatever it contains.
 * <p>
 * ImageJ has no escape for brackets, takes {@code steps=} in a prompt for a key, cuts lines at newlines and reads macro files as Latin-1. So what
 * would suffer is recorded as numeric references, as in HTML: {@code &#93;} for a closing bracket. Text that a person types needs them only for unbalanced brackets.
 * </p>
 * <p>
 * Stateless and thread-safe.
 * </p>
 */
final class MacroText {

    private static final Pattern REFERENCE = Pattern.compile("&#(\\d{1,7});");

    private MacroText() {}

    /**
     * @param value any text
     * @return the same in printable ASCII without brackets, leading quotes and anything that {@link #decode} would take for a reference
     */
    static String encode(final String value) {
        final StringBuilder text = new StringBuilder();
        value.codePoints().forEach(c -> {
            final boolean reference = c == '&' || c == '[' || c == ']' || c == '=' || c < ' ' || c > '~' || c == '\'' && text.isEmpty();
            if (reference) text.append("&#").append(c).append(';');
            else text.appendCodePoint(c);
        });
        return text.toString();
    }

    /**
     * @param text what a macro gave
     * @return the text with references replaced, and with UTF-8 put right that ImageJ has read as Latin-1
     */
    static String decode(final String text) {
        return REFERENCE.matcher(readAsUtf8(text)).replaceAll(MacroText::character);
    }

    private static String character(final MatchResult reference) {
        final int codePoint = Integer.parseInt(reference.group(1));
        final String character = Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : reference.group();
        return Matcher.quoteReplacement(character);
    }

    /**
     * Puts right what ImageJ reads from a macro file in UTF-8. Real Latin-1 text is not valid UTF-8 by chance: its accented letters would have to
     * stand before signs such as the copyright sign.
     *
     * @param text any text
     * @return the text as it was meant
     */
    static String readAsUtf8(final String text) {
        if (text.chars().allMatch(c -> c < 0x80) || text.chars().anyMatch(c -> c > 0xff)) return text;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1))).toString();
        }
        catch (final CharacterCodingException notUtf8) {
            return text;
        }
    }
}
