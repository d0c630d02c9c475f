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
package net.diffusionj.home;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the examples of FIPS 180-4, however the bytes are given. */
class Sha256Test {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String MILLION_A = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void agreesWithTheStandard() throws IOException {
        assertEquals(EMPTY, Sha256.of(""));
        assertEquals(ABC, Sha256.of("abc"));
        assertEquals(MILLION_A, Sha256.of(new ByteArrayInputStream(bytes("a".repeat(1_000_000)))));
    }

    @Test
    void piecesOfEveryKindAddUp() throws IOException {
        final ByteBuffer middle = ByteBuffer.wrap(bytes("xbx"), 1, 1);
        assertEquals(ABC, new Sha256().add("a").add(middle).add(new ByteArrayInputStream(bytes("c"))).add(new byte[0]).hex());
        assertFalse(middle.hasRemaining());
        assertEquals(Sha256.BYTES, new Sha256().bytes().length);
    }

    @Test
    void textIsUtf8() throws IOException {
        assertEquals(Sha256.of(new ByteArrayInputStream(new byte[] {(byte) 0xC3, (byte) 0xA4})), Sha256.of("\u00e4"));
    }

    @Test
    void beginsAnewAfterAHash() {
        final Sha256 sha256 = new Sha256().add("before");
        sha256.hex();
        assertEquals(ABC, sha256.add("abc").hex());
    }

    @Test
    void copiesAndCloses(@TempDir final Path folder) throws IOException {
        final AtomicBoolean closed = new AtomicBoolean();
        final ByteArrayInputStream source = new ByteArrayInputStream(bytes("abc")) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        assertEquals(ABC, Sha256.of(source, copy));
        assertTrue(closed.get());
        assertArrayEquals(bytes("abc"), copy.toByteArray());
        assertEquals(ABC, Sha256.of(Files.write(folder.resolve("file"), bytes("abc"))));
    }
}
