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
package net.diffusionj.fiji;

import java.util.Map;

import net.imagej.Dataset;
import net.imagej.DatasetService;
import net.imagej.ImgPlus;
import net.imagej.axis.Axes;
import net.imagej.axis.AxisType;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgFactory;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.util.ImgUtil;

/** Wraps results as datasets. Stateless. */
final class Datasets {

    private static final AxisType[] AXES = {Axes.X, Axes.Y, Axes.CHANNEL, Axes.TIME};
    private static final int COLOURS = 3;

    private Datasets() {}

    /**
     * @param service makes the dataset
     * @param image x, y [, channel [, image of the batch]]
     * @param settings become the dataset's properties
     * @return a dataset named after the prompt
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // every result is of a native real type
    static Dataset of(final DatasetService service, final Img<?> image, final Map<?, ?> settings) {
        return wrap(service, (Img) image, settings);
    }

    private static <T extends RealType<T> & NativeType<T>> Dataset wrap(final DatasetService service, final Img<T> image, final Map<?, ?> settings) {
        final AxisType[] axes = new AxisType[image.numDimensions()];
        System.arraycopy(AXES, 0, axes, 0, axes.length);
        final Dataset dataset = service.create(new ImgPlus<>(onArray(image), name(settings), axes));
        settings.forEach((key, value) -> dataset.getProperties().put(String.valueOf(key), value));
        if (image.numDimensions() > 2 && image.dimension(2) == COLOURS && image.firstElement() instanceof UnsignedByteType) {
            dataset.setRGBMerged(true);
            for (int c = 0; c < COLOURS; c++) {
                dataset.setChannelMinimum(c, 0);
                dataset.setChannelMaximum(c, 255);
            }
        }
        return dataset;
    }

    /** Merged colours show as RGB on an ArrayImg only; on anything else ImageJ makes a composite of them. */
    private static <T extends RealType<T> & NativeType<T>> Img<T> onArray(final Img<T> image) {
        if (image instanceof ArrayImg<?, ?>) return image;
        final Img<T> copy = new ArrayImgFactory<>(image.firstElement()).create(image.dimensionsAsLongArray());
        ImgUtil.copy(image, copy);
        return copy;
    }

    private static String name(final Map<?, ?> settings) {
        final Object prompt = settings.get("prompt");
        return prompt == null || prompt.toString().isBlank() ? "DiffusionJ" : prompt.toString().replaceAll("\\s+", " ").strip();
    }
}
