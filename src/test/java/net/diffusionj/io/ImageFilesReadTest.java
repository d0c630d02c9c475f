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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Pillow, tifffile and numpy wrote (scripts/fixtures/images.py), and files that nobody should have. */
class ImageFilesReadTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "grey8.png, UINT8, 1, 1", "grey16.png, UINT16, 1, 1", "rgb8.png, UINT8, 3, 1", "rgba8.png, UINT8, 3, 1", "grey-alpha.png, UINT8, 1, 1",
        "rgb8.bmp, UINT8, 3, 1", "grey8.gif, UINT8, 1, 1",
        "grey8-tiff_lzw.tif, UINT8, 1, 1", "grey8-tiff_adobe_deflate.tif, UINT8, 1, 1", "grey8-packbits.tif, UINT8, 1, 1",
        "grey8-lzw-differences.tif, UINT8, 1, 1",
        "grey16-tiff_lzw.tif, UINT16, 1, 1", "grey16-tiff_adobe_deflate.tif, UINT16, 1, 1", "grey16-packbits.tif, UINT16, 1, 1",
        "grey16-lzw-differences.tif, UINT16, 1, 1",
        "rgb8-tiff_lzw.tif, UINT8, 3, 1", "rgb8-tiff_adobe_deflate.tif, UINT8, 3, 1", "rgb8-packbits.tif, UINT8, 3, 1",
        "rgb8-lzw-differences.tif, UINT8, 3, 1", "rgb8-planar.tif, UINT8, 3, 1", "rgb16.tif, UINT16, 3, 1",
        "strips.tif, UINT16, 1, 1", "int16.tif, INT16, 1, 1", "pages.tif, UINT8, 1, 3", "white-is-zero.tif, UINT8, 1, 1",
        "imagej.tif, FLOAT32, 2, 3", "big.tif, UINT8, 1, 1", "double.tif, FLOAT32, 1, 1",
        "uint8.npy, UINT8, 3, 1", "uint16.npy, UINT16, 3, 1", "float32.npy, FLOAT32, 3, 1", "batch.npy, UINT8, 3, 2", "plane.npy, UINT8, 1, 1",
    })
    void readsEveryPixel(final String name, final Planes.Depth depth, final int channels, final int images) {
        final Planes expected = Patterns.planes(depth, channels, images);
        final ImageFile file = ImageFiles.read(Patterns.FIXTURES.resolve(name));
        assertArrayEquals(expected.toImg().dimensionsAsLongArray(), file.image().dimensionsAsLongArray());
        assertEquals(expected.toImg().getType().getClass(), file.image().getType().getClass());
        final Planes found = Planes.of(file.image());
        for (int plane = 0; plane < expected.arrays().size(); plane++) {
            for (int i = 0; i < Patterns.WIDTH * Patterns.HEIGHT; i++) {
                assertEquals(expected.valueAt(plane, i), found.valueAt(plane, i), "plane " + plane + ", value " + i);
            }
        }
    }

    @Test
    void resolvesPalettesAndBits() {
        final Planes palette = Planes.of(ImageFiles.read(Patterns.FIXTURES.resolve("palette.png")).image());
        final Planes bits = Planes.of(ImageFiles.read(Patterns.FIXTURES.resolve("one-bit.png")).image());
        assertEquals(3, palette.channels());
        assertEquals(1, bits.channels());
        for (int i = 0; i < Patterns.WIDTH * Patterns.HEIGHT; i++) {
            final int entry = Patterns.grey(i) % 256 / 16;
            assertEquals(List.of(entry * 3.0, 255.0 - entry * 5, entry * 7.0),
                List.of(palette.valueAt(0, i), palette.valueAt(1, i), palette.valueAt(2, i)));
            assertEquals(Patterns.grey(i) % 256 > 127 ? 255 : 0, bits.valueAt(0, i));
        }
    }

    @Test
    void readsTiles() {
        final Planes tiled = Planes.of(ImageFiles.read(Patterns.FIXTURES.resolve("tiled.tif")).image());
        assertEquals(64, tiled.width());
        for (int i = 0; i < 64 * 64; i++) {
            assertEquals((3 * (i % 64) + 5 * (i / 64)) % 256, tiled.valueAt(0, i));
        }
    }

    @Test
    void readsJpegNearly() {
        final Planes flat = Planes.of(ImageFiles.read(Patterns.FIXTURES.resolve("flat.jpg")).image());
        assertEquals(200, flat.valueAt(0, 100), 2);
        assertEquals(100, flat.valueAt(1, 100), 2);
        assertEquals(50, flat.valueAt(2, 100), 2);
    }

    @Test
    void readsCalibrationOfAnotherProgramsImageJFile() {
        final ImageMetadata metadata = ImageFiles.read(Patterns.FIXTURES.resolve("imagej.tif")).metadata();
        assertEquals(new PixelSize(0.25, 0.5, 0.75, "um"), metadata.pixelSize());
        assertEquals(Map.of(), metadata.settings());
        assertEquals(PixelSize.UNCALIBRATED, ImageFiles.read(Patterns.FIXTURES.resolve("rgb16.tif")).metadata().pixelSize());
    }

    @Test
    void readsTextThatAnotherProgramCompressed() {
        final Map<String, String> settings = ImageFiles.read(Patterns.FIXTURES.resolve("compressed-text.png")).metadata().settings();
        assertEquals(Map.of("prompt", "細胞 é: \n"), settings);
    }

    @ParameterizedTest
    @CsvSource({"fax.tif, compression 4", "two.gif, animation of 2", "object.npy, numpy type |O",
        "int64.npy, numpy type <i8", "structured.npy, structured", "fortran.npy, Fortran order", "scalar.npy, shape []", "empty-axis.npy, 'shape [0, 3]'"})
    void refusesByName(final String name, final String reason) {
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(Patterns.FIXTURES.resolve(name))).getMessage();
        assertTrue(message.toLowerCase().contains(reason.toLowerCase()) && message.contains(name) && !message.contains("\n"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey8.png", "rgb8.png", "grey16-tiff_lzw.tif", "grey8-tiff_adobe_deflate.tif", "rgb8-packbits.tif", "strips.tif", "imagej.tif",
        "rgb8.bmp", "grey8.gif", "uint16.npy", "version2.npy"})
    void refusesTruncatedFilesOfEveryLength(final String name) throws IOException {
        final byte[] whole = Files.readAllBytes(Patterns.FIXTURES.resolve(name));
        final PrintStream console = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            // Of a GIF and a PNG the last bytes are an end mark that readers do without.
            for (int length = 1; length < whole.length - 20; length += Math.max(whole.length / 40, 1)) {
                final Path file = folder.resolve("cut-" + name);
                Files.write(file, Arrays.copyOf(whole, length));
                final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file), "cut at " + length).getMessage();
                assertTrue(message.contains(file.toString()), message);
            }
        }
        finally {
            System.setOut(console);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey16-tiff_lzw.tif", "grey8-tiff_adobe_deflate.tif", "imagej.tif", "rgb8.png", "palette.png", "grey8.gif", "uint8.npy"})
    void neverHangsNorFailsOtherwiseOnDamagedBytes(final String name) throws IOException {
        final byte[] whole = Files.readAllBytes(Patterns.FIXTURES.resolve(name));
        int refused = 0;
        for (int at = 0; at < Math.min(whole.length, 400); at++) {
            final byte[] damaged = whole.clone();
            damaged[at] ^= (byte) 0x95;
            final Path file = folder.resolve("damaged-" + name);
            Files.write(file, damaged);
            try {
                ImageFiles.read(file);
            }
            catch (final InvalidInputException e) {
                refused++;
            }
        }
        assertTrue(refused > 3, "refused " + refused);
    }

    @Test
    void saysWhatIsWrongWithAPath() throws IOException {
        final Path text = Files.writeString(folder.resolve("text.png"), "This is no image.\n");
        final Path page = Files.writeString(folder.resolve("page.tif"), "<!DOCTYPE html><html>");
        final Path empty = Files.createFile(folder.resolve("empty.tif"));
        assertMessage(folder.resolve("none.tif"), "does not exist");
        assertMessage(folder, "is a folder");
        assertMessage(empty, "is empty");
        assertMessage(text, "begins with the text 'This is no imag");
        assertMessage(page, "<!DOCTYPE html>");
    }

    private static void assertMessage(final Path file, final String expected) {
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file)).getMessage();
        assertTrue(message.contains(expected) && message.contains(file.toString()), message);
    }
}
