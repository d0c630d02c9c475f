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
package net.diffusionj.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.testing.Folders;

/** Mostly this class's work on system properties: the library itself loads once per JVM. */
class TokenizerNativesTest {

    private static final String LOADERS = "net.diffusionj.tokenizer.loaders";

    @TempDir
    private Path home;
    private final Map<String, String> before = new LinkedHashMap<>();

    @BeforeEach
    void clear() {
        for (final String key : new String[] {"DJL_CACHE_DIR", "RUST_LIBRARY_PATH", "ai.djl.offline", "OPT_OUT_TRACKING", LOADERS}) {
            before.put(key, System.getProperty(key));
            System.clearProperty(key);
        }
    }

    @AfterEach
    void restore() {
        before.forEach((key, value) -> {
            if (value == null) System.clearProperty(key);
            else System.setProperty(key, value);
        });
    }

    @Test
    void eachClassLoaderHasAFolderOfItsOwnTheSameEachTime() {
        final String first = TokenizerNatives.folder(home).toString();
        assertTrue(first.startsWith(home.resolve("native").resolve("tokenizers-").toString()) && !first.contains("loader"), first);
        assertEquals(first, TokenizerNatives.folder(home).toString());
        System.setProperty(LOADERS, "another");
        assertEquals(first + "-loader2", TokenizerNatives.folder(home).toString());
        System.setProperty(LOADERS, "another,third");
        TokenizerNatives.folder(home);
        assertEquals(first + "-loader3", TokenizerNatives.folder(home).toString());
    }

    @Test
    void whatIsSetForTheLoadIsTakenBack() {
        TokenizerNatives.load(Folders.HOME);
        assertNull(System.getProperty("RUST_LIBRARY_PATH"));
        assertEquals("true", System.getProperty("ai.djl.offline"));
        assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
    }

    @Test
    void whatSomebodyElseHasSetStays() {
        System.setProperty("DJL_CACHE_DIR", "theirs");
        System.setProperty("ai.djl.offline", "false");
        TokenizerNatives.load(home);
        assertEquals("theirs", System.getProperty("DJL_CACHE_DIR"));
        assertEquals("false", System.getProperty("ai.djl.offline"));
        assertTrue(Files.notExists(home.resolve("native")), "DJL unpacks by itself");
    }
}
