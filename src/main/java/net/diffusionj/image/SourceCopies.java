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

import java.util.ArrayList;
import java.util.List;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgFactory;
import net.imglib2.loops.LoopBuilder;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/**
 * A source as its own result, for a generation that changes nothing: the same pixels in an image of their own. ARGB becomes three channels of
 * bytes; a type that has no arrays becomes float.
 */
public final class SourceCopies {

    private SourceCopies() {}

    /**
     * @param source x, y and possibly channel
     * @param copies how many, at least 1
     * @return x, y, the channel axis if the source has one, and for more than one copy a channel axis in any case and then image
     */
    public static Img<?> of(final RandomAccessibleInterval<?> source, final int copies) {
        final Object type = source.getType();
        if (type instanceof ARGBType) {
            @SuppressWarnings("unchecked") // its type was just looked at
            final RandomAccessibleInterval<ARGBType> argb = (RandomAccessibleInterval<ARGBType>) source;
            final List<RandomAccessibleInterval<UnsignedByteType>> channels = new ArrayList<>();
            for (int c = 0; c < 3; c++) channels.add(Converters.argbChannel(argb, c + 1));
            return repeat(Views.stack(channels), new UnsignedByteType(), copies);
        }
        return ofReals(source, copies);
    }

    @SuppressWarnings("unchecked") // SourceImage has refused everything that is not a real type
    private static <T extends RealType<T> & NativeType<T>> Img<?> ofReals(final RandomAccessibleInterval<?> source, final int copies) {
        final Object type = source.getType();
        if (type instanceof NativeType<?>) return repeat((RandomAccessibleInterval<T>) source, (T) type, copies);
        return repeat(Converters.convert((RandomAccessibleInterval<T>) source, (from, to) -> to.setReal(from.getRealFloat()), new FloatType()),
            new FloatType(), copies);
    }

    private static <T extends NativeType<T>> Img<T> repeat(final RandomAccessibleInterval<T> source, final T type, final int copies) {
        RandomAccessibleInterval<T> all = source;
        if (copies > 1) {
            if (all.numDimensions() == 2) all = Views.addDimension(all, 0, 0);
            final List<RandomAccessibleInterval<T>> images = new ArrayList<>();
            for (int i = 0; i < copies; i++) images.add(all);
            all = Views.stack(images);
        }
        final Img<T> copy = new ArrayImgFactory<>(type).create(all);
        LoopBuilder.setImages(Views.zeroMin(all), copy).forEachPixel((from, to) -> to.set(from));
        return copy;
    }
}
