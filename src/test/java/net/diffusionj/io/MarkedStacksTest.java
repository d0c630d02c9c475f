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
package net.diffusionj.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

/** Marked images of several channels and pages, opened by ImageJ 1.54p as File &gt; Open does, and saved by it again. */
class MarkedStacksTest {

    private static final int WIDTH = 23;
    private static final int HEIGHT = 17;

    @TempDir
    private Path folder;

    private static Map<String, String> settings() {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", "img2img");
        settings.put("prompt", "nuclei <&> \"µm\"");
        settings.put("seed", "7");
        settings.put("source-sha256", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8");
        settings.put("model", "MicroDiff");
        settings.put("provider", "cpu");
        settings.put("diffusionj", "1.2.3");
        return settings;
    }

    private static Img<?> image(final int bits, final int channels, final int pages) {
        final int count = WIDTH * HEIGHT * channels * pages;
        final long[] size = pages > 1 ? new long[] {WIDTH, HEIGHT, channels, pages} : channels > 1 ? new long[] {WIDTH, HEIGHT, channels}
            : new long[] {WIDTH, HEIGHT};
        if (bits == 8) {
            final byte[] values = new byte[count];
            for (int i = 0; i < count; i++) values[i] = (byte) (i * 31);
            return ArrayImgs.unsignedBytes(values, size);
        }
        if (bits == 16) {
            final short[] values = new short[count];
            for (int i = 0; i < count; i++) values[i] = (short) (i * 31);
            return ArrayImgs.unsignedShorts(values, size);
        }
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = i / 7f;
        return ArrayImgs.floats(values, size);
    }

    private static void assertSamePixels(final Img<?> expected, final Path file) {
        final Img<?> found = ImageFiles.read(file).image();
        assertArrayEquals(expected.dimensionsAsLongArray(), found.dimensionsAsLongArray());
        final var other = found.iterator();
        for (final Object pixel : expected) assertEquals(pixel.toString(), other.next().toString());
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 3, false", "16, 1, 3, false", "32, 1, 3, false", "16, 3, 1, true", "32, 3, 1, true", "16, 3, 2, true", "32, 3, 2, true"})
    void imageJOpensThemKeepsTheirAxesAndTheSettingsSurviveItsSaving(final int bits, final int channels, final int pages, final boolean composite)
        throws IOException {
        final Img<?> image = image(bits, channels, pages);
        final Path file = folder.resolve("marked.tif");
        ImageFiles.write(file, image, ImageMetadata.NONE.withSettings(settings()));
        assertEquals(FoundMark.Evidence.XMP, FoundMark.in(file).orElseThrow().evidence());
        final ImagePlus opened = IJ.openImage(file.toString());
        assertEquals(bits, opened.getBitDepth());
        assertEquals(channels * pages, opened.getStackSize());
        assertEquals(channels, opened.getNChannels());
        assertEquals(pages, opened.getNSlices() * opened.getNFrames());
        assertEquals(composite, opened instanceof CompositeImage);
        if (channels > 1 && pages > 1) assertTrue(opened.isHyperStack());
        assertEquals(settings(), SettingsText.parse(opened.getInfoProperty()));

        final Path saved = folder.resolve("saved.tif");
        final FileSaver saver = new FileSaver(opened);
        assertTrue(opened.getStackSize() > 1 ? saver.saveAsTiffStack(saved.toString()) : saver.saveAsTiff(saved.toString()));
        final FoundMark found = FoundMark.in(saved).orElseThrow();
        assertEquals(FoundMark.Evidence.SETTINGS, found.evidence());
        assertEquals(settings(), found.mark().settings());
        assertSamePixels(image, saved);
        assertEquals(settings(), ImageFiles.read(saved).metadata().settings());

        final ImagePlus again = IJ.openImage(saved.toString());
        assertArrayEquals(opened.getDimensions(), again.getDimensions());
        assertEquals(composite, again instanceof CompositeImage);
    }

    @Test
    void coloursAndPagesOfColoursStayWhatTheyAre() throws IOException {
        for (final int pages : new int[] {1, 2}) {
            final Img<?> image = image(8, 3, pages);
            final Path file = folder.resolve("colours" + pages + ".tif");
            ImageFiles.write(file, image, ImageMetadata.NONE.withSettings(settings()));
            final ImagePlus opened = IJ.openImage(file.toString());
            assertEquals(24, opened.getBitDepth());
            assertEquals(pages, opened.getStackSize());
            final Path saved = folder.resolve("saved" + pages + ".tif");
            final FileSaver saver = new FileSaver(opened);
            assertTrue(pages > 1 ? saver.saveAsTiffStack(saved.toString()) : saver.saveAsTiff(saved.toString()));
            assertEquals(settings(), FoundMark.in(saved).orElseThrow().mark().settings());
            assertSamePixels(image, saved);
        }
    }

    /** What is taken out of a stack in ImageJ keeps the words, too. */
    @Test
    void aPageThatWasDuplicatedIsStillKnown() throws IOException {
        final Path file = folder.resolve("stack.tif");
        ImageFiles.write(file, image(16, 3, 2), ImageMetadata.NONE.withSettings(settings()));
        final ImagePlus opened = IJ.openImage(file.toString());
        opened.setPosition(2, 1, 2);
        final ImagePlus page = opened.crop("slice");
        final Path saved = folder.resolve("page.tif");
        assertTrue(new FileSaver(page).saveAsTiff(saved.toString()));
        final List<String> lines = MarkText.lines(FoundMark.in(saved));
        assertTrue(Files.size(saved) > 0 && lines.get(0).contains("yes, by a model"), lines.toString());
    }
}
