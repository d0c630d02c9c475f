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
 * Cuts a picture into overlapping tiles of one size and blends what is made of them: in an overlap each tile's weight falls linearly towards its edge. Sizes
 * are in cells, one latent pixel each; a cell may stand for several pixels on either side.
 * <p>
 * Immutable and thread-safe.
 * </p>
 */
final class Tiling {

    /** Share of a tile that its neighbour covers too, as in diffusers' tiled VAE. */
    private static final int OVERLAP_DIVISOR = 4;

    private final Axis rows;
    private final Axis columns;

    /**
     * @param heightCells height of the whole
     * @param widthCells width of the whole
     * @param tileCells side of a tile; a tile is no larger than the whole
     */
    Tiling(final int heightCells, final int widthCells, final int tileCells) {
        rows = Axis.of(heightCells, tileCells);
        columns = Axis.of(widthCells, tileCells);
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
        final float[][] rowWeights = rows.weights(target.scale());
        final float[][] columnWeights = columns.weights(target.scale());
        for (int row = 0; row < rows.starts().length; row++) {
            for (int column = 0; column < columns.starts().length; column++) {
                final float[] made = work.on(cut(source, rows.starts()[row], columns.starts()[column]));
                add(made, target, rows.starts()[row], columns.starts()[column], rowWeights[row], columnWeights[column]);
            }
        }
    }

    private float[] cut(final Plane source, final int top, final int left) {
        final int scale = source.scale();
        final int height = tileHeight() * scale;
        final int width = tileWidth() * scale;
        final float[] tile = new float[source.channels() * height * width];
        for (int line = 0; line < source.channels() * height; line++) {
            final int channel = line / height;
            final int y = channel * rows.whole() * scale + top * scale + line % height;
            System.arraycopy(source.values(), y * columns.whole() * scale + left * scale, tile, line * width, width);
        }
        return tile;
    }

    private void add(final float[] made, final Plane target, final int top, final int left, final float[] rowWeights, final float[] columnWeights) {
        final int scale = target.scale();
        final int height = tileHeight() * scale;
        final int width = tileWidth() * scale;
        for (int line = 0; line < target.channels() * height; line++) {
            final int channel = line / height;
            final int y = channel * rows.whole() * scale + top * scale + line % height;
            final int to = y * columns.whole() * scale + left * scale;
            for (int x = 0; x < width; x++) target.values()[to + x] += made[line * width + x] * rowWeights[line % height] * columnWeights[x];
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
            final float ramp = Math.max(1, tile / OVERLAP_DIVISOR) * scale;
            for (int i = 0; i < starts.length; i++) {
                for (int p = 0; p < tile * scale; p++) {
                    final float fromStart = starts[i] == 0 ? 1 : (p + 0.5f) / ramp;
                    final float fromEnd = starts[i] + tile == whole ? 1 : (tile * scale - p - 0.5f) / ramp;
                    weights[i][p] = Math.min(1, Math.min(fromStart, fromEnd));
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
