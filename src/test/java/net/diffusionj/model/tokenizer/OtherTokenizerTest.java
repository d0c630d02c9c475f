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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import ai.djl.huggingface.tokenizers.jni.LibUtils;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.DiffusionJException;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Models;

/** Another plugin of the same JVM has loaded DJL's tokenizers before us. Each in a JVM of its own, since nothing unloads them. */
class OtherTokenizerTest {

    private static final Path FILES = Models.of("turbo").resolve("tokenizer");

    @TempDir
    private Path temporary;

    /** The child: first the other plugin, then we. */
    public static final class Child {

        private Child() {}

        /** @param args what the other plugin does, our home, the class path
         *  @throws Exception if the other plugin fails */
        public static void main(final String[] args) throws Exception {
            switch (args[0]) {
                case "nobody" -> System.out.println("we are the first");
                case "same-loader" -> LibUtils.checkStatus();
                case "other-loader" -> load();
                case "other-loader-with-a-folder" -> {
                    System.setProperty("DJL_CACHE_DIR", args[1] + "-theirs");
                    load();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
            try (Tokenizer tokenizer = ClipTokenizer.open(FILES, 24, Path.of(args[1]))) {
                System.out.println("ours gives " + Arrays.toString(tokenizer.encode("a photo of a cat").ids()));
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        private static void load() throws Exception {
            final String[] entries = System.getProperty("java.class.path").split(java.io.File.pathSeparator);
            final URL[] urls = new URL[entries.length];
            for (int i = 0; i < urls.length; i++) urls[i] = Path.of(entries[i]).toUri().toURL();
            @SuppressWarnings("resource")
            final ClassLoader other = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
            other.loadClass(LibUtils.class.getName()).getMethod("checkStatus").invoke(null);
            System.out.println("theirs is loaded");
        }
    }

    private String run(final String what) {
        final List<String> options = List.of("-Xmx200m", "-Duser.home=" + temporary, "-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true");
        try (ChildJvm child = ChildJvm.start(Child.class, options, what, temporary.resolve("home").toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            return child.output().lines().filter(line -> line.startsWith("ours") || line.startsWith("refused")).findFirst().orElseThrow();
        }
    }

    @Test
    void loadedByAPluginBeforeUsIsNotInTheWay() {
        final String expected = run("nobody");
        assertTrue(expected.startsWith("ours gives ["), expected);
        assertEquals(expected, run("same-loader"));
        assertEquals(expected, run("other-loader"));
        assertTrue(Files.isDirectory(temporary.resolve("home/native")), "ours lies in our home");
    }

    @Test
    void fromAFolderThatTheyHaveSetForEverybodyIsRefusedInPlainWords() {
        final String refused = run("other-loader-with-a-folder");
        assertTrue(refused.startsWith("refused: ") && refused.contains("Another plugin has loaded it") && refused.contains("DJL_CACHE_DIR"), refused);
    }
}
