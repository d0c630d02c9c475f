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
import java.util.OptionalInt;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.runtime.TensorSpec;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PreparedCall;

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

        /** @return the side, in latent pixels, of the only picture that the half takes; empty where it takes others */
        OptionalInt onlySide() {
            return takesAnySize() ? OptionalInt.empty() : OptionalInt.of((int) Math.max(spec.shape().get(2), spec.shape().get(3)) / scale);
        }

        boolean takesAnySize() {
            return spec.shape().get(2) < 0 && spec.shape().get(3) < 0;
        }

        long[] shape(final int heightCells, final int widthCells) {
            return new long[] {1, channels, (long) heightCells * scale, (long) widthCells * scale};
        }
    }

    private final Side from;
    private final Side to;
    private final LatentShape whole;
    private final PreparedCall<Buffers> call;
    private final TileProgress progress;
    private int tile;

    /**
     * Into which tiles a picture is to be cut, as long as memory asks for no smaller ones.
     *
     * @param tile side of a tile in latent pixels; a picture that is not larger goes through whole
     * @param progress is told of every tile, where there are several
     */
    record Cut(int tile, TileProgress progress) {
        /** No tiles. */
        static final Cut WHOLE = new Cut(Integer.MAX_VALUE, TileProgress.SILENT);
    }

    /** Those of a call made for one size. */
    private record Buffers(TensorBuffer input, TensorBuffer output) {}

    /**
     * @param part the encoder or the decoder, which must outlive this
     * @param from its input
     * @param to its output
     * @param whole size of the picture in latent pixels
     * @param cut into which tiles the picture is to be cut
     */
    VaeTiles(final PartInUse part, final Side from, final Side to, final LatentShape whole, final Cut cut) {
        this.from = from;
        this.to = to;
        this.whole = whole;
        this.tile = Math.min(from.onlySide().orElse(to.onlySide().orElse(cut.tile())), Math.max(whole.height(), whole.width()));
        this.progress = cut.progress();
        this.call = new PreparedCall<>(part, this::prepare, this::smallerTiles);
    }

    /** Goes over to smaller tiles at once. */
    Optional<String> smallerTiles() {
        final int smaller = (tile + 1) / 2 + (tile == Math.max(whole.height(), whole.width()) ? tile / 8 : 0);
        if (smaller < SMALLEST_TILE || smaller >= tile || !from.takesAnySize() || !to.takesAnySize()) return Optional.empty();
        close();
        tile = smaller;
        return Optional.of("pictures went through it in " + tiling().count() + " overlapping tiles, which may differ faintly in tone");
    }

    /**
     * @param values [channels, height, width] of the input side
     * @param last whether the model is not needed again for a while
     * @param cancel ends the model call early
     * @return [channels, height, width] of the output side
     */
    float[] run(final float[] values, final boolean last, final CancelToken cancel) {
        return call.attempt(() -> attempt(values, last, cancel));
    }

    private float[] attempt(final float[] values, final boolean last, final CancelToken cancel) {
        final Tiling tiles = tiling();
        if (tiles.count() == 1) return one(values, last, cancel);
        final float[] made = new float[to.channels() * whole.height() * whole.width() * to.scale() * to.scale()];
        final int[] done = {0};
        tiles.run(new Tiling.Plane(values, from.channels(), from.scale()), new Tiling.Plane(made, to.channels(), to.scale()), cells -> {
            cancel.throwIfCancelled();
            final float[] tileMade = one(cells, last && done[0] + 1 == tiles.count(), cancel);
            progress.tile(++done[0], tiles.count());
            return tileMade;
        });
        return made;
    }

    private float[] one(final float[] values, final boolean last, final CancelToken cancel) {
        final Buffers now = call.buffers();
        now.input().put(values);
        call.run(cancel, last);
        return now.output().toFloats();
    }

    private Tiling tiling() {
        return new Tiling(whole.height(), whole.width(), tile);
    }

    private Buffers prepare(final ModelCall made) {
        final Tiling tiles = tiling();
        return new Buffers(made.input(from.spec(), from.shape(tiles.tileHeight(), tiles.tileWidth())),
            made.output(to.spec(), to.shape(tiles.tileHeight(), tiles.tileWidth())));
    }

    /** @return nanoseconds inside ONNX Runtime so far */
    long runNanos() {
        return call.runNanos();
    }

    /** Closes the buffers; a later run makes new ones. */
    @Override
    public void close() {
        call.close();
    }
}
