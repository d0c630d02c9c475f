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

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;

import net.diffusionj.InvalidInputException;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.ByteType;
import net.imglib2.type.numeric.integer.ShortType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;

/**
 * What every file format of this package is read into and written from: planes of one size as primitive arrays, channel fastest, then image.
 *
 * @param depth what one value is
 * @param width in pixels
 * @param height in pixels
 * @param channels of each image
 * @param arrays [images * channels], each [height, width] row-major of the depth's array type; shared, not copied
 */
record Planes(Depth depth, int width, int height, int channels, List<Object> arrays) {

    /** The most values one array holds. */
    static final int MOST_VALUES = Integer.MAX_VALUE - 8;

    Planes {
        arrays = List.copyOf(arrays);
        if (arrays.isEmpty() || arrays.size() % channels != 0) {
            throw new IllegalArgumentException("expected whole images of " + channels + " channels, found " + arrays.size() + " planes");
        }
        for (final Object array : arrays) {
            if (Array.getLength(array) != width * height) {
                throw new IllegalArgumentException("expected " + width + " x " + height + " values, found " + Array.getLength(array));
            }
        }
    }

    /** What one value is. */
    enum Depth {
        /** {@code byte[]}, unsigned. */
        UINT8(1),
        /** {@code short[]}, unsigned. */
        UINT16(2),
        /** {@code short[]}, signed. */
        INT16(2),
        /** {@code float[]}. */
        FLOAT32(4);

        final int bytes;

        Depth(final int bytes) {
            this.bytes = bytes;
        }

        Object newArray(final int length) {
            return switch (this) {
                case UINT8 -> new byte[length];
                case UINT16, INT16 -> new short[length];
                case FLOAT32 -> new float[length];
            };
        }
    }

    int images() {
        return arrays.size() / channels;
    }

    Object array(final int image, final int channel) {
        return arrays.get(image * channels + channel);
    }

    double valueAt(final int plane, final int index) {
        final Object array = arrays.get(plane);
        return switch (depth) {
            case UINT8 -> ((byte[]) array)[index] & 0xff;
            case UINT16 -> ((short[]) array)[index] & 0xffff;
            case INT16 -> ((short[]) array)[index];
            case FLOAT32 -> ((float[]) array)[index];
        };
    }

    /** Copies a whole image of another kind. Signed bytes become signed 16-bit, all else that has no depth of its own 32-bit float. */
    static Planes of(final RandomAccessibleInterval<?> image) {
        final long[] shape = image.dimensionsAsLongArray();
        if (shape.length < 2 || shape.length > 4 || Arrays.stream(shape).anyMatch(size -> size < 1) || shape[0] * shape[1] > MOST_VALUES) {
            throw new InvalidInputException("Expected an image with axes x, y, channel and image to write, found one of size "
                + Arrays.toString(shape) + ".");
        }
        final Object type = image.getType();
        final int size = Math.toIntExact(shape[0] * shape[1]);
        final int third = shape.length > 2 ? Math.toIntExact(shape[2]) : 1;
        final int fourth = shape.length > 3 ? Math.toIntExact(shape[3]) : 1;
        final boolean argb = type instanceof ARGBType;
        if (!argb && !(type instanceof RealType<?>)) {
            throw new InvalidInputException("Pixels of type " + type.getClass().getSimpleName() + " cannot be written to an image file.");
        }
        final int channels = argb ? 3 : third;
        final Depth depth = argb ? Depth.UINT8 : depthOf(type);
        final Object[] arrays = new Object[third * fourth * (argb ? 3 : 1)];
        Arrays.setAll(arrays, plane -> depth.newArray(size));
        final Cursor<?> cursor = Views.flatIterable(image).cursor();
        for (int plane = 0; plane < third * fourth; plane++) {
            if (argb) {
                fillArgb(cursor, arrays, 3 * plane, size);
            }
            else {
                fill(cursor, arrays[plane], depth, size);
            }
        }
        return new Planes(depth, (int) shape[0], (int) shape[1], channels, List.of(arrays));
    }

    /** Makes an image of its own: x, y; x, y, channel; or x, y, channel, image. */
    Img<?> toImg() {
        final long total = (long) width * height * arrays.size();
        if (total > MOST_VALUES) {
            throw new InvalidInputException("The image holds " + total + " values; up to " + MOST_VALUES + " can be read at once. Open a part of it.");
        }
        final long[] shape;
        if (images() > 1) {
            shape = new long[] {width, height, channels, images()};
        }
        else {
            shape = channels > 1 ? new long[] {width, height, channels} : new long[] {width, height};
        }
        final Object all = depth.newArray((int) total);
        for (int plane = 0; plane < arrays.size(); plane++) {
            System.arraycopy(arrays.get(plane), 0, all, plane * width * height, width * height);
        }
        return switch (depth) {
            case UINT8 -> ArrayImgs.unsignedBytes((byte[]) all, shape);
            case UINT16 -> ArrayImgs.unsignedShorts((short[]) all, shape);
            case INT16 -> ArrayImgs.shorts((short[]) all, shape);
            case FLOAT32 -> ArrayImgs.floats((float[]) all, shape);
        };
    }

    private static Depth depthOf(final Object type) {
        if (type instanceof UnsignedByteType) {
            return Depth.UINT8;
        }
        if (type instanceof UnsignedShortType) {
            return Depth.UINT16;
        }
        return type instanceof ShortType || type instanceof ByteType ? Depth.INT16 : Depth.FLOAT32;
    }

    private static void fill(final Cursor<?> cursor, final Object array, final Depth depth, final int size) {
        switch (depth) {
            case UINT8 -> {
                for (int i = 0; i < size; i++) {
                    ((byte[]) array)[i] = (byte) (int) real(cursor);
                }
            }
            case UINT16, INT16 -> {
                for (int i = 0; i < size; i++) {
                    ((short[]) array)[i] = (short) (int) real(cursor);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < size; i++) {
                    ((float[]) array)[i] = (float) real(cursor);
                }
            }
        }
    }

    private static double real(final Cursor<?> cursor) {
        return ((RealType<?>) cursor.next()).getRealDouble();
    }

    private static void fillArgb(final Cursor<?> cursor, final Object[] arrays, final int first, final int size) {
        for (int i = 0; i < size; i++) {
            final int value = ((ARGBType) cursor.next()).get();
            ((byte[]) arrays[first])[i] = (byte) ARGBType.red(value);
            ((byte[]) arrays[first + 1])[i] = (byte) ARGBType.green(value);
            ((byte[]) arrays[first + 2])[i] = (byte) ARGBType.blue(value);
        }
    }
}
