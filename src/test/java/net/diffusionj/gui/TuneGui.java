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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.PlotWindow;
import ij.io.FileSaver;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.TrainableModel;

/** A user who teaches a model a folder of real images through the dialog, and draws with it. */
@Timeout(240)
class TuneGui {

    private static final String NAME = "tuned-in-a-window";
    private static final int IMAGES = 4;
    private static final String PROMPT = "u2os nuclei, fluorescence";
    /** The bundled model draws what it rehearses, and learns, for the most part of a minute. */
    private static final Duration LONG = Duration.ofMinutes(3);

    @BeforeEach
    void start() throws IOException {
        RealImageJ.start();
        RealImageJ.tidy();
        delete(models().resolve(NAME));
        delete(models().resolveSibling("tuning").resolve(NAME));
    }

    /** The plugin's own classes are ImageJ's to load. */
    private static void delete(final Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static Path models() {
        return Path.of(System.getProperty("diffusionj.home")).resolve("models");
    }

    /** Pieces of a real field of nuclei, as TIFF. */
    private static Path images() throws IOException {
        final Path folder = Files.createDirectories(RealImageJ.scratch("tune-images"));
        final ImagePlus field = IJ.openImage(Folders.RESOURCES.resolve("augment/gate/nuclei.tif").toString());
        final int side = Math.min(80, Math.min(field.getWidth(), field.getHeight()) / 2);
        for (int i = 0; i < IMAGES; i++) {
            field.setRoi(i * 37 % (field.getWidth() - side), i * 53 % (field.getHeight() - side), side, side);
            new FileSaver(field.crop()).saveAsTiff(folder.resolve("piece" + i + ".tif").toString());
        }
        return folder;
    }

    @Test
    void aFolderOfRealImagesMakesTheBundledModelDrawOtherwise() throws IOException {
        RealImageJ.choose("Tune on My Images...");
        final GenericDialog dialog = RealImageJ.dialog("Tune on My Images");
        RealImageJ.type(dialog, "Images", Folders.RESOURCES.resolve("train/nuclei").toAbsolutePath().toString());
        RealImageJ.type(dialog, "Caption", PROMPT);
        RealImageJ.type(dialog, "Name", NAME);
        RealImageJ.type(dialog, "Steps", "20");
        RealImageJ.type(dialog, "Rate", "0.0003");
        RealImageJ.ok(dialog);
        RealImageJ.waitFor("the plot of the losses", LONG, () -> RealImageJ.showing(PlotWindow.class));
        RealImageJ.waitFor("the report", LONG, () -> Optional.ofNullable(IJ.getLog()).filter(log -> log.contains("The model " + NAME + " is installed")));
        final String card = Files.readString(models().resolve(NAME).resolve("README.md"));
        assertTrue(card.contains("from MicroDiff") && card.contains("nuclei00.png") && card.contains("nuclei19.png"), card);
        assertTrue(Files.exists(models().resolve(NAME).resolve("tuning.png")));
        IJ.run("Close All");
        final float[] tuned = drawn(NAME, 1);
        final float[] untuned = drawn("", 2);
        assertTrue(likeness(tuned, untuned, 0) < 0.99, "the tuned model draws as the one before");
        // What a model decodes out of noise alone changes from one latent to the next; nuclei are larger than that.
        assertTrue(likeness(tuned, tuned, 8) > 0.5, "the picture is noise: " + likeness(tuned, tuned, 8));
        RealImageJ.run("Installed Models...", "remove=" + NAME);
        assertFalse(Files.exists(models().resolve(NAME)));
    }

    /** @return brightness of what a model draws, row by row */
    private static float[] drawn(final String model, final int images) {
        RealImageJ.run("Text to Image...", "prompt=[" + PROMPT + "] seed=1 model=[" + model + "]");
        return (float[]) RealImageJ.image(images).getProcessor().convertToFloat().getPixels();
    }

    /** @return correlation of a square picture with another, so many pixels further right */
    private static double likeness(final float[] one, final float[] other, final int right) {
        final int side = (int) Math.sqrt(one.length);
        final double[] left = centred(IntStream.range(0, one.length).filter(i -> i % side < side - right).mapToDouble(i -> one[i]).toArray());
        final double[] moved = centred(IntStream.range(0, one.length).filter(i -> i % side >= right).mapToDouble(i -> other[i]).toArray());
        return product(left, moved) / Math.sqrt(product(left, left) * product(moved, moved));
    }

    private static double[] centred(final double[] values) {
        final double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    private static double product(final double[] one, final double[] other) {
        return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
    }

    @Test
    void openImagesAreLearnedFromAndEscapeStops() throws IOException {
        final Path model = TrainableModel.copy(Files.createDirectories(RealImageJ.scratch("tune-model")));
        final Path images = images();
        for (int i = 0; i < 4; i++) IJ.openImage(images.resolve("piece" + i + ".tif").toString()).show();
        WindowManager.getCurrentImage().setRoi(5, 5, 60, 60);
        RealImageJ.choose("Tune on My Images...");
        final GenericDialog dialog = RealImageJ.dialog("Tune on My Images");
        RealImageJ.type(dialog, "Caption", "two nuclei");
        RealImageJ.type(dialog, "Name", NAME);
        RealImageJ.type(dialog, "Steps", "100000");
        RealImageJ.type(dialog, "Model", model.toString());
        RealImageJ.ok(dialog);
        RealImageJ.waitFor("the plot of the losses", () -> RealImageJ.showing(PlotWindow.class));
        RealImageJ.escapeUntil("the end of the tuning", () -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("Tune on My Images...")));
        assertTrue(Files.exists(models().resolveSibling("tuning").resolve(NAME).resolve("state.bin")), "it can go on");
        assertEquals(5, WindowManager.getImageCount(), "the images and the plot");
    }
}
