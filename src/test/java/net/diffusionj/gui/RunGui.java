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

import java.awt.AWTException;
import java.awt.Color;
import java.awt.Component;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.measure.Calibration;
import ij.process.LUT;
import ij.text.TextWindow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.testing.Models;

/** What a run does to ImageJ: windows, cancelling, menus made anew, messages. */
@Timeout(120)
class RunGui {

    private static final String QUICK = " steps=3 model=[" + RealImageJ.MODEL + "]";

    @BeforeEach
    void start() {
        RealImageJ.start();
        RealImageJ.tidy();
    }

    @Test
    void afterRefreshMenusTheSameCommandMakesTheSamePixels() {
        RealImageJ.run("Text to Image...", "prompt=[bright nuclei] seed=4" + QUICK);
        final int[] before = (int[]) RealImageJ.image(1).getProcessor().getPixels();
        final ClassLoader loader = IJ.getClassLoader();
        IJ.run("Refresh Menus");
        assertTrue(loader != IJ.getClassLoader(), "Refresh Menus made no new class loader");
        RealImageJ.run("Text to Image...", "prompt=[bright nuclei] seed=4" + QUICK);
        assertArrayEquals(before, (int[]) RealImageJ.image(2).getProcessor().getPixels());
        RealImageJ.choose("Text to Image...");
        RealImageJ.dialog("Text to Image").dispose();
    }

    @Test
    void escapeEndsARunInsideAModelCall() {
        RealImageJ.choose("Text to Image...");
        final GenericDialog dialog = RealImageJ.dialog("Text to Image");
        RealImageJ.setPrompt(dialog, "something slow");
        RealImageJ.type(dialog, "Model", RealImageJ.MODEL);
        RealImageJ.type(dialog, "Steps", "900");
        RealImageJ.type(dialog, "Width", "384");
        RealImageJ.type(dialog, "Height", "384");
        RealImageJ.ok(dialog);
        RealImageJ.waitFor("the first step", () -> status().filter(text -> text.startsWith("Step ")));
        RealImageJ.waitFor("a progress bar", () -> Optional.of(true).filter(drawn -> colours(IJ.getInstance().getProgressBar()) > 1));
        RealImageJ.waitFor("the next model call", () -> Optional.of(isInsideAModelCall()).filter(inside -> inside));
        final long millis = RealImageJ.escapeUntil("the end of the run", () -> !isRunning("Text to Image..."));
        assertTrue(millis < 5000, "Esc took " + millis + " ms");
        assertEquals(0, WindowManager.getImageCount());
        RealImageJ.waitFor("an empty progress bar", () -> {
            // A screen without a window manager can keep pixels of a dialog that was closed; what the bar itself holds is drawn anew.
            IJ.getInstance().getProgressBar().repaint();
            return Optional.of(true).filter(empty -> colours(IJ.getInstance().getProgressBar()) == 1);
        });
        RealImageJ.run("Text to Image...", "prompt=again" + QUICK);
        RealImageJ.image(1);
    }

