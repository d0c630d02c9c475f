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
package net.diffusionj.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;

import net.diffusionj.DiffusionJException;
import net.diffusionj.io.Npy;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.testing.Folders;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against diffusers' VaeImageProcessor and Pillow's resize on floats (scripts/fixtures/images.py). */
class DecodedImagesTest {

    private static final Path FIXTURES = Folders.RESOURCES.resolve("image");

    @Test
    void bytesEqualDiffusers() {
        final DecodedPixels pixels = new DecodedPixels(Npy.read(FIXTURES.resolve("decoded.npy")).floats(), 2, 9, 7);
        final byte[] expected = Npy.read(FIXTURES.resolve("decoded-diffusers-uint8.npy")).bytes();
        final Img<UnsignedByteType> img = DecodedImages.toUnsignedBytes(pixels);
        assertArrayEquals(new long[] {7, 9, 3, 2}, img.dimensionsAsLongArray());
        for (int i = 0; i < expected.length; i++) {
            final int channel = i % 3;
            final int found = img.getAt(i / 3 % 7, i / 21 % 9, channel, i / 189).get();
            assertEquals(expected[i] & 0xff, found, "value " + i);
        }
    }

    @Test
    void widerTypesKeepMore() {
        final DecodedPixels pixels = new DecodedPixels(new float[] {-1, 1, 0.001f, -2, 2, 0}, 1, 1, 2);
        assertArrayEquals(new long[] {2, 1, 3}, DecodedImages.toFloats(pixels).dimensionsAsLongArray());
        assertEquals(0.5005f, DecodedImages.toFloats(pixels).getAt(0, 0, 1).get(), 1e-7f);
        assertEquals(Math.rint(0.5005f * 65535), DecodedImages.toUnsignedShorts(pixels).getAt(0, 0, 1).get());
        assertEquals(65535, DecodedImages.toUnsignedShorts(pixels).getAt(0, 0, 2).get());
        assertEquals(32768, DecodedImages.toUnsignedShorts(pixels).getAt(1, 0, 2).get());
    }

    @Test
    void refusesValuesThatAreNoNumbers() {
        final DecodedPixels pixels = new DecodedPixels(new float[] {0, Float.NaN, 0}, 1, 1, 1);
        assertThrows(DiffusionJException.class, () -> DecodedImages.toUnsignedBytes(pixels));
    }

    @ParameterizedTest
    @CsvSource({"37, 23, 64, 64", "37, 23, 16, 8", "37, 23, 23, 37", "37, 23, 37, 10", "1, 1, 8, 8", "20000, 10, 64, 48", "300, 7, 8, 56", "37, 23, 1, 1"})
    void resizesAsPillowDoes(final int width, final int height, final int toWidth, final int toHeight) {
        final float[] plane = new float[width * height];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (float) ((i % width * 7919L + i / width * 104729L) % 1001 / 500.0 - 1);
        }
        final float[] resized = new float[toWidth * toHeight];
        new Resizer(width, height, toWidth, toHeight).resize(plane, 0, resized, 0);
        final String name = "lanczos-" + width + "x" + height + "-" + toWidth + "x" + toHeight + ".npy";
        assertArrayEquals(Npy.read(FIXTURES.resolve(name)).floats(), resized, 2e-6f);
    }

    @Test
    void resizesEveryPlaneOfABatch() {
        final float[] values = new float[2 * 3 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 4;
        }
        final DecodedPixels pixels = new DecodedPixels(values, 2, 2, 2);
        final DecodedPixels resized = DecodedImages.resize(pixels, 3, 5);
        for (int i = 0; i < resized.values().length; i++) {
            assertEquals(i / 15, resized.values()[i], 1e-6f);
        }
        assertSame(pixels, DecodedImages.resize(pixels, 2, 2));
    }
}
