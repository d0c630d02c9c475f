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
package net.diffusionj.ij1;

import java.util.Map;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import net.diffusionj.io.SettingsText;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;

/**
 * Copies a result into an {@code ImagePlus}, pixel for pixel: three 8-bit channels become RGB, three of another type a composite, one channel an
 * image with a display range. A batch becomes a stack of as many frames. Stateless.
 */
final class ResultImages {

    private static final int COLOURS = 3;

    private ResultImages() {}

    /**
     * @param image x, y [, channel [, image]]; unsigned byte, unsigned short or float; 1 or 3 channels
     * @param title of the result
     * @return a copy, not shown
     */
    static ImagePlus of(final Img<?> image, final String title) {
        if (!(image.firstElement() instanceof RealType<?>)) throw unexpected(image);
        @SuppressWarnings("unchecked") // checked one line above
        final RandomAccessibleInterval<? extends RealType<?>> pixels = (RandomAccessibleInterval<? extends RealType<?>>) image;
        final int channels = image.numDimensions() > 2 ? (int) image.dimension(2) : 1;
        final int images = image.numDimensions() > 3 ? (int) image.dimension(3) : 1;
        if (channels != 1 && channels != COLOURS) throw unexpected(image);
        final boolean rgb = channels == COLOURS && image.firstElement() instanceof UnsignedByteType;
        final ImageStack stack = new ImageStack((int) image.dimension(0), (int) image.dimension(1));
        for (int i = 0; i < images; i++) {
            if (rgb) {
                stack.addSlice(colours(pixels, i));
                continue;
            }
            for (int c = 0; c < channels; c++) stack.addSlice(plane(pixels, c, i));
        }
        return assembled(stack, title, rgb ? 1 : channels, images, image.firstElement() instanceof UnsignedShortType ? 65535 : 1);
    }

    /**
     * The same with everything that a result says of itself: seeds on the slices of a batch, and the settings as its Info.
     *
     * @param image as for {@link #of}
     * @param title of the result
     * @param settings of the result; may be empty
     * @return a copy, not shown
     */
    static ImagePlus described(final Img<?> image, final String title, final Map<String, String> settings) {
        final ImagePlus result = of(image, title);
        ResultTitle.labelSlices(result, settings);
        if (!settings.isEmpty()) result.setProperty("Info", SettingsText.format(settings));
        return result;
    }

    private static ImagePlus assembled(final ImageStack stack, final String title, final int channels, final int images, final double white) {
        final ImagePlus result = new ImagePlus(title, stack);
        result.setDimensions(channels, 1, images);
        final boolean ranged = stack.getBitDepth() == 16 || stack.getBitDepth() == 32;
        if (channels == 1) {
            if (ranged) result.setDisplayRange(0, white);
            return result;
        }
        result.setOpenAsHyperStack(true);
        final CompositeImage composite = new CompositeImage(result, IJ.COMPOSITE);
        for (int c = channels; c >= 1; c--) {
            composite.setC(c);
            composite.setDisplayRange(0, white);
        }
        return composite;
    }

    private static ColorProcessor colours(final RandomAccessibleInterval<? extends RealType<?>> pixels, final int image) {
        final ColorProcessor result = new ColorProcessor((int) pixels.dimension(0), (int) pixels.dimension(1));
        final byte[][] channels = new byte[COLOURS][];
        for (int c = 0; c < COLOURS; c++) channels[c] = (byte[]) plane(pixels, c, image).getPixels();
        result.setRGB(channels[0], channels[1], channels[2]);
        return result;
    }

    private static ImageProcessor plane(final RandomAccessibleInterval<? extends RealType<?>> pixels, final int channel, final int image) {
        RandomAccessibleInterval<? extends RealType<?>> plane = pixels;
        if (plane.numDimensions() > 3) plane = Views.hyperSlice(plane, 3, plane.min(3) + image);
        if (plane.numDimensions() > 2) plane = Views.hyperSlice(plane, 2, plane.min(2) + channel);
        final int width = (int) plane.dimension(0);
        final int height = (int) plane.dimension(1);
        final ImageProcessor result = emptyLike(plane.firstElement(), width, height);
        int i = 0;
        for (final RealType<?> value : Views.flatIterable(plane)) result.setf(i++, value.getRealFloat());
        return result;
    }

    private static ImageProcessor emptyLike(final RealType<?> type, final int width, final int height) {
        if (type instanceof UnsignedByteType) return new ByteProcessor(width, height);
        return type instanceof UnsignedShortType ? new ShortProcessor(width, height) : new FloatProcessor(width, height);
    }

    private static IllegalArgumentException unexpected(final Img<?> image) {
        return new IllegalArgumentException("expected x, y [, 1 or 3 channels [, image]] of a real type, found " + image);
    }
}
