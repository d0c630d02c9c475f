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

import net.diffusionj.InvalidInputException;

/**
 * How a picture of any size lies in the one that a model works on: resized by a scale, then mirrored outwards, by as much on either side, until its sides
 * are what the model takes. Says where everything is; {@link SourceImage} moves the pixels.
 * <p>
 * Immutable.
 * </p>
 *
 * @param sourceWidthPx width of the picture
 * @param sourceHeightPx height of the picture
 * @param scaledWidthPx width after resizing, at most {@code widthPx}
 * @param scaledHeightPx height after resizing, at most {@code heightPx}
 * @param widthPx width that the model works on
 * @param heightPx height that the model works on
 */
public record Framing(int sourceWidthPx, int sourceHeightPx, int scaledWidthPx, int scaledHeightPx, int widthPx, int heightPx) {

    /** Checks that one size fits into the next. */
    public Framing {
        if (sourceWidthPx < 1 || sourceHeightPx < 1 || scaledWidthPx < 1 || scaledHeightPx < 1 || widthPx < scaledWidthPx || heightPx < scaledHeightPx) {
            throw new IllegalArgumentException(sourceWidthPx + " x " + sourceHeightPx + " as " + scaledWidthPx + " x " + scaledHeightPx + " in " + widthPx
                + " x " + heightPx);
        }
    }

    /**
     * What a model takes.
     *
     * @param leastWidthPx width below which pictures are mirrored outwards: the model's own
     * @param leastHeightPx the same for the height
     * @param multiplePx what both sides must be multiples of
     */
    public record Limits(int leastWidthPx, int leastHeightPx, int multiplePx) {}

    /**
     * The picture at its own pixels, or at so many times their number along a side.
     *
     * @param sourceWidthPx width of the picture
     * @param sourceHeightPx height of the picture
     * @param scale by how much its sides are multiplied; above 0
     * @param model what the model takes
     * @return the picture resized by the scale, each side to whole pixels, and mirrored outwards to the model's size or the next multiple
     * @throws InvalidInputException if the scale makes a side of no pixel, or of more than an array can hold
     */
    public static Framing scaled(final int sourceWidthPx, final int sourceHeightPx, final double scale, final Limits model) {
        final int width = side(sourceWidthPx, scale);
        final int height = side(sourceHeightPx, scale);
        return new Framing(sourceWidthPx, sourceHeightPx, width, height, padded(width, model.leastWidthPx(), model.multiplePx()),
            padded(height, model.leastHeightPx(), model.multiplePx()));
    }

    /**
     * The picture stretched to a size, whatever its proportions.
     *
     * @param sourceWidthPx width of the picture
     * @param sourceHeightPx height of the picture
     * @param widthPx width to stretch it to
     * @param heightPx height to stretch it to
     * @return the picture resized, with nothing around it
     */
    public static Framing stretched(final int sourceWidthPx, final int sourceHeightPx, final int widthPx, final int heightPx) {
        return new Framing(sourceWidthPx, sourceHeightPx, widthPx, heightPx, widthPx, heightPx);
    }

    private static int side(final int px, final double scale) {
        final double scaled = Math.rint(px * scale);
        if (scaled > Integer.MAX_VALUE / 2) {
            throw new InvalidInputException("A scale of " + scale + " makes " + (long) scaled + " pixels of " + px + ", which is too many. Use a smaller one.");
        }
        return (int) Math.max(1, scaled);
    }

    private static int padded(final int px, final int leastPx, final int multiplePx) {
        final int wanted = Math.max(px, leastPx);
        return (wanted + multiplePx - 1) / multiplePx * multiplePx;
    }

    /** @return columns of mirrored pixels at the left */
    public int leftPx() {
        return (widthPx - scaledWidthPx) / 2;
    }

    /** @return rows of mirrored pixels at the top */
    public int topPx() {
        return (heightPx - scaledHeightPx) / 2;
    }

    /** @return whether there are mirrored pixels on any side */
    public boolean isPadded() {
        return widthPx > scaledWidthPx || heightPx > scaledHeightPx;
    }

    /** @return pixels that the model works on */
    public long pixels() {
        return (long) widthPx * heightPx;
    }

    /**
     * Lays a resized plane into a plane of the model's size, mirrored outwards as often as it takes; the outermost pixels are repeated by the mirror.
     *
     * @param from [scaledHeightPx, scaledWidthPx] row-major
     * @param to takes [heightPx, widthPx] row-major
     * @param toOffset index of its first value
     */
    void mirrorOutwards(final float[] from, final float[] to, final int toOffset) {
        final int[] columns = new int[widthPx];
        for (int x = 0; x < widthPx; x++) columns[x] = mirrored(x - leftPx(), scaledWidthPx);
        for (int y = 0; y < heightPx; y++) {
            final int row = mirrored(y - topPx(), scaledHeightPx) * scaledWidthPx;
            final int at = toOffset + y * widthPx;
            for (int x = 0; x < widthPx; x++) to[at + x] = from[row + columns[x]];
        }
    }

    /** Cuts a resized plane out of one of the model's size: the inverse of {@link #mirrorOutwards}. */
    void cutOut(final float[] from, final int fromOffset, final float[] to, final int toOffset) {
        for (int y = 0; y < scaledHeightPx; y++) {
            System.arraycopy(from, fromOffset + (y + topPx()) * widthPx + leftPx(), to, toOffset + y * scaledWidthPx, scaledWidthPx);
        }
    }

    /** @return where a position outside 0 to length − 1 is seen in mirrors at both ends */
    static int mirrored(final int position, final int length) {
        final int inPeriod = Math.floorMod(position, 2 * length);
        return inPeriod < length ? inPeriod : 2 * length - 1 - inPeriod;
    }
}
