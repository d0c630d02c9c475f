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

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.SourcePixels;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/**
 * An image of any accepted type and shape, seen as one or three planes of doubles, rows from top to bottom. Says what is wrong with every other
 * image; knows nothing of intensities. Reads the image whenever it is asked and keeps no copy; as thread-safe as the image.
 */
public final class SourcePlanes {

    private static final String WHAT_TO_DO = " Expected one picture: x and y, or x, y and 1 or 3 channels.";

    private final RandomAccessibleInterval<?> image;
    private final int widthPx;
    private final int heightPx;
    private final int channels;

    private SourcePlanes(final RandomAccessibleInterval<?> image, final int channels) {
        this.image = image;
        this.channels = channels;
        widthPx = length(image, 0);
        heightPx = length(image, 1);
    }

    /** Turns a pixel's value into what is kept of it. */
    @FunctionalInterface
    interface ToFloat {
        float of(double value);
    }

    /**
     * @param image x and y, or x, y and 1 or 3 channels (further axes of length 1), of any real type, or ARGB with x and y
     * @return its planes
     * @throws InvalidInputException if it is a stack, has another number of channels, is empty, or its pixels are no intensities
     */
    public static SourcePlanes of(final RandomAccessibleInterval<?> image) {
        final long[] shape = image.dimensionsAsLongArray();
        if (shape.length < 2) {
            throw new InvalidInputException("The image has " + shape.length + " axis." + WHAT_TO_DO);
        }
        if (Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw new InvalidInputException("The image is empty: its size is " + text(shape) + "." + WHAT_TO_DO);
        }
        for (int axis = 3; axis < shape.length; axis++) {
            if (shape[axis] > 1) {
                throw new InvalidInputException("The image is a stack of size " + text(shape) + "." + WHAT_TO_DO
                    + " Take one slice out of it (Image > Duplicate...) and start from that.");
            }
        }
        if (shape[0] * shape[1] > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException("The image is too large: " + text(shape) + ". Start from a part of it of less than 2^31 pixels.");
        }
        final Object type = image.getType();
        final long third = shape.length > 2 ? shape[2] : 1;
        if (type instanceof ARGBType) {
            if (third > 1) {
                throw new InvalidInputException("The image is a stack of " + third + " RGB slices." + WHAT_TO_DO
                    + " Take one slice out of it (Image > Duplicate...) and start from that.");
            }
            return new SourcePlanes(image, SourcePixels.CHANNELS);
        }
        if (!(type instanceof RealType<?>)) {
            throw new InvalidInputException("Pixels of type " + type.getClass().getSimpleName()
                + " are not intensities. Convert the image to 8-bit, 16-bit, 32-bit or RGB first.");
        }
        if (third != 1 && third != SourcePixels.CHANNELS) {
            throw new InvalidInputException("The image has " + third + " planes on its third axis (size " + text(shape) + ")." + WHAT_TO_DO
                + (third == 2 ? " Start from one of the channels, or merge them into an RGB image (Image > Type > RGB Color)."
                    : " Take one plane out of it (Image > Duplicate...), or make an RGB image of its channels (Image > Type > RGB Color)."));
        }
        return new SourcePlanes(image, (int) third);
    }

    /** @return columns */
    public int widthPx() {
        return widthPx;
    }

    /** @return rows */
    public int heightPx() {
        return heightPx;
    }

    /** @return 1 or 3 */
    public int channels() {
        return channels;
    }

    /** Returns one channel as the image holds it, x and y. An ARGB pixel holds all channels, so their planes are one. */
    RandomAccessibleInterval<?> plane(final int channel) {
        final boolean argb = image.getType() instanceof ARGBType;
        RandomAccessibleInterval<?> plane = image;
        for (int axis = image.numDimensions() - 1; axis >= 2; axis--) {
            plane = Views.hyperSlice(plane, axis, image.min(axis) + (axis == 2 && !argb ? channel : 0));
        }
        return plane;
    }

