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
package net.diffusionj.ort.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

import ai.onnxruntime.OrtEnvironment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.testing.Folders;

/** Natives are unpacked once, into the home, and a second class loader of the same JVM works too. */
class NativeLibrariesTest {

    @Test
    void unpacksOnceAndLeavesNothingElse(@TempDir final Path home) throws IOException {
        final NativeLibraries natives = new NativeLibraries(home, OrtEnvironment.class);
        natives.unpackCore();
        final Path library = natives.folder().resolve(System.mapLibraryName("onnxruntime"));
        final FileTime written = Files.getLastModifiedTime(library);
        assertTrue(Files.size(library) > 1_000_000);
        Files.setLastModifiedTime(library, FileTime.fromMillis(written.toMillis() - 60_000));
        natives.unpackCore();
        assertEquals(written.toMillis() - 60_000, Files.getLastModifiedTime(library).toMillis(), "not written again");
        try (Stream<Path> files = Files.list(natives.folder())) {
            assertEquals(0, files.filter(file -> file.toString().endsWith(".part")).count());
        }
    }

    @Test
    void thePathIsTakenBackForOthersInTheSameJvm() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        assertNull(System.getProperty(NativeLibraries.PATH_PROPERTY));
        assertTrue(onnx.version().matches("\\d+\\.\\d+\\.\\d+.*"), onnx.version());
    }

    /** What ImageJ's Refresh Menus does: the same plugin again, in a new class loader. */
    @Test
    void aSecondClassLoaderLoadsItsOwnCopy() throws Exception {
        OnnxEnvironment.load(Folders.HOME);
        final URL[] classPath = Stream.of(OnnxEnvironment.class, OrtEnvironment.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation()).toArray(URL[]::new);
        try (URLClassLoader second = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            final Class<?> environment = second.loadClass(OnnxEnvironment.class.getName());
            assertNotSame(OnnxEnvironment.class, environment);
            final Object loaded = environment.getMethod("load", Path.class).invoke(null, Folders.HOME);
            assertEquals(OnnxEnvironment.load(Folders.HOME).version(), environment.getMethod("version").invoke(loaded));
            final Class<?> providers = second.loadClass(ExecutionProviders.class.getName());
            final Object cpu = second.loadClass(ExecutionProvider.class.getName()).getField("CPU").get(null);
            final Object report = providers.getMethod("report", cpu.getClass()).invoke(providers.getConstructor(environment).newInstance(loaded), cpu);
            assertEquals(true, report.getClass().getMethod("works").invoke(report), "the second loader runs a graph");
        }
    }
}
