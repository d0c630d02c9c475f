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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.testing.Folders;

/** The macros of this project, first with a screen and then, unchanged, without: the same pixels and the same settings. */
@Timeout(180)
class MacroGui {

    private static final String QUICK = " steps=5 model=[" + RealImageJ.MODEL + "]";

    @BeforeEach
    void start() {
        RealImageJ.start();
        RealImageJ.tidy();
    }

    @Test
    void everyMacroMakesTheSameWithAndWithoutAScreen() throws IOException {
        final Path screen = RealImageJ.scratch("screen");
        final Path headless = RealImageJ.scratch("headless");
        final StringBuilder all = new StringBuilder();
        for (final Path folder : List.of(screen, headless)) {
            Files.createDirectories(folder.resolve("in"));
            IJ.saveAsTiff(IJ.createImage("ramp", "8-bit ramp", 64, 64, 1), folder.resolve("in/ramp.tif").toString());
            final boolean shown = folder == screen;
            for (final String[] macro : macros(folder)) {
                final String file = Folders.REPOSITORY.resolve("macros").resolve(macro[0] + ".ijm").toString();
                if (shown) RealImageJ.runToTheEnd(() -> IJ.runMacroFile(file, macro[1]));
                else all.append("runMacro(\"").append(file).append("\", \"").append(macro[1]).append("\");\n");
                if (shown && !List.of("Augment_Folder", "Quality_Report").contains(macro[0]))
                    assertTrue(WindowManager.getImageCount() > 0, macro[0] + " shows nothing");
            }
        }
        final Path wrapper = Files.writeString(RealImageJ.scratch("all.ijm"), all);
        RealImageJ.execute(Folders.REPOSITORY.resolve("scripts/imagej").toString(), "--headless", "--no-build", "-macro", wrapper.toString());
        for (final String name : List.of("text.tif", "sweep.tif", "grid.tif", "out/ramp_001.tif", "out/ramp_002.tif")) {
            assertSameImage(IJ.openImage(screen.resolve(name).toString()), IJ.openImage(headless.resolve(name).toString()), name);
        }
        assertEquals(3, Files.readAllLines(screen.resolve("out/manifest.csv")).size());
        for (final String text : List.of("out/manifest.csv", "out/report.html")) {
            assertEquals(Files.readString(screen.resolve(text)), Files.readString(headless.resolve(text)), text);
        }
    }

    private static List<String[]> macros(final Path folder) {
        return List.of(
            new String[] {"Text_to_Image", "prompt=[a b = c] seed=9 batch=2 output=[" + folder.resolve("text.tif") + "]" + QUICK},
            new String[] {"Strength_Sweep", "input=[" + folder.resolve("in/ramp.tif") + "] prompt=[x y] output=[" + folder.resolve("sweep.tif") + "]" + QUICK},
            new String[] {"Prompt_Grid", "prompts=[x y|z] seeds=1,2,3 output=[" + folder.resolve("grid.tif") + "]" + QUICK},
            new String[] {"Augment_Folder", "input=[" + folder.resolve("in") + "] output=[" + folder.resolve("out") + "] prompt=[x 'y'] variants=2"
                + " strength=0.5 camera=off" + QUICK},
            new String[] {"Quality_Report", "folder=[" + folder.resolve("out") + "]"});
    }

    private static void assertSameImage(final ImagePlus expected, final ImagePlus found, final String name) {
        assertEquals(expected.getStackSize(), found.getStackSize(), name);
        for (int i = 1; i <= expected.getStackSize(); i++) {
            final Object pixels = expected.getStack().getPixels(i);
            if (pixels instanceof final int[] rgb) assertArrayEquals(rgb, (int[]) found.getStack().getPixels(i), name);
            else assertArrayEquals((byte[]) pixels, (byte[]) found.getStack().getPixels(i), name);
        }
        assertEquals(expected.getProperty("Info"), found.getProperty("Info"), name);
    }

    @Test
    void memoryStaysWhereItWasOverThirtyGenerations() throws IOException {
        final Path log = RealImageJ.scratch("memory.txt");
        Files.deleteIfExists(log);
        final Path macro = Files.writeString(RealImageJ.scratch("memory.ijm"), "setBatchMode(true);\n"
            + "for (i = 1; i <= 30; i++) {\n"
            + "  run(\"Text to Image...\", \"prompt=[nuclei \" + i + \"] seed=\" + i + \"" + QUICK + "\");\n  close();\n"
            + "  call(\"java.lang.System.gc\");\n"
            + "  status = File.openAsString(\"/proc/self/status\");\n"
            + "  from = indexOf(status, \"VmRSS:\") + 6;\n"
            + "  kilobytes = String.trim(substring(status, from, indexOf(status, \"kB\", from)));\n"
            + "  File.append(i + \" \" + kilobytes, \"" + log + "\");\n}\n");
        RealImageJ.execute(Folders.REPOSITORY.resolve("scripts/imagej").toString(), "--headless", "--no-build", "-Xmx300m", "-macro", macro.toString());
        final List<String> lines = Files.readAllLines(log);
        assertEquals(30, lines.size());
        final double fifth = kilobytes(lines.get(4));
        final double last = lines.subList(27, 30).stream().mapToDouble(MacroGui::kilobytes).min().orElseThrow();
        System.out.printf("resident after 5 generations %.0f MB, after 30 %.0f MB%n", fifth / 1024, last / 1024);
        // The Java heap's own breathing is of the order of ten megabytes.
        assertTrue(last <= fifth * 1.05 + 10 * 1024, "after five " + fifth + " kB, after thirty " + last + " kB");
    }

    private static double kilobytes(final String line) {
        return Double.parseDouble(line.split(" ")[1]);
    }
}
