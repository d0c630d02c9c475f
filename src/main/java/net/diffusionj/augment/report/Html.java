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
package net.diffusionj.augment.report;

import java.util.Base64;

/** Builds a page. Everything that comes from outside passes {@link #escaped}. Not thread-safe. */
final class Html {

    private final StringBuilder page = new StringBuilder();

    /** @return the text with nothing that a browser would take for markup, in content and in attributes */
    static String escaped(final String text) {
        final StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                // Control characters are no characters of HTML.
                default -> out.append(c < ' ' && c != '\n' && c != '\t' || c == 0x7f ? '\ufffd' : c);
            }
        }
        return out.toString();
    }

    /** Adds markup as it stands: for text of this package alone. */
    Html raw(final String markup) {
        page.append(markup);
        return this;
    }

    Html text(final String text) {
        page.append(escaped(text));
        return this;
    }

    Html element(final String tag, final String text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag + ">\n");
    }

    /** A row of a table; the first cell is its head. */
    Html row(final String head, final String... cells) {
        raw("<tr><th scope=\"row\">").text(head).raw("</th>");
        for (final String cell : cells) raw("<td>").text(cell).raw("</td>");
        return raw("</tr>\n");
    }

    Html heads(final String... heads) {
        raw("<tr>");
        for (final String head : heads) raw("<th scope=\"col\">").text(head).raw("</th>");
        return raw("</tr>\n");
    }

    /** @param type such as {@code image/png} */
    Html picture(final String type, final byte[] bytes, final String words) {
        return raw("<img src=\"data:" + type + ";base64,").raw(Base64.getEncoder().encodeToString(bytes)).raw("\" alt=\"").text(words).raw("\">");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
