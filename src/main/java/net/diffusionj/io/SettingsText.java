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
package net.diffusionj.io;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings as text that people read and programs read back exactly: one line {@code key: value} for each entry, in order, under a heading. This
 * is what a TIFF's Info and a PNG's text chunk hold, and ImageJ's {@code getInfo(key)} finds single entries in it.
 * <p>
 * A backslash stands before what would break a line or an entry: {@code \\}, {@code \n}, {@code \r}, {@code \:} in a key, and {@code \}{@code uXXXX}
 * for other control characters and for surrogates without their partner, which UTF-8 cannot hold. All else, in any script, stands as it is.
 * </p>
 * <p>
 * Stateless and thread-safe.
 * </p>
 */
public final class SettingsText {

    /** The first line. */
    public static final String HEADING = "DiffusionJ settings";

    private static final String SEPARATOR = ": ";

    private SettingsText() {}

    /**
     * @param settings keys and values, in the order to write; no key is empty
     * @return the text; empty for no settings
     */
    public static String format(final Map<String, String> settings) {
        if (settings.isEmpty()) {
            return "";
        }
        final StringBuilder text = new StringBuilder(HEADING).append('\n');
        settings.forEach((key, value) -> {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("expected a key before the value '" + value + "', found an empty one");
            }
            escape(key, true, text);
            text.append(SEPARATOR);
            escape(value, false, text);
            text.append('\n');
        });
        return text.toString();
    }

    /**
     * Reads what {@link #format} wrote. Text before the heading, and lines below it that are not entries, were added by others and are passed
     * over.
     *
     * @param text any text
     * @return keys and values in order, modifiable; empty if the heading is nowhere
     */
    public static Map<String, String> parse(final String text) {
        final Map<String, String> settings = new LinkedHashMap<>();
        boolean below = false;
        for (final String line : text.split("\r\n|\n|\r", -1)) {
            if (!below) {
                below = line.equals(HEADING);
                continue;
            }
            final int end = endOfKey(line);
            if (end > 0) {
                settings.put(unescape(line.substring(0, end)), unescape(line.substring(end + SEPARATOR.length())));
            }
        }
        return settings;
    }

    private static int endOfKey(final String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
            }
            else if (line.startsWith(SEPARATOR, i)) {
                return i;
            }
        }
        return -1;
    }

    private static void escape(final String raw, final boolean key, final StringBuilder text) {
        for (int i = 0; i < raw.length(); i++) {
            final char c = raw.charAt(i);
            if (c == '\\' || key && c == ':') {
                text.append('\\').append(c);
            }
            else if (c == '\n') {
                text.append("\\n");
            }
            else if (c == '\r') {
                text.append("\\r");
            }
            else if (Character.isHighSurrogate(c) && i + 1 < raw.length() && Character.isLowSurrogate(raw.charAt(i + 1))) {
                text.append(c).append(raw.charAt(++i));
            }
            else if (Character.isISOControl(c) && c != '\t' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            }
            else {
                text.append(c);
            }
        }
    }

    /** Whether four hexadecimal digits stand there; half an escape is text as it stands. */
    private static boolean isHex(final String text, final int at) {
        if (at + 4 > text.length()) {
            return false;
        }
        for (int i = at; i < at + 4; i++) {
            final char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')) {
                return false;
            }
        }
        return true;
    }

    static String unescape(final String escaped) {
        final StringBuilder raw = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            final char c = escaped.charAt(i);
            if (c != '\\' || i + 1 == escaped.length()) {
                raw.append(c);
                continue;
            }
            final char code = escaped.charAt(++i);
            if (code == 'n') {
                raw.append('\n');
            }
            else if (code == 'r') {
                raw.append('\r');
            }
            else if (code == 'u' && isHex(escaped, i + 1)) {
                raw.append((char) Integer.parseInt(escaped, i + 1, i + 5, 16));
                i += 4;
            }
            else {
                raw.append(code);
            }
        }
        return raw.toString();
    }
}
