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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import ai.onnxruntime.OrtEnvironment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.DiffusionJException;
import net.diffusionj.testing.ChildJvm;

/** What the user reads where ONNX Runtime does not load: messages of three systems, and libraries that are really damaged. */
class LoadFailureTest {

    @TempDir
    private Path home;

    private static String words(final Throwable failure) {
        return LoadFailure.inPlainWords(failure, "HOME/native", "1.16.3", "plugins/onnxruntime-1.16.3.jar");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // Linux, macOS, Windows.
        "HOME/native/libonnxruntime.so: file too short | damaged",
        "HOME/native/libonnxruntime.so: invalid ELF header | damaged",
        "dlopen(HOME/native/libonnxruntime.dylib, 0x0001): tried: '...' (not a mach-o file) | damaged",
        "HOME\\native\\onnxruntime.dll: %1 is not a valid Win32 application | damaged",
        "Native Library HOME/native/libonnxruntime4j_jni.so already loaded in another classloader | in use by another plugin",
        "HOME/native/libonnxruntime.so: /lib/libc.so.6: version `GLIBC_2.28' not found | 64-bit Java",
    })
    void linkErrors(final String text, final String expected) {
        final String message = words(new UnsatisfiedLinkError(text));
        assertTrue(message.contains(expected) && message.contains(text) && message.contains("HOME/native"), message);
        assertEquals(message, words(new ExceptionInInitializerError(new UnsatisfiedLinkError(text))), "also from a static initialiser");
    }

    @Test
    void classesOfAnotherVersion() {
        final String message = words(new NoSuchMethodError("'void ai.onnxruntime.OrtEnvironment.setTelemetry(boolean)'"));
        assertTrue(message.contains("1.16.3") && message.contains("plugins/onnxruntime-1.16.3.jar") && message.contains("Remove the other jar"), message);
    }

    /** The child. */
    public static final class Child {

        private Child() {}

        /** @param args a home */
        public static void main(final String[] args) {
            try {
                System.out.println("loaded " + OnnxEnvironment.load(Path.of(args[0])).version());
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @Test
    void damagedLibrariesAreUnpackedAnew() throws IOException {
        final NativeLibraries natives = new NativeLibraries(home, OrtEnvironment.class);
        natives.unpackCore();
        final Path library = natives.folder().resolve(System.mapLibraryName("onnxruntime4j_jni"));
        Files.write(library, Arrays.copyOf(Files.readAllBytes(library), 20));
        final String loaded = run();
        assertTrue(loaded.startsWith("loaded "), loaded);
        assertTrue(Files.size(library) > 20, "unpacked anew");
    }

    private String run() {
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx100m"), home.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            return child.output().lines().filter(line -> line.startsWith("loaded") || line.startsWith("refused")).findFirst().orElseThrow();
        }
    }
}
