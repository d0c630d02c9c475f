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

import java.util.stream.IntStream;

/**
 * Cuts a picture into overlapping tiles of one size and blends what is made of them: in an overlap each tile's weight falls linearly towards its edge, and is 0 at the edge itself. Sizes
 * are in cells, one latent pixel each; a cell may stand for several pixels on either side.
 * <p>
 * Immutable and thread-safe.
 * </p>
 */
final class Tiling {

    /** Share of a tile that its neighbour covers too, as in diffusers' tiled VAE. */
    private static final int OVERLAP_DIVISOR = 4;
    /** Share of the overlap, at a tile's edge, that is left to its neighbour: models darken what lies beside the zeros beyond an edge. */
    private static final int MARGIN_DIVISOR = 4;

    private final Axis rows;
    private final Axis columns;

    /**
     * @param heightCells height of the whole
     * @param widthCells width of the whole
     * @param tileCells side of a tile; a tile is never larger than the whole
     */
    Tiling(final int heightCells, final int widthCells, final int tileCells) {
        this(heightCells, widthCells, tileCells, tileCells);
    }

    /**
     * @param heightCells height of the whole
     * @param widthCells width of the whole
     * @param tileHeightCells height of a tile; a tile is never larger than the whole
     * @param tileWidthCells width of a tile
     */
    Tiling(final int heightCells, final int widthCells, final int tileHeightCells, final int tileWidthCells) {
        rows = Axis.of(heightCells, tileHeightCells);
        columns = Axis.of(widthCells, tileWidthCells);
    }

    /** @return height of every tile in cells */
    int tileHeight() {
        return rows.tile();
    }

    /** @return width of every tile in cells */
    int tileWidth() {
        return columns.tile();
    }

    /** @return how many tiles there are */
    int count() {
        return rows.starts().length * columns.starts().length;
    }

    /** What is done with one tile. */
    @FunctionalInterface
    interface Work {
        /** @param tile [channels, tile height, tile width] row-major
         *  @return [output channels, tile height, tile width] row-major, at the output's scale */
        float[] on(float[] tile);
    }

    /**
     * Values on the cells.
     *
     * @param values [channels, height · scale, width · scale] row-major; shared, not copied
     * @param channels number of channels
     * @param scale values along one side of a cell
     */
    record Plane(float[] values, int channels, int scale) {}

    /**
     * Does the work tile by tile.
     *
     * @param source what is cut
     * @param target where the blended results are added; all 0 before
     * @param work done on every tile in turn
     */
    void run(final Plane source, final Plane target, final Work work) {
        final Blend blend = blend(target.scale());
        for (int tile = 0; tile < count(); tile++) blend.add(tile, work.on(cut(source, tile)), target);
    }

    /**
     * @param source what is cut
     * @param tile index of the tile, row by row
     * @return [channels, tile height, tile width] row-major, at the source's scale; a copy
     */
    float[] cut(final Plane source, final int tile) {
        final int scale = source.scale();
        final int height = tileHeight() * scale;
        final int width = tileWidth() * scale;
        final float[] cut = new float[source.channels() * height * width];
        for (int line = 0; line < source.channels() * height; line++) {
            System.arraycopy(source.values(), start(source, tile, line), cut, line * width, width);
        }
        return cut;
    }

    /** @return index in the plane where a line of a tile begins; lines are counted over all channels */
    private int start(final Plane plane, final int tile, final int line) {
        final int scale = plane.scale();
        final int channel = line / (tileHeight() * scale);
        final int y = (channel * rows.whole() + rows.starts()[tile / columns.starts().length]) * scale + line % (tileHeight() * scale);
        return (y * columns.whole() + columns.starts()[tile % columns.starts().length]) * scale;
    }

    /**
     * @param scale values along one side of a cell
     * @return how tiles are put together at that scale
     */
    Blend blend(final int scale) {
        return new Blend(rows.weights(scale), columns.weights(scale));
    }

    /** Puts tiles together: the weights of all that cover a value add up to 1. Immutable. */
    final class Blend {

        private final float[][] rowWeights;
        private final float[][] columnWeights;

        private Blend(final float[][] rowWeights, final float[][] columnWeights) {
            this.rowWeights = rowWeights;
            this.columnWeights = columnWeights;
        }

        /**
         * @param tile index of the tile, row by row
         * @param made what was made of it, [channels, tile height, tile width] row-major
         * @param target where it is added, weighted
         */
        void add(final int tile, final float[] made, final Plane target) {
            final int height = tileHeight() * target.scale();
            final int width = tileWidth() * target.scale();
            final float[] ofRow = rowWeights[tile / columns.starts().length];
            final float[] ofColumn = columnWeights[tile % columns.starts().length];
            for (int line = 0; line < target.channels() * height; line++) {
                final int to = start(target, tile, line);
                for (int x = 0; x < width; x++) target.values()[to + x] += made[line * width + x] * ofRow[line % height] * ofColumn[x];
            }
        }
    }

    /** Tiles along one side. */
    private record Axis(int whole, int tile, int[] starts) {

        static Axis of(final int whole, final int wanted) {
            final int tile = Math.min(whole, Math.max(1, wanted));
            final int stride = Math.max(1, tile - tile / OVERLAP_DIVISOR);
            final int count = 1 + (whole - tile + stride - 1) / stride;
            // The last tile ends where the whole does, so its overlap may be larger.
            return new Axis(whole, tile, IntStream.range(0, count).map(i -> Math.min(i * stride, whole - tile)).toArray());
        }

        /** @return per tile and position in it; they add up to 1 at every position of the whole */
        float[][] weights(final int scale) {
            final float[] sums = new float[whole * scale];
            final float[][] weights = new float[starts.length][tile * scale];
            final int overlap = Math.max(1, tile / OVERLAP_DIVISOR);
            final int margin = overlap / MARGIN_DIVISOR;
            final float ramp = (overlap - 2 * margin) * scale;
            for (int i = 0; i < starts.length; i++) {
                for (int p = 0; p < tile * scale; p++) {
                    final float fromStart = starts[i] == 0 ? 1 : (p + 0.5f - margin * scale) / ramp;
                    final float fromEnd = starts[i] + tile == whole ? 1 : (tile * scale - p - 0.5f - margin * scale) / ramp;
                    weights[i][p] = Math.max(0, Math.min(1, Math.min(fromStart, fromEnd)));
                    sums[starts[i] * scale + p] += weights[i][p];
                }
            }
            for (int i = 0; i < starts.length; i++) {
                for (int p = 0; p < tile * scale; p++) weights[i][p] /= sums[starts[i] * scale + p];
            }
            return weights;
        }
    }
}