    /** Reads one channel, row-major. */
    float[] read(final int channel, final ToFloat mapping) {
        final float[] plane = new float[widthPx * heightPx];
        final Reading reading = new Reading(channel);
        for (int i = 0; i < plane.length; i++) {
            plane[i] = mapping.of(reading.next());
        }
        return plane;
    }

    /**
     * Reads one channel.
     *
     * @param channel 0 to {@link #channels()} − 1
     * @return [heightPx, widthPx] row-major
     */
    public double[] readDoubles(final int channel) {
        final double[] plane = new double[widthPx * heightPx];
        final Reading reading = new Reading(channel);
        for (int i = 0; i < plane.length; i++) {
            plane[i] = reading.next();
        }
        return plane;
    }

    /**
     * Reads row after row, all channels of a pixel together.
     *
     * @param eachRow gets [widthPx, channels]; the same array each time
     */
    void rows(final Consumer<double[]> eachRow) {
        final Reading[] readings = new Reading[channels];
        for (int channel = 0; channel < channels; channel++) readings[channel] = new Reading(channel);
        final double[] row = new double[widthPx * channels];
        for (int y = 0; y < heightPx; y++) {
            for (int i = 0; i < row.length; i++) row[i] = readings[i % channels].next();
            eachRow.accept(row);
        }
    }

    /** Returns the smallest and the largest value of one channel. */
    double[] minAndMax(final int channel) {
        final Reading reading = new Reading(channel);
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < widthPx * heightPx; i++) {
            final double value = reading.next();
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new double[] {min, max};
    }

    /**
     * Marks where a channel is not 0.
     *
     * @param channel 0 to {@link #channels()} − 1
     * @param marks row-major; marks that are set already stay
     */
    void markNonZero(final int channel, final boolean[] marks) {
        final Reading reading = new Reading(channel);
        for (int i = 0; i < marks.length; i++) {
            if (reading.next() != 0) marks[i] = true;
        }
    }

    /** @throws InvalidInputException if a pixel is NaN or infinite; the message says how many are and where the first is */
    public void checkFinite() {
        long bad = 0;
        String first = "";
        for (int channel = 0; channel < channels; channel++) {
            final Reading reading = new Reading(channel);
            for (int i = 0; i < widthPx * heightPx; i++) {
                final double value = reading.next();
                if (!Double.isFinite(value)) {
                    if (bad++ == 0) {
                        first = (Double.isNaN(value) ? "NaN" : "infinite") + " at x = " + i % widthPx + ", y = " + i / widthPx
                            + (channels > 1 ? ", channel " + (channel + 1) : "");
                    }
                }
            }
        }
        if (bad > 0) {
            throw new InvalidInputException((bad == 1 ? "1 pixel of the image is not a number" : bad + " pixels of the image are not numbers")
                + ": the first is " + first + ". Replace them first (Process > Noise > Remove NaNs...).");
        }
    }

    /** Walks through one channel in row-major order, whatever the image's own order. */
    private final class Reading {
        private final Cursor<?> cursor;
        private final ToDoubleFunction<Object> value;

        private Reading(final int channel) {
            cursor = Views.flatIterable(plane(channel)).cursor();
            if (image.getType() instanceof ARGBType) {
                final int shift = 16 - 8 * channel;
                value = pixel -> ((ARGBType) pixel).get() >> shift & 0xff;
            }
            else {
                value = pixel -> ((RealType<?>) pixel).getRealDouble();
            }
        }

        private double next() {
            return value.applyAsDouble(cursor.next());
        }
    }

    private static int length(final RandomAccessibleInterval<?> image, final int axis) {
        return Math.toIntExact(image.dimension(axis));
    }

    private static String text(final long[] shape) {
        final StringBuilder text = new StringBuilder();
        for (final long size : shape) {
            text.append(text.isEmpty() ? "" : " x ").append(size);
        }
        return text.toString();
    }
}
