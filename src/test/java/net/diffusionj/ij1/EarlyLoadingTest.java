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

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SciJava loads and looks into when a context is made must not load ImageJ, which Fiji patches only afterwards. */
class EarlyLoadingTest {

    /** Our classes anew, on a path where ImageJ is not. */
    private static final class WithoutImageJ extends URLClassLoader {
        private final List<String> asked = new ArrayList<>();

        WithoutImageJ() {
            super(new URL[] {SourceImageService.class.getProtectionDomain().getCodeSource().getLocation()}, EarlyLoadingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("ij.")) {
                asked.add(name);
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("net.diffusionj.")) return super.loadClass(name, resolve);
            final Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"net.diffusionj.ij1.SourceImageService", "net.diffusionj.ij1.EscapeService", "net.diffusionj.ij1.InputMemory",
        "net.diffusionj.ij1.RunEndService", "net.diffusionj.ij1.MonitorService", "net.diffusionj.commands.SessionMonitor",
        "net.diffusionj.commands.TextToImage",
        "net.diffusionj.commands.ImageToImage", "net.diffusionj.commands.ReleaseMemory", "net.diffusionj.service.DefaultDiffusionService",
        "net.diffusionj.service.DefaultOnnxSessionService"})
    void looksIntoWithoutImageJ(final String name) throws Exception {
        try (WithoutImageJ loader = new WithoutImageJ()) {
            final Class<?> type = Class.forName(name, true, loader);
            type.getDeclaredMethods();
            type.getDeclaredFields();
            type.getDeclaredConstructor().newInstance();
            assertEquals(List.of(), loader.asked);
        }
    }

    @Test
    void theTestWouldNotice() throws Exception {
        try (WithoutImageJ loader = new WithoutImageJ()) {
            final Class<?> type = Class.forName("net.diffusionj.ij1.SourceImages", false, loader);
            assertThrows(NoClassDefFoundError.class, type::getDeclaredMethods);
        }
    }

    /** Fiji takes such a file from the top of the class path, would find each of our commands twice and say so at each start. */
    @Test
    void theMenuOfPlainImageJIsNotWhereFijiLooks() {
        assertNull(CommandBridge.class.getResource("/plugins.config"));
        assertNotNull(CommandBridge.class.getResource("plugins.config"));
    }

    /** Of two entries of one name ImageJ complains in a dialog at each start. */
    @Test
    void everyEntryOfTheMenuStandsOnce() throws IOException {
        try (InputStream in = CommandBridge.class.getResourceAsStream("plugins.config")) {
            final List<String> entries = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("Plugins>"))
                .map(line -> line.split("\"")[1]).toList();
            assertTrue(entries.contains("Text to Image..."), entries.toString());
            assertEquals(entries.stream().distinct().toList(), entries);
        }
    }
}
