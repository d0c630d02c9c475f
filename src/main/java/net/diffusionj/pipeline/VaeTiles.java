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

import java.util.Optional;

import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ModelCall;
import net.diffusionj.ort.TensorBuffer;
import net.diffusionj.ort.TensorSpec;

/**
 * Runs one half of a VAE on a picture, whole if memory allows and in tiles if not. Tiles are seen alone, so their tones differ slightly from those of the
 * whole: the VAE's normalisation and attention look at all of what they are given.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class VaeTiles implements AutoCloseable {

    /** Smaller tiles would be mostly overlap and show nothing whole. */
    private static final int SMALLEST_TILE = 8;

    /**
     * One side of the half.
     *
     * @param spec the input or output
     * @param channels its channels
     * @param scale values along one side of a latent pixel
     */
    record Side(TensorSpec spec, int channels, int scale) {

        boolean takesAnySize() {
            return spec.shape().get(2) < 0 && spec.shape().get(3) < 0;
        }

        long[] shape(final int heightCells, final int widthCells) {
            return new long[] {1, channels, (long) heightCells * scale, (long) widthCells * scale};
        }
    }

    private final PartInUse part;
    private final Side from;
    private final Side to;
    private final LatentShape whole;
    private final MemoryLadder ladder;
    private int tile;
    private Optional<Ready> ready = Optional.empty();
    private long closedRunNanos;

    /** A call made for one size. */
    private record Ready(ModelCall call, TensorBuffer input, TensorBuffer output) {}

    /**
     * @param part the encoder or the decoder
     * @param from its input
     * @param to its output
     * @param whole size of the picture in latent pixels
     */
    VaeTiles(final PartInUse part, final Side from, final Side to, final LatentShape whole) {
        this.part = part;
        this.from = from;
        this.to = to;
        this.whole = whole;
        this.tile = Math.max(whole.height(), whole.width());
        this.ladder = part.ladder(this::smallerTiles);
    }

    /** Goes over to smaller tiles at once. */
    Optional<String> smallerTiles() {
        final int smaller = (tile + 1) / 2 + (tile == Math.max(whole.height(), whole.width()) ? tile / 8 : 0);
        if (smaller < SMALLEST_TILE || smaller >= tile || !from.takesAnySize() || !to.takesAnySize()) return Optional.empty();
        close();
        tile = smaller;
        final Tiling tiles = new Tiling(whole.height(), whole.width(), tile);
        return Optional.of("pictures went through it in " + tiles.count() + " overlapping tiles, which may differ faintly in tone");
    }

    /**
     * @param values [channels, height, width] of the input side
     * @param last whether the model is not needed again for a while
     * @param cancel ends the model call early
     * @return [channels, height, width] of the output side
     */
    float[] run(final float[] values, final boolean last, final CancelToken cancel) {
        return ladder.run(() -> attempt(values, last, cancel));
    }

    private float[] attempt(final float[] values, final boolean last, final CancelToken cancel) {
        final Tiling tiles = new Tiling(whole.height(), whole.width(), tile);
        try {
            if (tiles.count() == 1) return one(tiles, values, last, cancel);
            final float[] made = new float[to.channels() * whole.height() * whole.width() * to.scale() * to.scale()];
            tiles.run(new Tiling.Plane(values, from.channels(), from.scale()), new Tiling.Plane(made, to.channels(), to.scale()),
                cells -> one(tiles, cells, false, cancel));
            return made;
        }
        catch (final RuntimeException e) {
            // The buffers of a size that did not fit must not stand in the way of the next.
            close();
            throw e;
        }
    }

    private float[] one(final Tiling tiles, final float[] values, final boolean last, final CancelToken cancel) {
        if (ready.isEmpty()) ready = Optional.of(prepare(tiles.tileHeight(), tiles.tileWidth()));
        final Ready now = ready.get();
        now.input().put(values);
        now.call().run(cancel, last);
        return now.output().toFloats();
    }

    private Ready prepare(final int heightCells, final int widthCells) {
        final ModelCall call = part.newCall();
        try {
            return new Ready(call, call.input(from.spec(), from.shape(heightCells, widthCells)), call.output(to.spec(), to.shape(heightCells, widthCells)));
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    /** @return nanoseconds inside ONNX Runtime so far */
    long runNanos() {
        return closedRunNanos + ready.map(now -> now.call().runNanos()).orElse(0L);
    }

    /** Closes the buffers; a later run makes new ones. */
    @Override
    public void close() {
        closedRunNanos = runNanos();
        ready.ifPresent(now -> now.call().close());
        ready = Optional.empty();
    }
}
