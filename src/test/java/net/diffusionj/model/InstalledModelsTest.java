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
package net.diffusionj.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledModelsTest {

    /** A jar without a model, as a build without the resource would be. */
    private static final BundledModel NONE = new BundledModel(InstalledModels.DEFAULT_NAME, new URLClassLoader(new URL[0], null));

    @TempDir
    private Path home;

    @Test
    void namesAndPathsAreFound() throws IOException {
        final InstalledModels models = new InstalledModels(home, NONE);
        final Path one = ModelFixture.legacy(home.resolve("models/one"));
        final Path elsewhere = ModelFixture.legacy(home.resolve("elsewhere"));
        Files.createDirectories(home.resolve("models/no model"));
        assertEquals(List.of("one"), models.names());
        assertEquals(one, models.resolve("one"));
        assertEquals(one, models.resolve(" one "));
        assertEquals(elsewhere, models.resolve(elsewhere.toString()));
        assertEquals("one", models.open("one").name());
    }

    @Test
    void emptyNameMeansTheDefaultModel() throws IOException {
        final InstalledModels models = new InstalledModels(home, NONE);
        refused(models, "", "No model was given", "MicroDiff", "No model is installed", "folder of a Stable Diffusion model");
        final Path bundled = ModelFixture.legacy(home.resolve("models/MicroDiff"));
        assertEquals(bundled, models.resolve(""));
    }

    @Test
    void theJarsOwnModelIsUnpackedWhenItIsAskedFor() {
        final InstalledModels models = new InstalledModels(home);
        assertEquals(List.of("MicroDiff"), models.names());
        assertFalse(Files.exists(home.resolve("models")), "listing unpacks nothing");
        assertEquals(home.resolve("models/MicroDiff"), models.resolve(""));
        assertEquals(models.resolve(""), models.resolve("MicroDiff"));
        assertEquals(List.of("MicroDiff"), models.names());
        assertEquals(128, models.open("").defaultWidthPx());
    }

    @Test
    void unknownNamesListTheInstalledOnes() throws IOException {
        ModelFixture.legacy(home.resolve("models/one"));
        final InstalledModels models = new InstalledModels(home, NONE);
        refused(models, "two", "There is no model \"two\"", "Installed: one.");
        refused(models, home.resolve("no/such").toString(), "There is no folder", "Installed: one.");
        refused(models, "..".repeat(3), "There is no folder");
        refused(models, "a\0b", "is not the name of a file or folder");
    }

    private static void refused(final InstalledModels models, final String name, final String... parts) {
        final String message = assertThrows(InvalidInputException.class, () -> models.resolve(name)).getMessage();
        for (final String part : parts) assertTrue(message.contains(part), message);
    }

    /** The child: works with a model until it is killed. */
    public static final class Worker {

        private Worker() {}

        /** @param args the home, the name of a model */
        public static void main(final String[] args) throws InterruptedException {
            final InstalledModels models = new InstalledModels(Path.of(args[0]));
            final Path model = models.folder().resolve(args[1]);
            final InstalledModels.Use first = models.use(model);
            final InstalledModels.Use second = models.use(model);
            first.close();
            System.out.println("working");
            Thread.sleep(Duration.ofMinutes(2).toMillis());
            second.close();
        }
    }

    @Test
    void whatAnotherProgramWorksWithIsNotRemoved() throws IOException {
        final InstalledModels models = new InstalledModels(home, NONE);
        final Path one = ModelFixture.legacy(home.resolve("models/one"));
        final Path two = ModelFixture.legacy(home.resolve("models/two"));
        try (ChildJvm child = ChildJvm.start(Worker.class, List.of(), home.toString(), "one")) {
            assertTrue(child.waitForLine("working"));
            final String why = assertThrows(InvalidInputException.class, () -> models.remove("one")).getMessage();
            assertTrue(why.startsWith("The model one is in use, here or in another program."), why);
            assertTrue(Files.exists(one));
            models.remove("two");
            assertFalse(Files.exists(two));
        }
        models.remove("one");
        assertFalse(Files.exists(one));
        try (Stream<Path> left = Files.list(models.folder())) {
            assertEquals(List.of(), left.toList());
        }
    }
}
