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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacroTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "two words", "a \"quoted\" word", "'single'", "it's", "a [b] c", "unbalanced ] here", "[[", "steps=9 seed=3",
        "two\nlines\tand a tab", "C:\\models\\x", "naïve café", "細胞 の 核", "\uD83E\uDDEB dish", "&#93; as text", "&amp;", "ends with [", "Ã©"})
    void everyTextSurvivesRecording(final String text) {
        final String encoded = MacroText.encode(text);
        assertEquals(text, MacroText.decode(encoded));
        assertTrue(encoded.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '[' && c != ']'), encoded);
        assertEquals(text, MacroText.decode(MacroOptions.parse("prompt=[" + encoded + "] seed=1 ").get("prompt")));
    }

    @Test
    void utf8ThatImageJReadAsLatin1IsPutRight() {
        final String asImageJReadsIt = new String("naïve 細胞".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals("naïve 細胞", MacroText.decode(asImageJReadsIt));
    }

    @Test
    void realLatin1Stays() {
        assertEquals("naïve café", MacroText.decode("naïve café"));
    }

    @Test
    void referencesToNothingStay() {
        assertEquals("&#9999999; &#x41; &#;", MacroText.decode("&#9999999; &#x41; &#;"));
    }
}
