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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import net.diffusionj.CancelToken;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Predictions of tiles, put together: exact where a model looks at one latent pixel at a time, smooth where tiles disagree. */
class TiledPredictorTest {

    private static final DenoisingStep STEP = new DenoisingStep(1, 10, true);

    /** Returns what a function makes of every tile, and notes how it was asked. */
    private static final class Toy implements NoisePredictor {
        private final java.util.function.UnaryOperator<float[]> function;
        private final List<Boolean> lasts = new ArrayList<>();
        private int tilesSeen;

        Toy(final java.util.function.UnaryOperator<float[]> function) {
            this.function = function;
        }

        @Override
        public void predict(final float[][] latents, final DenoisingStep step, final float[][] predictions, final CancelToken cancel) {
            lasts.add(step.last());
            for (int i = 0; i < latents.length; i++) {
                predictions[i] = function.apply(latents[i]);
                tilesSeen++;
            }
        }

        @Override
        public long runNanos() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({"40, 56, 16, 2, 5", "16, 200, 16, 1, 4", "33, 17, 16, 3, 1", "16, 16, 16, 2, 8"})
    void equalsTheWholeWhereLatentPixelsAreSeenAlone(final int height, final int width, final int tile, final int images, final int most) {
        final LatentShape whole = new LatentShape(3, height, width);
        final Tiling tiling = new Tiling(height, width, tile);
        final Toy toy = new Toy(values -> {
            final float[] out = new float[values.length];
            for (int i = 0; i < out.length; i++) out[i] = 2 * values[i] + 1;
            return out;
        });
        final float[][] latents = new float[images][];
        for (int i = 0; i < images; i++) latents[i] = random(whole.size(), i);
        final float[][] predictions = new float[images][whole.size()];
        final List<String> progress = new ArrayList<>();
        new TiledPredictor(whole, tiling, images, most, count -> toy, (done, all) -> progress.add(done + "/" + all)).predict(latents, STEP, predictions,
            new CancelToken());
        for (int i = 0; i < images; i++) {
            for (int k = 0; k < whole.size(); k++) assertEquals(2 * latents[i][k] + 1, predictions[i][k], 1e-5, "image " + i + ", value " + k);
        }
        final int all = images * tiling.count();
        assertEquals(all + "/" + all, progress.get(progress.size() - 1));
        assertTrue(toy.tilesSeen < all + most, toy.tilesSeen + " tiles for " + all);
        assertEquals(1, toy.lasts.stream().filter(last -> last).count());
        assertTrue(toy.lasts.get(toy.lasts.size() - 1), "the last call of the last step says so");
    }

    /** Every tile gets a constant of its own, as far from its neighbours' as can be: across a seam the prediction still changes little by little. */
    @Test
    void tilesThatDisagreeMeetInARamp() {
        final LatentShape whole = new LatentShape(1, 16, 52);
        final int[] calls = {0};
        final Toy toy = new Toy(values -> {
            final float[] out = new float[values.length];
            java.util.Arrays.fill(out, calls[0]++ % 2 == 0 ? 1 : -1);
            return out;
        });
        final float[][] predictions = new float[1][whole.size()];
        new TiledPredictor(whole, new Tiling(16, 52, 16), 1, 1, count -> toy, TileProgress.SILENT).predict(new float[1][whole.size()], STEP, predictions,
            new CancelToken());
        assertEquals(4, calls[0]);
        for (int x = 1; x < 52; x++) {
            assertTrue(Math.abs(predictions[0][x] - predictions[0][x - 1]) <= 1.01, "from " + predictions[0][x - 1] + " to " + predictions[0][x] + " at " + x);
        }
        // The overlap is 12 to 15: its outermost cells are the neighbour's alone.
        assertArrayEquals(new float[] {1, 1, 0.5f, -0.5f, -1, -1}, java.util.Arrays.copyOfRange(predictions[0], 11, 17), 1e-6f);
        final float[] firstRow = java.util.Arrays.copyOf(predictions[0], 52);
        for (int y = 1; y < 16; y++) assertArrayEquals(firstRow, java.util.Arrays.copyOfRange(predictions[0], y * 52, (y + 1) * 52));
    }

    @Test
    void isCancelledBetweenTiles() {
        final CancelToken cancel = new CancelToken();
        final Toy toy = new Toy(float[]::clone);
        final LatentShape whole = new LatentShape(1, 64, 64);
        final TiledPredictor predictor = new TiledPredictor(whole, new Tiling(64, 64, 16), 1, 1, count -> toy, (done, all) -> {
            if (done == 3) cancel.cancel();
        });
        assertThrows(CancellationException.class, () -> predictor.predict(new float[1][64 * 64], STEP, new float[1][64 * 64], cancel));
        assertEquals(3, toy.tilesSeen);
    }

    private static float[] random(final int count, final long seed) {
        final Random random = new Random(seed);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
