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

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * Which pixels of a picture may change: those where a mask image is not 0. Immutable.
 * <p>
 * The array is shared within the package and never written after construction.
 * </p>
 */
public final class ImageMask {

    /** Over how many pixels the new picture comes in, from the mask's border inwards. */
    private static final double RAMP_PX = 8;

    private final boolean[] inside;
    private final int widthPx;
    private final int heightPx;
    private final long count;

    private ImageMask(final boolean[] inside, final int widthPx) {
        this.inside = inside;
        this.widthPx = widthPx;
        this.heightPx = inside.length / widthPx;
        long found = 0;
        for (final boolean pixel : inside) {
            if (pixel) found++;
        }
        count = found;
    }

    /**
     * Reads a mask.
     *
     * @param image x and y, of any real type or ARGB; where it has three channels, a pixel is inside if any of them is not 0
     * @param source the picture that the mask belongs to
     * @return the mask
     * @throws InvalidInputException if it has another size than the picture, is a stack, or has pixels that are NaN
     */
    public static ImageMask of(final RandomAccessibleInterval<?> image, final SourceImage source) {
        final SourcePlanes planes;
        try {
            planes = SourcePlanes.of(image);
            planes.checkFinite();
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException("The mask cannot be used. " + e.getMessage(), e);
        }
        if (planes.widthPx() != source.widthPx() || planes.heightPx() != source.heightPx()) {
            throw new InvalidInputException("The mask has " + planes.widthPx() + " x " + planes.heightPx() + " pixels and the image "
                + source.widthPx() + " x " + source.heightPx() + ". Make a mask of the image's size (Edit > Selection > Create Mask).");
        }
        return new ImageMask(inside(planes), planes.widthPx());
    }

    private static boolean[] inside(final SourcePlanes planes) {
        final boolean[] inside = new boolean[planes.widthPx() * planes.heightPx()];
        for (int channel = 0; channel < planes.channels(); channel++) planes.markNonZero(channel, inside);
        return inside;
    }

    /**
     * @param image a mask as {@link #of} takes it
     * @return the mask of the other pixels: 255 where the image is 0 in every channel, else 0
     * @throws InvalidInputException if the image is a stack
     */
    public static Img<UnsignedByteType> inverted(final RandomAccessibleInterval<?> image) {
        final SourcePlanes planes = SourcePlanes.of(image);
        final boolean[] inside = inside(planes);
        final byte[] outside = new byte[inside.length];
        for (int i = 0; i < inside.length; i++) outside[i] = (byte) (inside[i] ? 0 : 255);
        return ArrayImgs.unsignedBytes(outside, planes.widthPx(), planes.heightPx());
    }

    /** @return whether no pixel may change */
    public boolean isEmpty() {
        return count == 0;
    }

    /** @return whether every pixel may change */
    public boolean isFull() {
        return count == inside.length;
    }

    /** @return how many pixels may change */
    public long pixels() {
        return count;
    }

    /**
     * @param framing how the model sees the picture
     * @return the mask as the model sees it, [heightPx, widthPx] row-major: a pixel is inside if any pixel of the picture that it stands for is
     */
    public boolean[] at(final Framing framing) {
        final boolean[] scaled = new boolean[framing.scaledWidthPx() * framing.scaledHeightPx()];
        for (int y = 0; y < framing.scaledHeightPx(); y++) {
            for (int x = 0; x < framing.scaledWidthPx(); x++) scaled[y * framing.scaledWidthPx() + x] = anyInside(framing, x, y);
        }
        final boolean[] out = new boolean[Math.multiplyExact(framing.widthPx(), framing.heightPx())];
        for (int y = 0; y < framing.heightPx(); y++) {
            final int row = Framing.mirrored(y - framing.topPx(), framing.scaledHeightPx()) * framing.scaledWidthPx();
            for (int x = 0; x < framing.widthPx(); x++) {
                out[y * framing.widthPx() + x] = scaled[row + Framing.mirrored(x - framing.leftPx(), framing.scaledWidthPx())];
            }
        }
        return out;
    }

    private boolean anyInside(final Framing framing, final int x, final int y) {
        final int right = last(x, framing.scaledWidthPx(), widthPx);
        final int bottom = last(y, framing.scaledHeightPx(), heightPx);
        for (int sy = first(y, framing.scaledHeightPx(), heightPx); sy <= bottom; sy++) {
            for (int sx = first(x, framing.scaledWidthPx(), widthPx); sx <= right; sx++) {
                if (inside[sy * widthPx + sx]) return true;
            }
        }
        return false;
    }

    private static int first(final int position, final int scaled, final int whole) {
        return (int) ((long) position * whole / scaled);
    }

    private static int last(final int position, final int scaled, final int whole) {
        return (int) Math.max(first(position, scaled, whole), ((long) (position + 1) * whole + scaled - 1) / scaled - 1);
    }

    /** @return per pixel, the share of the new picture: exactly 0 outside the mask, a ramp inside its border, 1 beyond */
    float[] shares() {
        return InwardFeather.shares(inside, widthPx, RAMP_PX);
    }
}
