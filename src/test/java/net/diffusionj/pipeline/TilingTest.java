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
package net.diffusionj.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.CancelToken;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.testing.Models;

/** Pictures in tiles: exact where a model sees one cell at a time, close where it sees all of them. */
class TilingTest {

    @ParameterizedTest
    @CsvSource({"7, 9, 16, 1", "16, 16, 8, 9", "30, 17, 8, 15", "9, 40, 12, 5", "8, 8, 1, 64", "10, 10, 4, 9"})
    void putsTheWholeTogetherAgain(final int height, final int width, final int tile, final int expectedTiles) {
        final Tiling tiling = new Tiling(height, width, tile);
        assertEquals(expectedTiles, tiling.count());
        final float[] values = random(2 * height * width);
        final float[] target = new float[2 * height * width * 9];
        tiling.run(new Tiling.Plane(values, 2, 1), new Tiling.Plane(target, 2, 3), cells -> enlarged(cells, 2, tiling.tileHeight(), tiling.tileWidth()));
        assertArrayEquals(enlarged(values, 2, height, width), target, 1e-5f);
        final float[] back = new float[values.length];
        tiling.run(new Tiling.Plane(target, 2, 3), new Tiling.Plane(back, 2, 1), cells -> shrunk(cells, 2, tiling.tileHeight(), tiling.tileWidth()));
        assertArrayEquals(values, back, 1e-5f);
    }

    private static float[] enlarged(final float[] cells, final int channels, final int height, final int width) {
        final float[] pixels = new float[channels * height * width * 9];
        for (int y = 0; y < channels * height * 3; y++) {
            for (int x = 0; x < width * 3; x++) pixels[y * width * 3 + x] = cells[y / 3 * width + x / 3];
        }
        return pixels;
    }

    private static float[] shrunk(final float[] pixels, final int channels, final int height, final int width) {
        final float[] cells = new float[channels * height * width];
        for (int i = 0; i < cells.length; i++) cells[i] = pixels[(i / width * 3 + 1) * width * 3 + i % width * 3 + 1];
        return cells;
    }

    private static float[] random(final int count) {
        final Random random = new Random(9);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /**
     * The fixtures' VAEs have random weights, with attention and normalisation over all they see, which makes tiles differ more than a trained model's.
     * Stated tolerance: decoded, a twentieth of the range on average, and correlated to more than 0.98; encoded, correlated to more than 0.9.
     */
    @ParameterizedTest
    @CsvSource({"sd1, 24, 20", "sd2-v, 32, 32", "turbo, 40, 24"})
    void decodesInTilesAlmostAsWhole(final String model, final int latentHeight, final int latentWidth) {
        try (OpenTestModels models = new OpenTestModels()) {
            final double[] difference = models.use(ModelFolder.open(Models.of(model)), false, loaded -> {
                final LatentShape shape = new LatentShape(4, latentHeight, latentWidth);
                final float[] latents = smooth(shape);
                try (VaeDecoder whole = loaded.newDecoder(shape, VaeTiles.Cut.WHOLE); VaeDecoder tiled = loaded.newDecoder(shape, VaeTiles.Cut.WHOLE)) {
                    tiled.tiles().smallerTiles();
                    final float[] expected = whole.decode(latents, false, new CancelToken());
                    final float[] found = tiled.decode(latents, false, new CancelToken());
                    return new double[] {meanDifference(expected, found), correlation(expected, found)};
                }
            });
            assertTrue(difference[0] > 0 && difference[0] < 0.1, () -> "mean difference " + difference[0] + " of a range of 2");
            assertTrue(difference[1] > 0.98, () -> "correlation " + difference[1]);
        }
    }

    @Test
    void encodesInTilesAlmostAsWhole() {
        try (OpenTestModels models = new OpenTestModels()) {
            final double correlation = models.use(ModelFolder.open(Models.of("sd1")), true, loaded -> {
                final LatentShape shape = new LatentShape(4, 24, 24);
                final float[] pixels = smooth(new LatentShape(3, 192, 192));
                try (VaeEncoder whole = loaded.newEncoder(shape, VaeTiles.Cut.WHOLE); VaeEncoder tiled = loaded.newEncoder(shape, VaeTiles.Cut.WHOLE)) {
                    tiled.tiles().smallerTiles();
                    final SourcePixels source = new SourcePixels(pixels, 192, 192);
                    final float[] expected = whole.encode(source, new CancelToken()).values();
                    final float[] found = tiled.encode(source, new CancelToken()).values();
                    return correlation(Arrays.copyOf(expected, 4 * 24 * 24), Arrays.copyOf(found, 4 * 24 * 24));
                }
            });
            assertTrue(correlation > 0.9, () -> "correlation " + correlation);
        }
    }

    /** Latents as pictures have them: neighbours are alike. */
    private static float[] smooth(final LatentShape shape) {
        final float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            final int x = i % shape.width();
            final int y = i / shape.width() % shape.height();
            final int c = i / (shape.width() * shape.height());
            values[i] = (float) (Math.sin(0.5 * x + c) * Math.cos(0.4 * y - c));
        }
        return values;
    }

    private static double meanDifference(final float[] a, final float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
        return sum / a.length;
    }

    private static double correlation(final float[] a, final float[] b) {
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < a.length; i++) {
            meanA += a[i] / (double) a.length;
            meanB += b[i] / (double) b.length;
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
