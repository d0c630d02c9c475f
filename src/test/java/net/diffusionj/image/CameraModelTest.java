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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import net.diffusionj.InvalidInputException;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraModelTest {

    private static final int SIDE = 200;

    private static Img<FloatType> level(final float mean) {
        final float[] pixels = new float[SIDE * SIDE];
        Arrays.fill(pixels, mean);
        return ArrayImgs.floats(pixels, SIDE, SIDE);
    }

    private static double[] values(final Img<? extends RealType<?>> image) {
        final double[] values = new double[(int) image.size()];
        int i = 0;
        for (final RealType<?> pixel : image) values[i++] = pixel.getRealDouble();
        return values;
    }

    private static double mean(final double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(final double[] values) {
        final double mean = mean(values);
        return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
    }

    /** Over 40000 pixels a variance spreads by 0.7 percent, and a mean by half a percent of the noise. */
    @ParameterizedTest
    @CsvSource({"0.5, 3, 100, 150", "0.5, 3, 100, 5000", "2, 0, 0, 3", "2, 0, 0, 80", "0, 7, 50, 900", "1e-9, 0, 0, 10000"})
    void meanStaysAndVarianceIsOnTheLine(final double gain, final double read, final double offset, final float mean) {
        final CameraModel camera = new CameraModel(gain, read, offset, 0, 0);
        final Img<FloatType> image = level(mean);
        camera.applyInPlace(image, 5);
        final double truth = gain * (mean - offset) + read * read;
        assertEquals(mean, mean(values(image)), 0.02 * Math.sqrt(truth));
        assertEquals(truth, variance(values(image)), 0.03 * truth);
    }

    /** At 3 electrons, 5 percent of the pixels have none (e⁻³), as Poisson says and a normal number does not. */
    @Test
    void fewElectronsAreCounted() {
        final Img<FloatType> image = level(3);
        CameraModel.parse("gain=1,read=0,offset=0").applyInPlace(image, 1);
        final double[] values = values(image);
        assertEquals(Math.exp(-3), Arrays.stream(values).filter(value -> value == 0).count() / (double) values.length, 0.005);
        assertTrue(Arrays.stream(values).allMatch(value -> value == Math.rint(value) && value >= 0));
    }

    @ParameterizedTest
    @CsvSource({"8, 255", "12, 4095", "16, 65535"})
    void valuesEndWhereTheBitsEnd(final int bits, final double end) {
        final Img<UnsignedShortType> image = ArrayImgs.unsignedShorts(SIDE, SIDE);
        image.forEach(pixel -> pixel.set((int) (end - 10)));
        new CameraModel(0, 20, 0, bits, 0).applyInPlace(image, 3);
        assertEquals(end, Arrays.stream(values(image)).max().orElseThrow());
        assertTrue(Arrays.stream(values(image)).filter(value -> value == end).count() > SIDE * SIDE / 5);
    }

    @Test
    void valuesDoNotFallBelowTheType() {
        final Img<UnsignedShortType> image = ArrayImgs.unsignedShorts(SIDE, SIDE);
        new CameraModel(0, 20, 0, 0, 0).applyInPlace(image, 3);
        assertEquals(0.5, Arrays.stream(values(image)).filter(value -> value == 0).count() / (double) image.size(), 0.03);
    }

    @Test
    void equalSeedsMakeEqualNoiseAndABatchIsItsImages() {
        final CameraModel camera = CameraModel.parse("gain=1, read=2, offset=0, blur=0.4");
        final Img<FloatType> batch = ArrayImgs.floats(30, 20, 3, 2);
        batch.forEach(pixel -> pixel.set(50));
        camera.applyInPlace(batch, 7);
        final double[] all = values(batch);
        for (int k = 0; k < 2; k++) {
            final Img<FloatType> alone = ArrayImgs.floats(30, 20, 3);
            alone.forEach(pixel -> pixel.set(50));
            camera.applyInPlace(alone, 7 + k);
            assertArrayEquals(Arrays.copyOfRange(all, k * 1800, (k + 1) * 1800), values(alone));
        }
        assertFalse(Arrays.equals(Arrays.copyOfRange(all, 0, 600), Arrays.copyOfRange(all, 600, 1200)), "channels have noise of their own");
        assertFalse(Arrays.equals(Arrays.copyOfRange(all, 0, 600), Arrays.copyOfRange(all, 1800, 2400)), "images have noise of their own");
    }

    @Test
    void whatTheMaskKeepsStaysBitForBit() {
        final Img<FloatType> image = level(1000.123f);
        final byte[] mask = new byte[SIDE * SIDE];
        for (int i = 0; i < mask.length; i++) mask[i] = (byte) (i / SIDE < 70 ? 0 : 255);
        CameraModel.parse("gain=1,read=2,offset=0").applyInPlace(image, ArrayImgs.unsignedBytes(mask, SIDE, SIDE), 7);
        final double[] values = values(image);
        assertTrue(Arrays.stream(values, 0, 70 * SIDE).allMatch(value -> value == 1000.123f));
        assertEquals(1004, variance(Arrays.copyOfRange(values, 70 * SIDE, values.length)), 40);
        assertThrows(InvalidInputException.class, () -> CameraModel.parse("gain=1,read=2,offset=0").applyInPlace(image, ArrayImgs.unsignedBytes(9, 9), 7));
        assertThrows(InvalidInputException.class, () -> CameraModel.parse("gain=1,read=2,offset=0").applyInPlace(ArrayImgs.argbs(9, 9), 7));
    }

    @Test
    void blurKeepsTheVarianceAndTiesNeighbours() {
        final Img<FloatType> image = level(100);
        new CameraModel(0, 10, 0, 0, 0.5).applyInPlace(image, 7);
        final double[] values = values(image);
        assertEquals(100, variance(values), 4);
        double product = 0;
        for (int i = 0; i < values.length - 1; i++) product += (values[i] - 100) * (values[i + 1] - 100);
        // The kernel 1, e⁻², e⁻⁸ and its shift by one, over its own square.
        final double e = Math.exp(-2);
        final double f = Math.exp(-8);
        assertEquals(2 * (e + e * f) / (1 + 2 * e * e + 2 * f * f), product / values.length / 100, 0.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gain=0.5,read=3.25,offset=100", "gain=0,read=0,offset=-3.5", "gain=1e-7,read=3,offset=100,bits=12,blur=0.35"})
    void textIsReadBack(final String text) {
        final CameraModel camera = CameraModel.parse(text);
        assertEquals(camera, CameraModel.parse(camera.toString()));
        assertEquals(camera, CameraModel.of(camera.toString()));
    }

    @Test
    void aFileIsRead(@TempDir final Path folder) throws IOException {
        final Path file = Files.writeString(folder.resolve("camera.txt"), "# our Zyla\ngain=0.5\nread=3 # grey values\n\noffset=100, bits=16\n");
        assertEquals(new CameraModel(0.5, 3, 100, 16, 0), CameraModel.of(file.toString()));
        assertThrows(InvalidInputException.class, () -> CameraModel.of(folder.toString()));
        final Path bytes = Files.write(folder.resolve("image.tif"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThrows(InvalidInputException.class, () -> CameraModel.load(bytes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"gain=1,read=2 | offset is missing", "gain=1,read=2,offset=x | 'x' is not a number",
        "gain=1,read=2,offset=3,offset=4 | offset is there twice", "gain=1,read=2,offset=3,iso=100 | 'iso=100' is not one of its values",
        "gain=-1,read=2,offset=3 | gain must be 0 or more", "gain=1,read=NaN,offset=3 | read noise must be", "gain=1,read=2,offset=3,bits=10 | 8, 12 or 16",
        "gain=1,read=2,offset=3,bits=8.5 | not a whole number", "gain=1,read=2,offset=3,blur=9 | blur", "none.txt | no camera file none.txt"})
    void badValuesAreNamed(final String text, final String said) {
        final String message = assertThrows(InvalidInputException.class, () -> CameraModel.of(text)).getMessage();
        assertTrue(message.contains(said), message);
    }

    @Test
    void argbIsRefusedInWords() {
        final Img<ARGBType> colours = ArrayImgs.argbs(4, 4);
        assertTrue(assertThrows(InvalidInputException.class, () -> CameraModel.parse("gain=1,read=2,offset=0").applyInPlace(colours, 7)).getMessage()
            .contains("ARGBType"));
    }
}
