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
package net.diffusionj.augment.transform;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgFactory;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

import net.diffusionj.InvalidInputException;

/** New images of another one's pixel type. Stateless. */
public final class SameType {

    private SameType() {}

    /**
     * @param image of a native type
     * @param dimensions of the new image
     * @return an image of that type, all zero
     */
    static Img<?> create(final RandomAccessibleInterval<?> image, final long... dimensions) {
        final Object pixel = image.getAt(image.minAsLongArray());
        if (pixel instanceof final NativeType<?> type) return create(type, dimensions);
        throw new InvalidInputException(
            "An image of pixels of type " + pixel.getClass().getSimpleName() + " cannot be changed. Convert it to 8-bit, 16-bit or 32-bit.");
    }

    private static <T extends NativeType<T>> Img<T> create(final NativeType<T> type, final long... dimensions) {
        return new ArrayImgFactory<>(type.createVariable()).create(dimensions);
    }

    /** @param image of a native real type; not changed
     *  @return a copy in memory */
    public static Img<?> copy(final RandomAccessibleInterval<?> image) {
        final Img<?> copy = create(image, image.dimensionsAsLongArray());
        final Cursor<?> from = Views.flatIterable(image).cursor();
        for (final Object pixel : copy) ((RealType<?>) pixel).setReal(((RealType<?>) from.next()).getRealDouble());
        return copy;
    }
}
