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

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ai.onnxruntime.OrtEnvironment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.OrtFixtures;

/** Another plugin of the same JVM has loaded ONNX Runtime before us, in every way there is. Each in a JVM of its own, since nothing unloads it. */
class OtherPluginTest {

    @TempDir
    private Path temporary;

    /** The child: first the other plugin, then we. */
    public static final class Child {

        private Child() {}

        /** @param args what the other plugin does, and a folder to do it in
         *  @throws Exception if the other plugin fails */
        public static void main(final String[] args) throws Exception {
            final Path folder = Path.of(args[1]);
            final URL jar = OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation();
            switch (args[0]) {
                case "same-loader" -> OrtEnvironment.getEnvironment("another plugin");
                case "other-loader" -> load(jar);
                case "other-loader-with-a-folder" -> {
                    final NativeLibraries theirs = new NativeLibraries(folder, OrtEnvironment.class);
                    theirs.unpackCore();
                    System.setProperty(NativeLibraries.PATH_PROPERTY, theirs.folder().toString());
                    load(jar);
                }
                case "same-loader-with-a-folder" -> {
                    final NativeLibraries theirs = new NativeLibraries(folder, OrtEnvironment.class);
                    theirs.unpackCore();
                    System.setProperty(NativeLibraries.PATH_PROPERTY, theirs.folder().toString());
                    OrtEnvironment.getEnvironment();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
            final String property = System.getProperty(NativeLibraries.PATH_PROPERTY);
            try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "scalar")) {
                System.out
                    .println("ours gives " + OrtFixtures.runScalar(lease)[1] + " and cpu works: " + cache.providers().report(ExecutionProvider.CPU).works());
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
            if (!String.valueOf(property).equals(String.valueOf(System.getProperty(NativeLibraries.PATH_PROPERTY))))
                System.out.println("their property was changed");
        }

        /** The loader stays open for as long as the JVM lives, as a plugin's does. */
        private static void load(final URL jar) throws Exception {
            @SuppressWarnings("resource")
            final ClassLoader other = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
            final Object environment = other.loadClass(OrtEnvironment.class.getName()).getMethod("getEnvironment").invoke(null);
            System.out.println("theirs: " + environment);
        }
    }

    private String run(final String what) {
        final Path folder = temporary.resolve("theirs");
        assertTrue(Files.isDirectory(temporary));
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx200m", "-Djava.io.tmpdir=" + temporary), what, folder.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(!child.output().contains("their property was changed"), child::output);
            return child.output();
        }
    }

    private void assertWorks(final String what) {
        final String output = run(what);
        assertTrue(output.contains("ours gives 8.0 and cpu works: true"), output);
    }

    @Test
    void loadedByAPluginInTheSameLoaderServesUsToo() {
        assertWorks("same-loader");
    }

    @Test
    void fromAFolderOfTheirsInTheSameLoaderServesUsToo() {
        assertWorks("same-loader-with-a-folder");
    }

    @Test
    void loadedByAPluginInALoaderOfItsOwnIsNotInTheWay() {
        assertWorks("other-loader");
    }

    /** The property is theirs to set, and one file loads in one loader only. */
    @Test
    void fromAFolderThatTheyHaveSetForEverybodyIsRefusedInPlainWords() {
        final String output = run("other-loader-with-a-folder");
        assertTrue(output.contains("refused: ") && output.contains("in use by another plugin") && output.contains(NativeLibraries.PATH_PROPERTY), output);
    }
}
