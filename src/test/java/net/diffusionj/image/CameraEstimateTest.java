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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import net.diffusionj.io.ImageFiles;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The camera found again in images whose noise is known: drawn by java.util.Random, not by the code that draws a camera's noise. */
class CameraEstimateTest {

    private static final int SIDE = 320;
    private static final Path REAL = Path.of("src/test/resources/net/diffusionj/augment/gate/nuclei.tif");

    /** Cells with soft borders and a grained inside, on a background that is not level. */
    private static double[] scene(final double background, final double brightest, final long seed) {
        final Random random = new Random(seed);
        final double[] means = new double[SIDE * SIDE];
        for (int i = 0; i < means.length; i++) means[i] = background * (1 + 0.15 * Math.sin(i % SIDE / 90.0) * Math.cos(i / SIDE / 120.0));
        for (int cell = 0; cell < 28; cell++) {
            final double x = random.nextDouble() * SIDE;
            final double y = random.nextDouble() * SIDE;
            final double radius = 12 + 12 * random.nextDouble();
            final double height = (brightest - background) * (0.2 + 0.8 * random.nextDouble());
            final double wave = 5 + 5 * random.nextDouble();
            for (int i = 0; i < means.length; i++) {
                final double across = i % SIDE - x;
                final double down = i / SIDE - y;
                if (Math.abs(across) > radius + 10 || Math.abs(down) > radius + 10) continue;
                final double distance = Math.sqrt(across * across + down * down);
                final double grain = 1 + 0.2 * Math.sin(i % SIDE / wave) * Math.cos(i / SIDE / wave);
                means[i] += height * grain / (1 + Math.exp((distance - radius) / 1.2));
            }
        }
        return means;
    }

    private static double exposed(final double mean, final double gain, final double read, final double offset, final Random random) {
        final double electrons = (mean - offset) / gain;
        // Knuth's product where electrons are few, a normal number where they are many.
        double counted = electrons + Math.sqrt(electrons) * random.nextGaussian();
        if (electrons < 30) {
            counted = -1;
            for (double left = 1; left > Math.exp(-electrons); left *= random.nextDouble()) counted++;
        }
        return offset + gain * counted + read * random.nextGaussian();
    }

