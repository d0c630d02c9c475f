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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/** Our text in a chunk of a PNG, also where another program compressed it. Stateless and thread-safe. */
final class PngText {

    /** Characters of settings; a prompt has some hundreds. */
    private static final int LONGEST_TEXT = 1 << 24;

    private PngText() {}

    /**
     * @param chunk an iTXt chunk
     * @return the text, if it stands under our keyword; otherwise empty
     * @throws IOException if the text is damaged or longer than settings can be
     */
    static String textOf(final byte[] chunk) throws IOException {
        return textOf(chunk, PngWriter.KEYWORD);
    }

    /** @param chunk an iTXt chunk
     *  @param under a keyword
     *  @return whether its text stands under that keyword */
    static boolean isUnder(final byte[] chunk, final String under) {
        final byte[] keyword = (under + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return chunk.length >= keyword.length + 4 && Arrays.equals(keyword, 0, keyword.length, chunk, 0, keyword.length);
    }

    /**
     * @param chunk an iTXt chunk
     * @param under a keyword
     * @return the text, if it stands under that keyword; otherwise empty
     * @throws IOException if the text is damaged or longer than settings can be
     */
    static String textOf(final byte[] chunk, final String under) throws IOException {
        if (!isUnder(chunk, under)) {
            return "";
        }
        final byte[] keyword = (under + "\0").getBytes(StandardCharsets.ISO_8859_1);
        final boolean compressed = chunk[keyword.length] != 0;
        int at = keyword.length + 2;
        // The language and the translated keyword each end with a zero.
        for (int skipped = 0; skipped < 2; skipped++) {
            while (at < chunk.length && chunk[at] != 0) {
                at++;
            }
            at++;
        }
        if (at > chunk.length) {
            throw new IOException("its text chunk is damaged");
        }
        if (!compressed) {
            return new String(chunk, at, chunk.length - at, StandardCharsets.UTF_8);
        }
        try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(chunk, at, chunk.length - at))) {
            final byte[] text = inflater.readNBytes(LONGEST_TEXT);
            if (text.length == LONGEST_TEXT) {
                throw new IOException("its settings unfold to more than 16 MB of text");
            }
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
