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
package net.diffusionj.service.remote;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.blocks.PrimitiveBlocks;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.ByteType;
import net.imglib2.type.numeric.integer.IntType;
import net.imglib2.type.numeric.integer.ShortType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedIntType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

import net.diffusionj.InvalidInputException;

/** The values of an image, big-endian, first axis fastest, in the type they have: what comes out is what went in, bit for bit. Stateless. */
final class PixelBlock {

    private PixelBlock() {}

    /** What one value is. */
    private enum Element {

        UINT8(1, UnsignedByteType.class, byte[]::new), INT8(1, ByteType.class, byte[]::new), UINT16(2, UnsignedShortType.class, short[]::new),
        INT16(2, ShortType.class, short[]::new), UINT32(4, UnsignedIntType.class, int[]::new), INT32(4, IntType.class, int[]::new),
        FLOAT32(4, FloatType.class, float[]::new), FLOAT64(8, DoubleType.class, double[]::new), ARGB(4, ARGBType.class, int[]::new);

        private final int bytes;
        private final Class<?> type;
        private final IntFunction<Object> make;

        Element(final int bytes, final Class<?> type, final IntFunction<Object> make) {
            this.bytes = bytes;
            this.type = type;
            this.make = make;
        }

        static Optional<Element> of(final Object type) {
            return Arrays.stream(values()).filter(element -> element.type.isInstance(type)).findFirst();
        }
    }

    /**
     * What an image is like.
     *
     * @param type of its values, such as uint16
     * @param dimensions of its axes
     */
    record Shape(String type, long[] dimensions) {

        /** @param mostPixels width times height that is accepted
         *  @param what it is, for messages
         *  @return this
         *  @throws InvalidInputException if there is no such image, or it is larger */
        Shape checked(final long mostPixels, final String what) {
            if (type == null || dimensions == null || dimensions.length < 2 || dimensions.length > 5
                || Arrays.stream(dimensions).anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
                throw new InvalidInputException("The request is damaged: " + what + " has no shape.");
            }
            if ((double) dimensions[0] * dimensions[1] > mostPixels) {
                throw new InvalidInputException("The " + what + " has " + dimensions[0] + " x " + dimensions[1] + " pixels, more than the " + mostPixels
                    + " that the server accepts. Send a smaller image, or a part of it.");
            }
            return this;
        }

        private int values() {
            return Math.toIntExact(Arrays.stream(dimensions).reduce(1, Math::multiplyExact));
        }

        private Element element() {
            return Arrays.stream(Element.values()).filter(element -> element.name().toLowerCase(Locale.ROOT).equals(type)).findFirst()
                .orElseThrow(() -> new InvalidInputException("The request is damaged: there are no pixels of type '" + type + "'."));
        }
    }

    /** @param image anything
     *  @return whether {@link #write} takes it */
    static boolean takes(final RandomAccessibleInterval<?> image) {
        return Element.of(image.getType()).isPresent();
    }

    /**
     * @param image whose values are to be sent
     * @return its shape
     * @throws InvalidInputException if its values have another type than those that are sent
     */
    static Shape shape(final RandomAccessibleInterval<?> image) {
        final Element element = Element.of(image.getType()).orElseThrow(() -> new InvalidInputException("Pixels of type "
            + image.getType().getClass().getSimpleName() + " cannot be sent to a server. Convert the image to 8-bit, 16-bit or 32-bit first."));
        return new Shape(element.name().toLowerCase(Locale.ROOT), image.dimensionsAsLongArray());
    }

    /**
     * @param image has a {@link #shape}
     * @param out gets its values, and has room for them
     */
    static void write(final RandomAccessibleInterval<?> image, final ByteBuffer out) {
        final Element element = Element.of(image.getType()).orElseThrow();
        final Object values = values(image, element.make.apply(Math.toIntExact(image.size())));
        final ByteBuffer block = out.slice(out.position(), Math.toIntExact(bytes(image)));
        if (values instanceof final byte[] bytes) block.put(bytes);
        else if (values instanceof final short[] shorts) block.asShortBuffer().put(shorts);
        else if (values instanceof final int[] ints) block.asIntBuffer().put(ints);
        else if (values instanceof final float[] floats) block.asFloatBuffer().put(floats);
        else block.asDoubleBuffer().put((double[]) values);
        out.position(out.position() + block.capacity());
    }

