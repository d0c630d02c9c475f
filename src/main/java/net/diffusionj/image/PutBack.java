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

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.Type;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** Puts a source's pixels back into a result of the same size, type and channels. Stateless. */
final class PutBack {

    private PutBack() {}

    /**
     * @param result x, y [, channel] [, image]; changed
     * @param source what is put back
     * @param shares per pixel, row-major, the share of the result: 0 gives the source's pixel, bit for bit
     */
    static void into(final Img<?> result, final SourcePlanes source, final float[] shares) {
        final boolean hasChannels = result.numDimensions() > 2;
        final int channels = hasChannels ? (int) result.dimension(2) : 1;
        final long images = result.numDimensions() > 3 ? result.dimension(3) : 1;
        for (long image = 0; image < images; image++) {
            for (int channel = 0; channel < channels; channel++) {
                RandomAccessibleInterval<?> plane = result;
                if (result.numDimensions() > 3) plane = Views.hyperSlice(plane, 3, image);
                if (hasChannels) plane = Views.hyperSlice(plane, 2, channel);
                intoPlane(plane, source.plane(channel), channel, shares);
            }
        }
    }

    private static void intoPlane(final RandomAccessibleInterval<?> made, final RandomAccessibleInterval<?> source, final int channel, final float[] shares) {
        final Cursor<?> target = Views.flatIterable(made).cursor();
        final Cursor<?> original = Views.flatIterable(source).cursor();
        for (final float share : shares) {
            final RealType<?> pixel = (RealType<?>) target.next();
            final Object from = original.next();
            if (share >= 1) continue;
            if (share == 0) copy(from, pixel, channel);
            else blend(from, pixel, channel, share);
        }
    }

    @SuppressWarnings("unchecked") // a result has its source's type, but for ARGB
    private static <T extends Type<T>> void copy(final Object from, final RealType<?> to, final int channel) {
        if (from instanceof ARGBType) to.setReal(value(from, channel));
        else((T) to).set((T) from);
    }

    private static void blend(final Object from, final RealType<?> to, final int channel, final float share) {
        final double value = share * to.getRealDouble() + (1 - share) * value(from, channel);
        to.setReal(to instanceof IntegerType<?> ? Math.rint(value) : value);
    }

    private static double value(final Object pixel, final int channel) {
        return pixel instanceof final ARGBType argb ? argb.get() >> 16 - 8 * channel & 0xff : ((RealType<?>) pixel).getRealDouble();
    }
}
