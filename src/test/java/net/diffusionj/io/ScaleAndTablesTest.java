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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.plugin.LutLoader;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says beside its pixels: how large they are, and the false colours that they are shown in. */
class ScaleAndTablesTest {

    private static final int SHORT = TiffBuilder.SHORT;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // ImageJ's description without a unit, and centimetres; the same without ImageJ; what is small is micrometres.
        "ImageJ=1.11a | 3 | 10 | 1 | 0.1 | cm", "other | 3 | 10 | 1 | 0.1 | cm", "ImageJ=1.11a | 3 | 20000 | 1 | 0.5 | µm", "other | 3 | 20000 | 1 | 0.5 | µm",
        "ImageJ=1.11a;unit=um | 1 | 4 | 1 | 0.25 | um", "ImageJ=1.11a;unit=um | 3 | 40000 | 1 | 0.25 | um",
        "ImageJ=1.54p;unit=\\u00B5m | 1 | 4 | 1 | 0.25 | µm",
        "ImageJ=1.54p;unit=nm;spacing=-7 | 1 | 1 | 4 | 4 | nm", "other | 2 | 300 | 1 | 0.0033333333333333335 | inch", "other | 2 | 72 | 1 | 1 | pixel",
        "other | 1 | 4 | 1 | 1 | pixel", "other | 3 | 0 | 1 | 1 | pixel", "other | 3 | 1 | 0 | 1 | pixel", "ImageJ=1.54p;unit=\\u12 | 1 | 4 | 1 | 0.25 | u12",
    })
    void resolutionAndImageJsDescriptionGoTogether(final String description, final int unit, final int numerator, final int denominator, final double size,
        final String name) throws IOException {
        final byte[] file = grey().text(270, description.replace(';', '\n') + "\n").fraction(282, numerator, denominator)
            .fraction(283, numerator, denominator).tag(296, SHORT, unit).build();
        final PixelSize found = metadata(file).pixelSize();
        assertEquals(size, found.width(), size * 1e-9);
        assertEquals(name, found.unit());
        assertEquals(description.contains("spacing") ? 7 : 1, found.depth());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "PhysicalSizeX=\"0.25\" PhysicalSizeY=\"0.5\" PhysicalSizeZ=\"2\" | 0.25 | 0.5 | 2 | µm",
        "PhysicalSizeX='0.25' PhysicalSizeXUnit='mm' PhysicalSizeY='250' | 0.25 | 0.25 | 1 | mm",
        "PhysicalSizeX=\"250\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.25\" PhysicalSizeZ=\"1\" PhysicalSizeZUnit=\"µm\" | 250 | 250 | 1000 | nm",
        "PhysicalSizeX=\"0.25\" PhysicalSizeXUnit=\"&#181;m\" | 0.25 | 0.25 | 1 | µm",
        "PhysicalSizeY=\"3\" | 3 | 3 | 1 | µm", "PhysicalSizeX=\"zero\" | 1 | 1 | 1 | pixel", "PhysicalSizeX=\"-1\" | 1 | 1 | 1 | pixel",
        "SizeX=\"3\" | 1 | 1 | 1 | pixel",
    })
    void omeXmlSaysHowLargePixelsAre(final String attributes, final double width, final double height, final double depth, final String unit)
        throws IOException {
        final String xml =
            "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" "
                + attributes + "><TiffData/></Pixels></Image></OME>";
        assertEquals(new PixelSize(width, height, depth, unit), metadata(grey().text(270, xml).build()).pixelSize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fire", "grays", "ice", "spectrum", "3-3-2 RGB", "red", "green", "blue", "cyan", "magenta", "yellow", "redgreen"})
    void everyTableOfImageJsMenuIsAFalseColour(final String name) throws IOException {
        final LUT lut = new LUT(LutLoader.getLut(name), 0, 255);
        for (final ImageProcessor pixels : new ImageProcessor[] {new ByteProcessor(30, 20), new ShortProcessor(30, 20), new FloatProcessor(30, 20)}) {
            for (int i = 0; i < 600; i++) pixels.setf(i, i % 30 * 8);
            pixels.setLut(lut);
            pixels.setMinAndMax(10, 200);
            final Path file = folder.resolve("table.tif");
            assertTrue(new FileSaver(new ImagePlus("table", pixels)).saveAsTiff(file.toString()));
            assertKept(file, pixels, lut);
            // And once more, as we write it.
            final ImageFile read = ImageFiles.read(file);
            ImageFiles.write(file, read.image(), read.metadata());
            assertKept(file, pixels, lut);
            final ImagePlus again = new Opener().openImage(file.toString());
            assertNotNull(again);
            assertArrayEquals(lut.getBytes(), again.getProcessor().getLut().getBytes());
            assertEquals(10, again.getDisplayRangeMin());
            assertEquals(200, again.getDisplayRangeMax());
        }
    }

    private static void assertKept(final Path file, final ImageProcessor pixels, final LUT lut) {
        final ImageFile read = ImageFiles.read(file);
        final Planes found = Planes.of(read.image());
        assertEquals(1, found.channels());
        for (int i = 0; i < 600; i++) assertEquals(pixels.getf(i), found.valueAt(0, i));
        assertEquals(List.of(new DisplayRange(10, 200)), read.metadata().displayRanges());
        if (new ByteProcessor(1, 1, new byte[1], lut).isColorLut()) assertArrayEquals(lut.getBytes(), read.metadata().tables().get(0).toLut().getBytes());
        else assertEquals(List.of(), read.metadata().tables());
    }

    @Test
    void tablesOfChannelsAreKept() throws IOException {
        final ImageStack stack = new ImageStack(30, 20);
        for (int c = 0; c < 3; c++) {
            final ShortProcessor plane = new ShortProcessor(30, 20);
            for (int i = 0; i < 600; i++) plane.set(i, i * (c + 1));
            stack.addSlice(plane);
        }
        final ImagePlus image = new ImagePlus("channels", stack);
        image.setDimensions(3, 1, 1);
        final CompositeImage composite = new CompositeImage(image, CompositeImage.COMPOSITE);
        final LUT[] tables = {new LUT(LutLoader.getLut("fire"), 1, 500), new LUT(LutLoader.getLut("ice"), 2, 600), new LUT(LutLoader.getLut("cyan"), 3, 700)};
        composite.setLuts(tables);
        final Path file = folder.resolve("channels.tif");
        assertTrue(new FileSaver(composite).saveAsTiffStack(file.toString()));
        for (int pass = 0; pass < 2; pass++) {
            final ImageFile read = ImageFiles.read(file);
            assertEquals(List.of(new DisplayRange(1, 500), new DisplayRange(2, 600), new DisplayRange(3, 700)), read.metadata().displayRanges());
            for (int c = 0; c < 3; c++) assertArrayEquals(tables[c].getBytes(), read.metadata().tables().get(c).toLut().getBytes());
            ImageFiles.write(file, read.image(), read.metadata());
        }
        final CompositeImage again = (CompositeImage) new Opener().openImage(file.toString());
        for (int c = 0; c < 3; c++) assertArrayEquals(tables[c].getBytes(), again.getChannelLut(c + 1).getBytes());
    }

    @Test
    void aPaletteOfManyColoursIsAPicture() throws IOException {
        final byte[][] colours = new byte[3][256];
        final Random random = new Random(4);
        for (final byte[] colour : colours) random.nextBytes(colour);
        final ByteProcessor pixels = new ByteProcessor(16, 16);
        for (int i = 0; i < 256; i++) pixels.set(i, i);
        pixels.setLut(new LUT(colours[0], colours[1], colours[2]));
        for (final String ending : new String[] {".tif", ".png", ".gif", ".bmp"}) {
            final Path file = folder.resolve("palette" + ending);
            final FileSaver saver = new FileSaver(new ImagePlus("palette", pixels));
            assertTrue(switch (ending) {
                case ".tif" -> saver.saveAsTiff(file.toString());
                case ".png" -> saver.saveAsPng(file.toString());
                case ".gif" -> saver.saveAsGif(file.toString());
                default -> saver.saveAsBmp(file.toString());
            });
            final Planes found = Planes.of(ImageFiles.read(file).image());
            assertEquals(3, found.channels(), ending);
            for (int i = 0; i < 256; i++) assertEquals(colours[1][i] & 0xff, found.valueAt(1, i), ending);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".tif", ".png", ".gif", ".bmp"})
    void fireKeepsItsValuesInEveryFormat(final String ending) {
        final ByteProcessor pixels = new ByteProcessor(16, 16);
        for (int i = 0; i < 256; i++) pixels.set(i, i);
        final LUT fire = new LUT(LutLoader.getLut("fire"), 0, 255);
        pixels.setLut(fire);
        final Path file = folder.resolve("fire" + ending);
        final FileSaver saver = new FileSaver(new ImagePlus("fire", pixels));
        assertTrue(switch (ending) {
            case ".tif" -> saver.saveAsTiff(file.toString());
            case ".png" -> saver.saveAsPng(file.toString());
            case ".gif" -> saver.saveAsGif(file.toString());
            default -> saver.saveAsBmp(file.toString());
        });
        final ImageFile read = ImageFiles.read(file);
        final Planes found = Planes.of(read.image());
        assertEquals(1, found.channels());
        for (int i = 0; i < 256; i++) assertEquals(i, found.valueAt(0, i));
        assertArrayEquals(fire.getBytes(), read.metadata().tables().get(0).toLut().getBytes());
    }

    private static TiffBuilder grey() {
        return new TiffBuilder().page(3, 1).tag(258, SHORT, 8).tag(262, SHORT, 1).strip(1, 2, 3);
    }

    private ImageMetadata metadata(final byte[] file) throws IOException {
        return ImageFiles.read(Files.write(folder.resolve("file.tif"), file)).metadata();
    }
}