    private static Img<UnsignedShortType> photo(final double[] means, final double gain, final double read, final double offset, final long seed) {
        final Random random = new Random(seed);
        final short[] pixels = new short[means.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (short) Math.max(Math.rint(exposed(means[i], gain, read, offset, random)), 0);
        return ArrayImgs.unsignedShorts(pixels, SIDE, SIDE);
    }

    @ParameterizedTest
    @CsvSource({"0.33, 2.5, 100, 160, 1500", "2, 5, 100, 150, 4000", "1, 20, 400, 450, 3000", "0.1, 1.5, 0, 40, 900", "5, 0, 0, 300, 20000",
        "8, 30, 1000, 2000, 40000"})
    void lineIsRecoveredWithinTenPercent(final double gain, final double read, final double offset, final double background, final double brightest) {
        final List<Img<UnsignedShortType>> images = List.of(photo(scene(background, brightest, 1), gain, read, offset, 2),
            photo(scene(background, brightest, 3), gain, read, offset, 4));
        final CameraModel found = CameraEstimate.of(images).orElseThrow();
        for (final double share : new double[] {0, 0.1, 0.3, 0.6}) {
            final double mean = background + share * (brightest - background);
            final double truth = gain * (mean - offset) + read * read;
            assertEquals(truth, found.variance(mean), 0.1 * truth, "variance at " + mean + " of " + found);
        }
        assertEquals(0, found.blurPx(), found.toString());
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1.5", "0.05, 1"})
    void eightBits(final double gain, final double read) {
        final double[] means = scene(20, 180, 5);
        final Random random = new Random(6);
        final byte[] pixels = new byte[means.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) Math.min(Math.max(Math.rint(exposed(means[i], gain, read, 5, random)), 0), 255);
        final CameraModel found = CameraEstimate.of(List.of(ArrayImgs.unsignedBytes(pixels, SIDE, SIDE))).orElseThrow();
        for (final double mean : new double[] {20, 60, 120}) {
            final double truth = gain * (mean - 5) + read * read;
            assertEquals(truth, found.variance(mean), 0.1 * truth, "variance at " + mean + " of " + found);
        }
    }

    /** What was estimated, drawn on the scene without noise, is estimated again. */
    @ParameterizedTest
    @CsvSource({"0.5, 4, 0", "0.5, 4, 0.4", "2, 10, 0.5"})
    void whatIsDrawnIsFoundAgain(final double gain, final double read, final double blurPx) {
        final double[] means = scene(300, 3000, 7);
        final float[] pixels = new float[means.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (float) means[i];
        final Img<FloatType> image = ArrayImgs.floats(pixels, SIDE, SIDE);
        final CameraModel camera = new CameraModel(gain, read, 100, 0, blurPx);
        camera.applyInPlace(image, 11);
        final CameraModel found = CameraEstimate.of(List.of(image)).orElseThrow();
        for (final double mean : new double[] {300, 800, 1500}) {
            assertEquals(camera.variance(mean), found.variance(mean), (blurPx == 0 ? 0.1 : 0.2) * camera.variance(mean),
                "variance at " + mean + " of " + found);
        }
        assertEquals(blurPx, found.blurPx(), 0.08, found.toString());
    }

    /** Twelve bits in the upper end of sixteen: the step is 16, and rounding to it is not noise of the camera. */
    @Test
    void coarseStepsAreNotNoise() {
        final double[] means = scene(3000, 30000, 8);
        final Random random = new Random(9);
        final short[] pixels = new short[means.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (short) (16 * Math.rint((means[i] + 6 * random.nextGaussian()) / 16));
        final CameraModel found = CameraEstimate.of(List.of(ArrayImgs.unsignedShorts(pixels, SIDE, SIDE))).orElseThrow();
        assertEquals(36, found.variance(3000), 7, found.toString());
    }

    @Test
    void nothingIsFoundWhereNothingIs() {
        assertEquals(Optional.empty(), CameraEstimate.of(List.of()));
        assertEquals(Optional.empty(), CameraEstimate.of(List.of(ArrayImgs.unsignedBytes(16, 16))), "too small");
        final Img<UnsignedByteType> level = ArrayImgs.unsignedBytes(128, 128);
        level.forEach(pixel -> pixel.set(100));
        assertEquals(Optional.empty(), CameraEstimate.of(List.of(level)), "no noise");
    }

    /**
     * A piece of a field of BBBC039: its own noise, and what is added to it, on the background. Fields as a whole tell a variance of 20.2 there
     * ({@code scripts/experiment/noise}); so small a piece is held to 30 %, and is not taken for a camera by itself.
     */
    @Test
    void noiseOfARealMicrographIsFound() {
        final Img<?> image = (Img<?>) ImageFiles.read(REAL).image();
        final double background = 153;
        final double own = CameraEstimate.of(List.of(image)).orElseThrow().variance(background);
        assertEquals(20.2, own, 0.3 * 20.2);
        assertEquals(Optional.empty(), CameraEstimate.ofOne(image));
        final CameraModel added = new CameraModel(0.8, 6, 136, 0, 0);
        double sum = 0;
        for (int seed = 0; seed < 4; seed++) {
            final Img<?> noisier = (Img<?>) ImageFiles.read(REAL).image();
            added.applyInPlace(noisier, seed);
            sum += CameraEstimate.of(List.of(noisier)).orElseThrow().variance(background) - own;
        }
        assertEquals(added.variance(background), sum / 4, 0.3 * added.variance(background));
    }

    @Test
    void aFieldOfItsOwnIsEnough() {
        final Img<UnsignedShortType> field = photo(scene(160, 1500, 1), 0.33, 2.5, 100, 2);
        assertEquals(CameraEstimate.of(List.of(field)), CameraEstimate.ofOne(field));
        assertTrue(CameraEstimate.ofOne(field).isPresent());
    }

    /** Where light filled the wells there is no noise to see; it must not pull the line down. */
    @Test
    void saturatedPixelsAreLeftOut() {
        final double[] means = scene(320, 5000, 10);
        final Random random = new Random(12);
        final byte[] pixels = new byte[means.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) Math.min(Math.rint(exposed(means[i] / 16, 0.3, 1, 0, random)), 255);
        final CameraModel found = CameraEstimate.of(List.of(ArrayImgs.unsignedBytes(pixels, SIDE, SIDE))).orElseThrow();
        assertEquals(0.3 * 100 + 1, found.variance(100), 0.1 * 31, found.toString());
        assertTrue(found.gain() > 0.25, found.toString());
    }
}
