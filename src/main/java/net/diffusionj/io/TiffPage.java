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
package net.diffusionj.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One picture of a TIFF file as its tags describe it. Values are the tags' own, defaults filled in. Says which kinds are read here and refuses the others
 * by name; reads no pixels.
 *
 * @param order of bytes in numbers
 * @param width in pixels
 * @param height in pixels
 * @param bits of one sample, the same for all
 * @param samples of one pixel, transparency included
 * @param format of a sample: 1 unsigned, 2 signed, 3 float
 * @param compression the tag's value
 * @param predictor 1 none, 2 differences, 3 differences of floats
 * @param planar 1 where the samples of a pixel lie together, 2 where each has planes of its own
 * @param photometric what samples mean; one of the constants
 * @param reversed whether the first pixel is in the lowest bit of a byte
 * @param alpha whether all samples beyond the colours are transparency, or their meaning is unknown
 * @param tiled whether blocks are tiles of one size, not strips
 * @param blockWidth width of a block in pixels
 * @param blockHeight rows of a block; of the last strip less
 * @param offsets where each block lies
 * @param byteCounts how long each block is
 * @param subsampling across and down, of YCbCr
 */
record TiffPage(ByteOrder order, int width, int height, int bits, int samples, int format, int compression, int predictor, int planar,
    int photometric, boolean reversed, boolean alpha, boolean tiled, int blockWidth, int blockHeight, long[] offsets, long[] byteCounts,
    int[] subsampling) {

    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int CMYK = 5;
    static final int YCBCR = 6;

    static final int UNSIGNED = 1;
    static final int SIGNED = 2;
    static final int FLOAT = 3;

    static final int JPEG = 7;

    private static final int SUBFILE = 254;
    private static final int OLD_SUBFILE = 255;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int FILL_ORDER = 266;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANAR = 284;
    private static final int PREDICTOR = 317;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int INK_SET = 332;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int SUBSAMPLING = 530;
    private static final int MOST_SAMPLES = 1 << 12;

    /**
     * @param tags of the page
     * @param order of the file
     * @throws IOException if they make no sense
     */
    static TiffPage of(final TiffTags tags, final ByteOrder order) throws IOException {
        final long width = tags.number(WIDTH, 0);
        final long height = tags.number(HEIGHT, 0);
        final long samples = tags.number(SAMPLES, 1);
        final boolean tiled = tags.has(TILE_WIDTH);
        final long blockWidth = tiled ? tags.number(TILE_WIDTH, 0) : width;
        final long blockHeight = tiled ? tags.number(TILE_HEIGHT, 0) : Math.min(tags.number(ROWS_PER_STRIP, height), height);
        if (width < 1 || height < 1 || blockWidth < 1 || blockHeight < 1 || width * height > Planes.MOST_VALUES
            || blockWidth * blockHeight > Planes.MOST_VALUES || Math.max(blockWidth, blockHeight) > Planes.MOST_VALUES) {
            throw new IOException("it claims a size of " + width + " x " + height + (tiled ? " in tiles of " + blockWidth + " x " + blockHeight : ""));
        }
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new IOException("it claims " + samples + " samples a pixel");
        }
        final long[] offsets = tags.numbers(tags.has(TILE_OFFSETS) ? TILE_OFFSETS : STRIP_OFFSETS);
        final long[] counts = tags.numbers(tags.has(TILE_BYTES) ? TILE_BYTES : STRIP_BYTES);
        final long[] subsampling = tags.numbers(SUBSAMPLING);
        final long[] extra = tags.numbers(EXTRA_SAMPLES);
        final int photometric = (int) tags.number(PHOTOMETRIC, samples < 3 ? BLACK_IS_ZERO : RGB);
        final TiffPage page =
            new TiffPage(order, (int) width, (int) height, same(tags, BITS, 1, "bits"), (int) samples, same(tags, SAMPLE_FORMAT, UNSIGNED, "formats"),
                (int) tags.number(COMPRESSION, 1), (int) tags.number(PREDICTOR, 1), (int) tags.number(PLANAR, 1),
                photometric == CMYK && tags.number(INK_SET, 1) != 1 ? -CMYK : photometric, tags.number(FILL_ORDER, 1) == 2,
                extra.length == 0 || Arrays.stream(extra).allMatch(kind -> kind == 1 || kind == 2), tiled, (int) blockWidth, (int) blockHeight, offsets,
                counts, subsampling.length < 2 ? new int[] {2, 2} : new int[] {(int) subsampling[0], (int) subsampling[1]});
        return counts.length == 0 && page.compression == TiffStrips.NONE ? page.withCounts() : page;
    }

    /** Some old programs leave the lengths of uncompressed strips out. */
    private TiffPage withCounts() {
        final long[] counts = new long[offsets.length];
        for (int block = 0; block < counts.length; block++) {
            counts[block] = blockBytes(rowsOf(block / blocksAcross() % blocksDown()));
        }
        return at(offsets, counts);
    }

    private TiffPage at(final long[] places, final long[] lengths) {
        return new TiffPage(order, width, height, bits, samples, format, compression, predictor, planar, photometric, reversed, alpha, tiled, blockWidth,
            blockHeight, places, lengths, subsampling);
    }

    /** @return whether the page is a smaller copy or a mask of another, so that it is not a picture of its own */
    static boolean isSecondary(final TiffTags tags) throws IOException {
        return (tags.number(SUBFILE, 0) & 5) != 0 || tags.number(OLD_SUBFILE, 1) == 2;
    }

    private static int same(final TiffTags tags, final int tag, final int otherwise, final String what) throws IOException {
        final long[] values = tags.numbers(tag);
        if (Arrays.stream(values).distinct().count() > 1) {
            throw new IOException("its samples have different " + what + " (" + Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 8)))
                + "): this kind of TIFF is not read here");
        }
        return values.length == 0 ? otherwise : (int) Math.min(values[0], Short.MAX_VALUE);
    }

    /** Returns the page that many planes after this one, in a file where uncompressed planes follow one another without a list. */
    TiffPage follower(final int planes) {
        final long by = planes * (blockBytes(1) * height * (planar == 2 ? samples : 1));
        return at(Arrays.stream(offsets).map(offset -> offset + by).toArray(), byteCounts);
    }

    boolean sameKind(final TiffPage other) {
        return width == other.width && height == other.height && bits == other.bits && samples == other.samples && format == other.format
            && photometric == other.photometric;
    }

    /** How many planes of samples become channels: transparency is left out. */
    int colours() {
        return switch (photometric) {
            case RGB, YCBCR -> 3;
            case CMYK -> 4;
            case PALETTE -> 1;
            default -> alpha && samples == 2 ? 1 : samples;
        };
    }

    int blocksAcross() {
        return (width + blockWidth - 1) / blockWidth;
    }

    int blocksDown() {
        return (int) (((long) height + blockHeight - 1) / blockHeight);
    }

    /** Rows that a block holds: tiles are always whole. */
    int rowsOf(final int blockDown) {
        return tiled ? blockHeight : Math.min(blockHeight, height - blockDown * blockHeight);
    }

    /** Samples of a pixel that lie together in a block. */
    int samplesTogether() {
        return planar == 2 ? 1 : samples;
    }

    /** Whether chroma is stored in blocks of its own size; a JPEG decoder undoes that by itself. */
    boolean isSubsampled() {
        return photometric == YCBCR && compression != JPEG && (subsampling[0] > 1 || subsampling[1] > 1);
    }

    /** Bytes of one row of one block. */
    long rowBytes() {
        return ((long) blockWidth * bits * samplesTogether() + 7) / 8;
    }

    /** Bytes of a block once it is uncompressed. */
    long blockBytes(final int rows) {
        if (isSubsampled()) {
            final long across = ((long) blockWidth + subsampling[0] - 1) / subsampling[0];
            final long down = ((long) rows + subsampling[1] - 1) / subsampling[1];
            return across * down * (subsampling[0] * subsampling[1] + 2L);
        }
        return rowBytes() * rows;
    }

    /** What one value is once read: as small as holds it. Whole numbers of more than 16 bits become floats, as in ImageJ. */
    Planes.Depth depth() {
        if (format == FLOAT || bits > 16) {
            return Planes.Depth.FLOAT32;
        }
        if (format == SIGNED) {
            return Planes.Depth.INT16;
        }
        return bits <= 8 ? Planes.Depth.UINT8 : Planes.Depth.UINT16;
    }
}
