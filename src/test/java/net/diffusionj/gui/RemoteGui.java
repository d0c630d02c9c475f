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
package net.diffusionj.gui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;

import net.diffusionj.testing.Folders;

/** ImageJ whose pictures another process makes: from the menu and from macros, with progress and Esc, as if it made them itself. */
@Timeout(120)
class RemoteGui {

    private static Process server;
    private static String address;

    @BeforeAll
    static void startServer() throws IOException {
        RealImageJ.start();
        final String separator = System.getProperty("path.separator");
        final String classPath = jar() + separator + Files.readString(Folders.target("imagej-launch").resolve("runtime")).strip();
        server = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx600m", "-Ddiffusionj.home="
            + Folders.target("gui").resolve("server-home"), "-cp", classPath, "net.diffusionj.cli.Main", "serve", "--port", "0", "--model",
            RealImageJ.MODEL)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
        final String line = output.readLine();
        assertTrue(line != null && line.startsWith("DiffusionJ serves at "), line);
        address = line.split(" ")[3];
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Folders.target(""))) {
            return files
                .filter(file -> file.getFileName().toString().matches("DiffusionJ_-.*\\.jar") && !file.toString().matches(".*-(sources|tests|javadoc)\\.jar"))
                .findFirst().orElseThrow();
        }
    }

    @AfterAll
    static void stopServer() {
        server.destroyForcibly();
    }

    @BeforeEach
    void tidy() {
        RealImageJ.tidy();
    }

    private static int running() {
        return metric("diffusionj_running");
    }

    private static int made() {
        return metric("diffusionj_images_total");
    }

    private static int metric(final String name) {
        try {
            final String metrics = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(address + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
            return metrics.lines().filter(line -> line.startsWith(name + ' ')).mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1])).sum();
        }
        catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMacroGetsThePixelsThatItWouldMakeItself() {
        RealImageJ.run("Text to Image...", "prompt=[bright nuclei] seed=4 steps=3 model=[" + RealImageJ.MODEL + "]");
        final ImagePlus here = RealImageJ.image(1);
        final int before = made();
        RealImageJ.run("Text to Image...", "prompt=[bright nuclei] seed=4 steps=3 model=[" + address + "]");
        final ImagePlus there = RealImageJ.image(2);
        assertEquals(before + 1, made());
        assertArrayEquals((int[]) here.getProcessor().getPixels(), (int[]) there.getProcessor().getPixels());
        assertEquals(here.getProperty("Info"), there.getProperty("Info"));
    }

    @Test
    void sixteenBitsGoThereAndBackWhereTheSettingsNameTheServer() {
        final ImagePlus source = IJ.createImage("source", "16-bit ramp", 70, 50, 1);
        source.show();
        final String options = "prompt=[bright nuclei] strength=0.6 seed=2 steps=4";
        RealImageJ.run("Image to Image...", options + " model=[" + RealImageJ.MODEL + "]");
        final short[] here = (short[]) RealImageJ.image(2).getProcessor().getPixels();
        IJ.selectWindow(source.getID());
        final int before = made();
        System.setProperty("diffusionj.server", address);
        try {
            RealImageJ.run("Image to Image...", options);
        }
        finally {
            System.clearProperty("diffusionj.server");
        }
        assertArrayEquals(here, (short[]) RealImageJ.image(3).getProcessor().getPixels());
        assertEquals(before + 1, made());
    }

    @Test
    void theMenuShowsProgressAndEscEndsTheRunThere() {
        RealImageJ.choose("Text to Image...");
        final GenericDialog dialog = RealImageJ.dialog("Text to Image");
        RealImageJ.setPrompt(dialog, "something slow");
        RealImageJ.type(dialog, "Model", address);
        RealImageJ.type(dialog, "Steps", "900");
        RealImageJ.type(dialog, "Width", "384");
        RealImageJ.type(dialog, "Height", "384");
        RealImageJ.ok(dialog);
        RealImageJ.waitFor("the first step", () -> Optional.ofNullable(ImageJ.getStatusBarText()).filter(text -> text.startsWith("Step ")));
        assertEquals(1, running());
        final long millis = RealImageJ.escapeUntil("the end of the run", () -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("Text to Image...")));
        assertTrue(millis < 5000, "Esc took " + millis + " ms");
        assertEquals(0, WindowManager.getImageCount());
        RealImageJ.waitFor("the end of the work there", () -> Optional.of(true).filter(ended -> running() == 0));
        RealImageJ.run("Text to Image...", "prompt=again steps=3 model=[" + address + "/sd1]");
        RealImageJ.image(1);
    }

    @Test
    void aServerThatIsNotThereIsSaidInOneSentence() {
        final Thread thread = new Thread(() -> IJ.run("Text to Image...", "prompt=x model=[http://127.0.0.1:1]"), "Run$_test");
        thread.setUncaughtExceptionHandler((t, e) -> assertEquals("Macro canceled", e.getMessage()));
        thread.start();
        final String said = RealImageJ.message();
        assertTrue(said.contains("http://127.0.0.1:1 cannot be reached"), said);
        assertEquals(0, WindowManager.getImageCount());
    }
}
