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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

class SettingsTextTest {

    @Test
    void isPlainWhereItCanBe() {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("prompt", "sparse bright nuclei: 細胞, Zürich 🔬");
        settings.put("seed", "7");
        assertEquals("DiffusionJ settings\nprompt: sparse bright nuclei: 細胞, Zürich 🔬\nseed: 7\n", SettingsText.format(settings));
        assertEquals("", SettingsText.format(Map.of()));
    }

    @Test
    void bringsBackWhatIsHard() {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("a: b", "c: d");
        settings.put("lines", "one\ntwo\r\nthree\r");
        settings.put("back\\slash\\n", "\\u0041\\n\\");
        settings.put("empty", "");
        settings.put(" spaces ", "  around  ");
        settings.put("controls", "\0\1\u0085\u2028\t");
        settings.put("half a pair", "\ud83d and \udd2c");
        settings.put("DiffusionJ settings", "DiffusionJ settings");
        final Map<String, String> back = SettingsText.parse(SettingsText.format(settings));
        assertEquals(settings, back);
        assertEquals(new ArrayList<>(settings.keySet()), new ArrayList<>(back.keySet()));
    }

    @Test
    void bringsBackRandomText() {
        final Random random = new Random(3);
        final String alphabet = "ab:\\ \n\ru0041n\ud83d\udd2cé細\0\u0085";
        for (int run = 0; run < 2000; run++) {
            final Map<String, String> settings = new LinkedHashMap<>();
            for (int entry = 0; entry < 3; entry++) {
                settings.put("k" + entry + text(random, alphabet), text(random, alphabet));
            }
            assertEquals(settings, SettingsText.parse(SettingsText.format(settings)));
        }
    }

    @Test
    void passesOverWhatOthersAdded() {
        final String text = "Software: x\r\nDiffusionJ settings\r\nprompt: a\r\n\r\na remark\r\nseed: 7\r\n";
        assertEquals(List.of("prompt=a", "seed=7"), SettingsText.parse(text).entrySet().stream().map(Map.Entry::toString).toList());
        assertEquals(Map.of(), SettingsText.parse("prompt: a\nseed: 7\n"));
    }

    @Test
    void readsMillionsOfEscapesInTimeThatGrowsWithThem() {
        final String text = "DiffusionJ settings\nprompt: " + "\\u0041".repeat(2_700_000) + "\\u00\n";
        final Map<String, String> settings = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> SettingsText.parse(text));
        assertEquals("A".repeat(2_700_000) + "u00", settings.get("prompt"));
    }

    @Test
    void halfAnEscapeIsText() {
        for (final String half : new String[] {"\\u", "\\u1", "\\u12", "\\u123", "\\u12g4", "\\u-123", "\\u+041", "\\u 041"}) {
            assertEquals(half.substring(1) + " end", SettingsText.parse("DiffusionJ settings\nk: " + half + " end\n").get("k"));
        }
    }

    @Test
    void refusesAnEmptyKey() {
        assertThrows(IllegalArgumentException.class, () -> SettingsText.format(Map.of("", "x")));
    }

    private static String text(final Random random, final String alphabet) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
