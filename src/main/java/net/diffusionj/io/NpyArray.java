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

import java.util.Arrays;

/**
 * A numeric array as NumPy's files hold it: a shape and values in C order (the last axis fastest). Not thread-safe while somebody writes to the
 * shared values.
 */
public final class NpyArray {

    private final int[] shape;
    private final Object values;

    private NpyArray(final int[] shape, final Object values, final int length) {
        long expected = 1;
        for (final int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("expected sizes of 0 or more, found " + Arrays.toString(shape));
            }
            expected = Math.multiplyExact(expected, size);
        }
        if (expected != length) {
            throw new IllegalArgumentException("expected " + expected + " values for the shape " + Arrays.toString(shape) + ", found " + length);
        }
        this.shape = shape.clone();
        this.values = values;
    }

    /** What one value is. */
    public enum Element {
        /** Unsigned byte, held in a {@code byte[]}. */
        UINT8("|u1", 1),
        /** Unsigned 16-bit, held in a {@code short[]}. */
        UINT16("<u2", 2),
        /** 32-bit float, held in a {@code float[]}. */
        FLOAT32("<f4", 4);

        final String descr;
        final int bytes;

        Element(final String descr, final int bytes) {
            this.descr = descr;
            this.bytes = bytes;
        }
    }

    /**
     * @param values unsigned bytes; shared, not copied
     * @param shape sizes of the axes, the slowest first
     * @return an array of unsigned bytes
     */
    public static NpyArray ofBytes(final byte[] values, final int... shape) {
        return new NpyArray(shape, values, values.length);
    }

    /**
     * @param values unsigned 16-bit values; shared, not copied
     * @param shape sizes of the axes, the slowest first
     * @return an array of unsigned 16-bit values
     */
    public static NpyArray ofShorts(final short[] values, final int... shape) {
        return new NpyArray(shape, values, values.length);
    }

    /**
     * @param values floats; shared, not copied
     * @param shape sizes of the axes, the slowest first
     * @return an array of floats
     */
    public static NpyArray ofFloats(final float[] values, final int... shape) {
        return new NpyArray(shape, values, values.length);
    }

    /** @return what one value is */
    public Element element() {
        if (values instanceof byte[]) {
            return Element.UINT8;
        }
        return values instanceof short[] ? Element.UINT16 : Element.FLOAT32;
    }

    /** @return sizes of the axes, the slowest first; a copy */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * @return the values, not copied
     * @throws IllegalStateException if they are not unsigned bytes
     */
    public byte[] bytes() {
        return as(byte[].class, Element.UINT8);
    }

    /**
     * @return the values, not copied
     * @throws IllegalStateException if they are not unsigned 16-bit values
     */
    public short[] shorts() {
        return as(short[].class, Element.UINT16);
    }

    /**
     * @return the values, not copied
     * @throws IllegalStateException if they are not floats
     */
    public float[] floats() {
        return as(float[].class, Element.FLOAT32);
    }

    private <A> A as(final Class<A> wanted, final Element expected) {
        if (!wanted.isInstance(values)) {
            throw new IllegalStateException("expected " + expected + " values, found " + element());
        }
        return wanted.cast(values);
    }
}
