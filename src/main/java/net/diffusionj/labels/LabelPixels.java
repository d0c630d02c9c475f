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
package net.diffusionj.labels;

import java.util.function.ToDoubleFunction;

import net.diffusionj.InvalidInputException;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.BooleanType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** Reads the numbers of a label image of any type, and says what is wrong with an image that is none. Stateless. */
final class LabelPixels {

    private static final String WHAT_TO_DO = " Give one picture (x and y) whose pixels are object numbers, or a mask.";

    private LabelPixels() {}

    static int widthPx(final RandomAccessibleInterval<?> image) {
        if (image.numDimensions() < 2) throw new InvalidInputException("The label image has " + image.numDimensions() + " axis." + WHAT_TO_DO);
        for (int axis = 0; axis < image.numDimensions(); axis++) {
            final long length = image.dimension(axis);
            if (length < 1) throw new InvalidInputException("The label image is empty." + WHAT_TO_DO);
            if (axis >= 2 && length > 1) {
                throw new InvalidInputException("The label image has " + length + " slices or channels." + WHAT_TO_DO
                    + " A picture in colours is no label image: convert it to 16-bit numbers first.");
            }
        }
        if (image.dimension(0) * image.dimension(1) > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException("The label image has 2^31 pixels or more. Use a part of it.");
        }
        return (int) image.dimension(0);
    }

    /** @return [heightPx, widthPx] row-major, 0 or more */
    static int[] read(final RandomAccessibleInterval<?> image) {
        final int widthPx = widthPx(image);
        final ToDoubleFunction<Object> value = reader(image.getType());
        final int[] pixels = new int[Math.multiplyExact(widthPx, (int) image.dimension(1))];
        final Cursor<?> cursor = Views.flatIterable(image).cursor();
        for (int i = 0; i < pixels.length; i++) {
            final double number = value.applyAsDouble(cursor.next());
            if (!(number >= 0 && number <= Integer.MAX_VALUE && number == Math.rint(number))) {
                throw new InvalidInputException("The label image has the value " + number + " at x = " + i % widthPx + ", y = " + i / widthPx
                    + ". Labels are whole numbers: 0 for background, then one number for each object.");
            }
            pixels[i] = (int) number;
        }
        return pixels;
    }

    private static ToDoubleFunction<Object> reader(final Object type) {
        if (type instanceof BooleanType<?>) return pixel -> ((BooleanType<?>) pixel).get() ? 1 : 0;
        if (type instanceof RealType<?>) return pixel -> ((RealType<?>) pixel).getRealDouble();
        throw new InvalidInputException(type instanceof ARGBType ? "The label image is in colours (RGB)." + WHAT_TO_DO
            : "The label image has pixels of type " + type.getClass().getSimpleName() + "." + WHAT_TO_DO);
    }
}
