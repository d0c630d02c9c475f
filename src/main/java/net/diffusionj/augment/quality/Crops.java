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
package net.diffusionj.augment.quality;

import java.util.ArrayList;
import java.util.List;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Plane;
import net.imglib2.RandomAccessibleInterval;

/**
 * The declared features of square parts of images: up to four of 128 pixels a side, smaller ones where the smallest image is smaller. Immutable and
 * thread-safe.
 */
public final class Crops {

    /** Images with a shorter side than this have no features. */
    public static final int SMALLEST_SIDE_PX = 32;

    private static final int LARGEST_SIDE_PX = 128;
    private static final int MOST_PARTS_A_SIDE = 2;
    private static final double WHITE = 255;
    /** The blur of {@code scripts/microdiff/evaluate}, beside which distances are seen. */
    private static final Gaussian BLUR = new Gaussian(2.5);

    private final int sidePx;
    private final DeclaredFeatures features;

    /**
     * @param smallestImagePx shorter side of the smallest image that will come, at least {@link #SMALLEST_SIDE_PX}
     */
    public Crops(final int smallestImagePx) {
        if (smallestImagePx < SMALLEST_SIDE_PX) throw new IllegalArgumentException("images of " + smallestImagePx + " pixels have no features");
        sidePx = Integer.highestOneBit(Math.min(LARGEST_SIDE_PX, smallestImagePx));
        features = new DeclaredFeatures(sidePx);
    }

    /**
     * @param source what the image was made from, or the image itself: in its range the image is seen
     * @param image of as many channels
     * @return the features of each part
     * @throws InvalidInputException if it is a stack, smaller than was announced, or has pixels that are not numbers
     */
    public List<float[]> of(final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> image) {
        return of(Picture.of(source, "source"), Picture.of(image, "output"));
    }

    /**
     * @param source an image
     * @return the features of each part of it, blurred by 2.5 pixels
     * @throws InvalidInputException as for {@link #of}
     */
    public List<float[]> blurred(final RandomAccessibleInterval<?> source) {
        final Picture sharp = Picture.of(source, "source");
        final double[][] channels = new double[sharp.channels().length][];
        for (int c = 0; c < channels.length; c++) {
            final float[] values = new float[sharp.channels()[c].length];
            for (int i = 0; i < values.length; i++) values[i] = (float) sharp.channels()[c][i];
            final float[] smooth = BLUR.smooth(new Plane(values, sharp.widthPx())).values();
            channels[c] = new double[smooth.length];
            for (int i = 0; i < smooth.length; i++) channels[c][i] = smooth[i];
        }
        return of(sharp, new Picture(channels, sharp.widthPx()));
    }

    private List<float[]> of(final Picture source, final Picture picture) {
        if (source.channels().length != picture.channels().length) {
            throw new InvalidInputException("The output has " + picture + " and its source " + source + ". Only images of one kind can be compared.");
        }
        if (Math.min(picture.widthPx(), picture.heightPx()) < sidePx) {
            throw new InvalidInputException("An image of " + picture + " is smaller than the smallest that was announced.");
        }
        final int across = Math.min(MOST_PARTS_A_SIDE, picture.widthPx() / sidePx);
        final int down = Math.min(MOST_PARTS_A_SIDE, picture.heightPx() / sidePx);
        final List<float[]> all = new ArrayList<>();
        for (int part = 0; part < across * down; part++) {
            // In the middle of equal shares of the picture.
            final int left = (2 * (part % across) + 1) * picture.widthPx() / (2 * across) - sidePx / 2;
            final int top = (2 * (part / across) + 1) * picture.heightPx() / (2 * down) - sidePx / 2;
            all.add(features.ofPicture(part(picture, source, left, top)));
        }
        return all;
    }

    /** Three channels of 0 to 255, whole numbers as in a picture of 8 bits, in the source's range. */
    private float[][] part(final Picture picture, final Picture source, final int left, final int top) {
        final double low = source.least();
        final double range = source.range();
        final float[][] out = new float[3][sidePx * sidePx];
        for (int c = 0; c < out.length; c++) {
            final double[] channel = picture.channels()[picture.channels().length == 1 ? 0 : c];
            for (int i = 0; i < out[c].length; i++) {
                final double value = channel[(top + i / sidePx) * picture.widthPx() + left + i % sidePx];
                out[c][i] = (float) Math.rint(Math.max(0, Math.min(WHITE, WHITE * (value - low) / range)));
            }
        }
        return out;
    }
}
