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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesWriteTest {

    @TempDir
    Path folder;

    @Test
    void writesABatchAsNumberedPngs() throws IOException {
        final Planes batch = Patterns.planes(Planes.Depth.UINT8, 3, 3);
        final List<Path> written = ImageFiles.write(folder.resolve("out.v2.png"), batch.toImg(), ImageMetadata.NONE.withSettings(Map.of("seed", "7")));
        assertEquals(List.of("out.v2-000.png", "out.v2-001.png", "out.v2-002.png"), names());
        assertEquals(names(), written.stream().map(file -> file.getFileName().toString()).toList());
        for (int image = 0; image < 3; image++) {
            final ImageFile read = ImageFiles.read(written.get(image));
            assertArrayEquals((byte[]) batch.array(image, 1), (byte[]) Planes.of(read.image()).array(0, 1));
            assertEquals(Map.of("seed", "7"), read.metadata().settings());
        }
    }

    @Test
    void writesAllPngsOfABatchOrNone() throws IOException {
        final Path inTheWay = Files.createDirectory(folder.resolve("out-002.png"));
        final Planes batch = Patterns.planes(Planes.Depth.UINT8, 1, 3);
        assertThrows(InvalidInputException.class, () -> ImageFiles.write(folder.resolve("out.png"), batch.toImg(), ImageMetadata.NONE));
        assertEquals(List.of(inTheWay.getFileName().toString()), names());
    }

    @Test
    void writesViewsAndColours() {
        final var colours = ArrayImgs.argbs(4, 3);
        colours.forEach(pixel -> pixel.set(ARGBType.rgba(10, 20, 30, 0)));
        final Path file = folder.resolve("colours.tif");
        ImageFiles.write(file, Views.translate(colours, 5, -7), ImageMetadata.NONE);
        final Planes back = Planes.of(ImageFiles.read(file).image());
        assertEquals(List.of(10.0, 20.0, 30.0), List.of(back.valueAt(0, 11), back.valueAt(1, 11), back.valueAt(2, 11)));

        final var doubles = ArrayImgs.doubles(new double[] {0.1, -2e30, 3, 4, 5, 6}, 2, 3);
        ImageFiles.write(file, Views.permute(doubles, 0, 1), ImageMetadata.NONE);
        final Planes turned = Planes.of(ImageFiles.read(file).image());
        assertArrayEquals(new float[] {0.1f, 3, 5, -2e30f, 4, 6}, (float[]) turned.array(0, 0));
    }

    @Test
    void keepsDisplayRangesAndUnits() {
        final Path file = folder.resolve("ranges.tif");
        for (final Planes.Depth depth : Planes.Depth.values()) {
            final ImageMetadata metadata = new ImageMetadata(new PixelSize(12.5, 12.5, 1, "nm"), List.of(new DisplayRange(-0.0, 100)), List.of(), Map.of());
            ImageFiles.write(file, Patterns.planes(depth, 1, 1).toImg(), metadata);
            final ImageMetadata back = ImageFiles.read(file).metadata();
            assertEquals("nm", back.pixelSize().unit());
            assertEquals(12.5, back.pixelSize().width(), 1e-6);
            assertEquals(100, back.displayRanges().get(0).max(), depth.name());
        }
        final List<DisplayRange> three = List.of(new DisplayRange(0, 1), new DisplayRange(2, 3), new DisplayRange(4, 5));
        ImageFiles.write(file, Patterns.planes(Planes.Depth.FLOAT32, 3, 1).toImg(), new ImageMetadata(PixelSize.UNCALIBRATED, three, List.of(), Map.of()));
        assertEquals(three, ImageFiles.read(file).metadata().displayRanges());
    }

    @Test
    void refusesWhatAFormatDoesNotHold() throws IOException {
        final Planes floats = Patterns.planes(Planes.Depth.FLOAT32, 3, 1);
        final Planes two = Patterns.planes(Planes.Depth.UINT8, 2, 1);
        final Planes signed = Patterns.planes(Planes.Depth.INT16, 1, 1);
        assertMessage("out.png", floats, "as .tif or .npy instead");
        assertMessage("out.png", two, "2 channels");
        assertMessage("out.npy", signed, "signed pixels");
        assertMessage("out.jpg", two, "Use one of .tif, .tiff, .png, .npy");
        assertMessage("out", two, "Use one of");
        assertMessage("none/out.tif", two, "does not exist");
        assertEquals(List.of(), names());
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.checkWritable(folder.resolve("out.gif"))).getMessage();
        assertTrue(message.contains(".npy"), message);
        ImageFiles.checkWritable(folder.resolve("OUT.TIF"));
        assertEquals(List.of(), names());
    }

    private void assertMessage(final String name, final Planes planes, final String expected) {
        final String message = assertThrows(InvalidInputException.class,
            () -> ImageFiles.write(folder.resolve(name), planes.toImg(), ImageMetadata.NONE)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