    @SuppressWarnings("unchecked") // the type was looked at: each of the elements is native
    private static <T extends NativeType<T>> Object values(final RandomAccessibleInterval<?> image, final Object into) {
        PrimitiveBlocks.of((RandomAccessibleInterval<T>) image, PrimitiveBlocks.OnFallback.ACCEPT).copy(image, into);
        return into;
    }

    /** Only whether a value is 0 counts in a mask, so one of an unusual type goes as bytes.
     *  @param mask anything
     *  @return the same, or bytes that are 0 where it is */
    static RandomAccessibleInterval<?> ofMask(final RandomAccessibleInterval<?> mask) {
        if (takes(mask) || !(mask.getType() instanceof RealType<?>)) return mask;
        final Img<UnsignedByteType> bytes = ArrayImgs.unsignedBytes(mask.dimensionsAsLongArray());
        final Cursor<?> from = Views.flatIterable(mask).cursor();
        for (final UnsignedByteType to : Views.flatIterable(bytes)) to.set(((RealType<?>) from.next()).getRealDouble() == 0 ? 0 : 1);
        return bytes;
    }

    /**
     * @param shape checked
     * @param in stands at the first value; at the end, behind the last
     * @return an image of its own
     * @throws InvalidInputException if there are fewer values
     */
    static Img<?> read(final Shape shape, final ByteBuffer in) {
        final Element element = shape.element();
        final int count;
        try {
            count = shape.values();
        }
        catch (final ArithmeticException e) {
            throw new InvalidInputException("The image " + Arrays.toString(shape.dimensions()) + " is too large to be sent.", e);
        }
        if ((long) count * element.bytes > in.remaining()) throw new InvalidInputException("The request is damaged: pixels are missing at its end.");
        final ByteBuffer block = in.slice(in.position(), count * element.bytes);
        in.position(in.position() + count * element.bytes);
        return switch (element) {
            case UINT8 -> ArrayImgs.unsignedBytes(bytes(block, count), shape.dimensions());
            case INT8 -> ArrayImgs.bytes(bytes(block, count), shape.dimensions());
            case UINT16 -> ArrayImgs.unsignedShorts(shorts(block, count), shape.dimensions());
            case INT16 -> ArrayImgs.shorts(shorts(block, count), shape.dimensions());
            case UINT32 -> ArrayImgs.unsignedInts(ints(block, count), shape.dimensions());
            case INT32 -> ArrayImgs.ints(ints(block, count), shape.dimensions());
            case ARGB -> ArrayImgs.argbs(ints(block, count), shape.dimensions());
            case FLOAT32 -> ArrayImgs.floats(floats(block, count), shape.dimensions());
            case FLOAT64 -> {
                final double[] values = new double[count];
                block.asDoubleBuffer().get(values);
                yield ArrayImgs.doubles(values, shape.dimensions());
            }
        };
    }

    /** @param image has a {@link #shape}
     *  @return how many bytes its values take */
    static long bytes(final RandomAccessibleInterval<?> image) {
        return image.size() * Element.of(image.getType()).orElseThrow().bytes;
    }

    private static byte[] bytes(final ByteBuffer block, final int count) {
        final byte[] values = new byte[count];
        block.get(values);
        return values;
    }

    private static short[] shorts(final ByteBuffer block, final int count) {
        final short[] values = new short[count];
        block.asShortBuffer().get(values);
        return values;
    }

    private static int[] ints(final ByteBuffer block, final int count) {
        final int[] values = new int[count];
        block.asIntBuffer().get(values);
        return values;
    }

    static float[] floats(final ByteBuffer block, final int count) {
        final float[] values = new float[count];
        block.asFloatBuffer().get(values);
        return values;
    }
}
