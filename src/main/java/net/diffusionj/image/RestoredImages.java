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

import java.util.Optional;

import net.diffusionj.DiffusionJException;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;
import net.imglib2.Cursor;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgFactory;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;

/** Makes images of a source's type and intensities out of decoded pixels that have its size already. */
final class RestoredImages {

    private RestoredImages() {}

    /**
     * @param type a real type
     * @param pixels decoded, in the size to give
     * @param mapping −1 to 1 to intensities; integers are rounded, halves to the even neighbour, and kept within their type
     * @param channels 3, or 1 for the mean of the three
     * @param shot puts a camera's noise on the pixels before they are rounded; empty for none
     */
    static <T extends NativeType<T>> Img<T> make(final NativeType<T> type, final DecodedPixels pixels, final IntensityMapping mapping,
        final int channels, final Optional<CameraShot> shot) {
        final int width = pixels.widthPx();
        final int height = pixels.heightPx();
        final int images = pixels.images();
        final long[] shape;
        if (images > 1) {
            shape = new long[] {width, height, channels, images};
        }
        else {
            shape = channels > 1 ? new long[] {width, height, channels} : new long[] {width, height};
        }
        final Img<T> img = new ArrayImgFactory<>(type.createVariable()).create(shape);
        final RealType<?> real = (RealType<?>) type;
        final boolean integer = real instanceof IntegerType<?>;
        final double end = integer ? real.getMaxValue() : Double.POSITIVE_INFINITY;
        final Cursor<T> cursor = img.cursor();
        // Noise is drawn over a whole plane; without it a row at a time saves memory.
        final double[] values = new double[shot.isPresent() ? width * height : width];
        for (int plane = 0; plane < images * channels; plane++) {
            for (int start = 0; start < width * height; start += values.length) {
                for (int i = 0; i < values.length; i++) values[i] = value(pixels, plane, channels, start + i, mapping);
                if (shot.isPresent()) shot.get().expose(values, width, plane / channels, plane % channels, end);
                for (final double value : values) {
                    ((RealType<?>) cursor.next()).setReal(integer ? Math.min(Math.max(Math.rint(value), real.getMinValue()), end) : value);
                }
            }
        }
        return img;
    }

    private static double value(final DecodedPixels pixels, final int plane, final int channels, final int index, final IntensityMapping mapping) {
        return channels == 1 ? meanOfThree(pixels, plane, index, mapping) : pixel(pixels, plane / channels, plane % channels, index, mapping);
    }

    /** In intensities, so that it is right for limits of each channel too. */
    private static double meanOfThree(final DecodedPixels pixels, final int image, final int index, final IntensityMapping mapping) {
        double sum = 0;
        for (int channel = 0; channel < SourcePixels.CHANNELS; channel++) {
            sum += pixel(pixels, image, channel, index, mapping);
        }
        return sum / SourcePixels.CHANNELS;
    }

    private static double pixel(final DecodedPixels pixels, final int image, final int channel, final int index, final IntensityMapping mapping) {
        final int plane = image * SourcePixels.CHANNELS + channel;
        final float value = pixels.values()[plane * pixels.widthPx() * pixels.heightPx() + index];
        if (Float.isNaN(value)) {
            throw new DiffusionJException("The model's decoder gave values that are not numbers (NaN), the first in picture " + (image + 1)
                + ". A half-precision decoder may have overflowed: try the model in float32, or another provider.");
        }
        return mapping.of(channel).toPixel(value);
    }
}
