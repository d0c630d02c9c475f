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

import java.util.Arrays;
import java.util.function.IntFunction;

import net.diffusionj.CancelToken;

/**
 * Predicts for a picture that is larger than what the model sees at once: at every step the predictions of overlapping tiles are blended into one, so that
 * the scheduler steps the whole picture and no seam can form (Bar-Tal et al. 2023, MultiDiffusion). Several tiles go through the model together.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class TiledPredictor implements NoisePredictor {

    private final Tiling tiling;
    private final Tiling.Blend blend;
    private final LatentShape whole;
    private final int images;
    private final int atOnce;
    private final NoisePredictor inner;
    private final TileProgress progress;

    /**
     * @param whole latents of one image
     * @param tiling how they are cut
     * @param images images in the group
     * @param most tiles that may go through the model together
     * @param predictors makes the predictor of so many tiles; closed with this
     * @param progress is told of every tile of a step
     */
    TiledPredictor(final LatentShape whole, final Tiling tiling, final int images, final int most, final IntFunction<NoisePredictor> predictors,
        final TileProgress progress) {
        this.tiling = tiling;
        this.blend = tiling.blend(1);
        this.whole = whole;
        this.images = images;
        this.progress = progress;
        final int calls = (images * tiling.count() + most - 1) / most;
        // Equal shares, since a predictor is made for one number: the last call repeats a tile or two.
        this.atOnce = (images * tiling.count() + calls - 1) / calls;
        this.inner = predictors.apply(atOnce);
    }

    @Override
    public void predict(final float[][] latents, final DenoisingStep step, final float[][] predictions, final CancelToken cancel) {
        for (final float[] prediction : predictions) Arrays.fill(prediction, 0);
        final int all = images * tiling.count();
        final float[][] made = new float[atOnce][whole.channels() * tiling.tileHeight() * tiling.tileWidth()];
        for (int first = 0; first < all; first += atOnce) {
            cancel.throwIfCancelled();
            final float[][] tiles = new float[atOnce][];
            for (int i = 0; i < atOnce; i++) tiles[i] = cut(latents, Math.min(first + i, all - 1));
            inner.predict(tiles, step.withLast(step.last() && first + atOnce >= all), made, cancel);
            final int end = Math.min(first + atOnce, all);
            for (int index = first; index < end; index++) {
                blend.add(index % tiling.count(), made[index - first], plane(predictions[index / tiling.count()]));
            }
            progress.tile(end, all);
        }
    }

    private float[] cut(final float[][] latents, final int index) {
        return tiling.cut(plane(latents[index / tiling.count()]), index % tiling.count());
    }

    private Tiling.Plane plane(final float[] values) {
        return new Tiling.Plane(values, whole.channels(), 1);
    }

    @Override
    public long runNanos() {
        return inner.runNanos();
    }

    @Override
    public void close() {
        inner.close();
    }
}
