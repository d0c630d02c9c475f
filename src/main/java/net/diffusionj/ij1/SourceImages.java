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

import ij.CompositeImage;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

/**
 * Copies the plane that an {@code ImagePlus} shows into an {@code Img}. Colour images, pictures of indexed colours and composites of three channels
 * give three channels; of anything else the current channel, slice and frame are taken. Stateless.
 */
final class SourceImages {

    private static final int COLOURS = 3;

    private SourceImages() {}

    /**
     * Copies what an image shows now and notes what it looks like.
     *
     * @param image any open image; not changed
     * @param sources keeps the note
     * @return x, y and, where it shows colours, 3 channels; of the image's own type
     */
    static Img<?> lend(final ImagePlus image, final SourceImageService sources) {
        final Img<?> copy = copy(image);
        sources.remember(copy, Appearance.of(image));
        return copy;
    }

    /**
     * @param image not changed
     * @return x, y [, channel]: unsigned byte, unsigned short or float
     */
    static Img<?> copy(final ImagePlus image) {
        if (image.getType() == ImagePlus.COLOR_RGB) return colour((ColorProcessor) image.getProcessor());
        if (hasColourTable(image)) return colour(image.getProcessor().convertToColorProcessor());
        if (image instanceof CompositeImage && image.getNChannels() == COLOURS) return channels(image);
        return planes(image.getWidth(), image.getHeight(), image.getProcessor());
    }

    /**
     * Tells a picture of indexed colours from an 8-bit image that is merely shown in false colours, by what ImageJ says: a look-up table that was
     * chosen from its menu has a name, and one that changes little from entry to entry is a pseudo colour table. The table is looked at as it is, not
     * as the display range or a threshold bends it.
     *
     * @param image any
     * @return whether its colours are the picture
     */
    static boolean hasColourTable(final ImagePlus image) {
        if (image.getBitDepth() != 8 || image instanceof CompositeImage) return false;
        final ByteProcessor table = new ByteProcessor(1, 1, new byte[1], image.getProcessor().getLut());
        if (!table.isColorLut()) return false;
        final boolean indexed = image.getType() == ImagePlus.COLOR_256;
        final boolean named = image.getProp(LUT.nameKey) != null;
        return table.isPseudoColorLut() ? indexed && !named : indexed || !named;
    }

    private static Img<?> channels(final ImagePlus image) {
        final ImageProcessor[] planes = new ImageProcessor[COLOURS];
        for (int c = 0; c < COLOURS; c++) {
            planes[c] = image.getStack().getProcessor(image.getStackIndex(c + 1, image.getSlice(), image.getFrame()));
        }
        return planes(image.getWidth(), image.getHeight(), planes);
    }

    private static Img<?> colour(final ColorProcessor pixels) {
        final int count = pixels.getPixelCount();
        final byte[] values = new byte[COLOURS * count];
        for (int c = 0; c < COLOURS; c++) System.arraycopy(pixels.getChannel(c + 1), 0, values, c * count, count);
        return ArrayImgs.unsignedBytes(values, pixels.getWidth(), pixels.getHeight(), COLOURS);
    }

    private static Img<?> planes(final int width, final int height, final ImageProcessor... planes) {
        final long[] size = planes.length == 1 ? new long[] {width, height} : new long[] {width, height, planes.length};
        final int count = width * height;
        final Object first = planes[0].getPixels();
        if (first instanceof byte[]) return ArrayImgs.unsignedBytes((byte[]) joined(new byte[planes.length * count], count, planes), size);
        if (first instanceof short[]) return ArrayImgs.unsignedShorts((short[]) joined(new short[planes.length * count], count, planes), size);
        return ArrayImgs.floats((float[]) joined(new float[planes.length * count], count, planes), size);
    }

    private static Object joined(final Object all, final int count, final ImageProcessor... planes) {
        for (int p = 0; p < planes.length; p++) System.arraycopy(planes[p].getPixels(), 0, all, p * count, count);
        return all;
    }
}
