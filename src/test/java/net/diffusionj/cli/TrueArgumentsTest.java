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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrueArgumentsTest {

    private static final Charset ASCII = StandardCharsets.US_ASCII;

    @TempDir
    private Path folder;

    private Path system(final byte[]... words) throws IOException {
        final Path file = folder.resolve("cmdline");
        final var all = new java.io.ByteArrayOutputStream();
        for (final byte[] word : words) {
            all.write(word);
            all.write(0);
        }
        return Files.write(file, all.toByteArray());
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void wordsComeBackAsTyped() throws IOException {
        final String[] typed = {"txt2img", "--prompt", "na\u00efve \u4e2d\u6587 \ud83d\udd2c", "", "--output", "o.png"};
        final byte[][] words = new byte[typed.length + 3][];
        words[0] = utf8("java");
        words[1] = utf8("-Dx=\u00e9");
        words[2] = utf8("net.diffusionj.cli.Main");
        final String[] read = new String[typed.length];
        for (int i = 0; i < typed.length; i++) {
            words[3 + i] = utf8(typed[i]);
            read[i] = new String(words[3 + i], ASCII);
        }
        assertArrayEquals(typed, TrueArguments.of(read, system(words), ASCII));
    }

    @Test
    void wordsWithoutReplacementsAreLeftAlone() {
        final String[] args = {"txt2img", "caf\u00e9"};
        assertSame(args, TrueArguments.of(args, folder.resolve("absent"), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsLostIsRefusedWithTheLocale() throws IOException {
        final byte[] latin = {'n', 'a', (byte) 0xef, 'v', 'e'};
        final String[] read = {new String(latin, ASCII)};
        for (final Path list : new Path[] {system(latin), system(utf8("other")), system(), folder.resolve("absent")}) {
            final String message = assertThrows(InvalidInputException.class, () -> TrueArguments.of(read, list, ASCII)).getMessage();
            assertTrue(message.contains("locale") && message.contains("LC_ALL=C.UTF-8"), message);
        }
    }
}