    private static long colours(final Component component) {
        try {
            final BufferedImage seen = new Robot().createScreenCapture(new Rectangle(component.getLocationOnScreen(), component.getSize()));
            return Arrays.stream(seen.getRGB(0, 0, seen.getWidth(), seen.getHeight(), null, 0, seen.getWidth())).distinct().count();
        }
        catch (final AWTException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isInsideAModelCall() {
        return Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
            .anyMatch(frame -> frame.getClassName().equals("ai.onnxruntime.OrtSession") && frame.getMethodName().equals("run") && frame.isNativeMethod());
    }

    /** ImageJ runs a menu entry on a thread of its name. */
    private static boolean isRunning(final String command) {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals(command));
    }

    private static Optional<String> status() {
        return Optional.ofNullable(ImageJ.getStatusBarText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8-bit", "16-bit", "32-bit", "RGB"})
    void imageToImageTakesEveryTypeAndKeepsItsLooks(final String type) {
        final ImagePlus source = IJ.createImage("source", type + " ramp", 64, 64, 1);
        final Calibration calibration = source.getCalibration();
        calibration.pixelWidth = 0.2;
        calibration.pixelHeight = 0.2;
        calibration.setUnit("micron");
        if (!type.equals("RGB")) {
            source.setLut(LUT.createLutFromColor(Color.CYAN));
            source.setDisplayRange(10, 99);
        }
        source.show();
        final ImagePlus copy = source.duplicate();
        RealImageJ.run("Image to Image...", "prompt=[bright nuclei] strength=0.7" + QUICK);
        final ImagePlus result = RealImageJ.image(2);
        assertEquals(source.getType(), result.getType());
        assertEquals(0.2, result.getCalibration().pixelWidth);
        assertEquals(source.getCalibration().getUnit(), result.getCalibration().getUnit());
        assertEquals(source.getDisplayRangeMax(), result.getDisplayRangeMax());
        assertEquals("source - bright nuclei", result.getTitle());
        assertTrue(((String) result.getProperty("Info")).contains("strength: 0.7"));
        assertEquals(0, differences(copy, source), "the source was changed");
        assertTrue(differences(copy, result) > 0, "strength 0.7 changed nothing");
        IJ.selectWindow(source.getID());
        RealImageJ.run("Image to Image...", "prompt=x strength=0" + QUICK);
        assertEquals(0, differences(copy, RealImageJ.image(3)), "strength 0 changed something");
    }

    private static int differences(final ImagePlus a, final ImagePlus b) {
        int count = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                if (a.getProcessor().getf(x, y) != b.getProcessor().getf(x, y)) count++;
            }
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"8-bit color", "8-bit stack", "hyperstack", "one pixel"})
    void otherImagesWorkToo(final String kind) {
        final ImagePlus source = switch (kind) {
            case "8-bit color" -> IJ.createImage("source", "RGB ramp", 40, 30, 1);
            case "8-bit stack" -> IJ.createImage("source", "8-bit ramp", 40, 30, 3);
            case "hyperstack" -> IJ.createHyperStack("source", 40, 30, 2, 2, 2, 16);
            default -> IJ.createImage("source", "8-bit ramp", 1, 1, 1);
        };
        source.show();
        if (kind.equals("8-bit color")) RealImageJ.run("8-bit Color", "number=16");
        RealImageJ.run("Image to Image...", "prompt=x strength=0.7" + QUICK);
        final ImagePlus result = RealImageJ.image(2);
        assertEquals(source.getWidth(), result.getWidth());
        assertEquals(source.getHeight(), result.getHeight());
        assertEquals(1, result.getStackSize());
    }

    @Test
    void whatCannotWorkIsSaidInOneSentenceWithoutAStackTrace() throws IOException {
        assertTrue(reasonOf("Image to Image...").contains("no image open"));
        assertTrue(reasonOfMacro("Text to Image...", "prompt=x model=/no/such/folder").contains("/no/such/folder"));
        final Path broken = brokenModel();
        final String reason = reasonOfMacro("Text to Image...", "prompt=x model=[" + broken + "]");
        assertTrue(reason.contains("model.onnx"), reason);
        assertTrue(RealImageJ.showing(TextWindow.class).filter(window -> window.getTitle().contains("Exception")).isEmpty());
        assertEquals(0, WindowManager.getImageCount());
    }

    /** From the menu: a message box. */
    private static String reasonOf(final String command) {
        RealImageJ.choose(command);
        return RealImageJ.message();
    }

    /** From a plugin's or a macro's {@code run}: the same message box, on another thread than this one. */
    private static String reasonOfMacro(final String command, final String options) {
        final Thread thread = new Thread(() -> IJ.run(command, options), "Run$_test");
        thread.setUncaughtExceptionHandler((t, e) -> assertEquals("Macro canceled", e.getMessage()));
        thread.start();
        return RealImageJ.message();
    }

    private static Path brokenModel() throws IOException {
        final Path copy = Models.copy("sd1", RealImageJ.scratch("broken"));
        Files.writeString(copy.resolve("unet/model.onnx"), "<html>not found</html>");
        return copy;
    }

    @Test
    void aBatchIsAStackAndReleaseMemoryIsInTheMenu() {
        RealImageJ.run("Text to Image...", "prompt=x batch=3 seed=5" + QUICK);
        final ImagePlus batch = RealImageJ.image(1);
        assertEquals(3, batch.getStackSize());
        assertEquals("seed 7", batch.getStack().getSliceLabel(3));
        RealImageJ.choose("Release Memory");
        RealImageJ.waitFor("the word that memory is released", () -> status().filter(text -> text.contains("released")));
        RealImageJ.run("Text to Image...", "prompt=x seed=7" + QUICK);
        assertArrayEquals((int[]) batch.getStack().getPixels(3), (int[]) RealImageJ.image(2).getProcessor().getPixels());
    }
}
