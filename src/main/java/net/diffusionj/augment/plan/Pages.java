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
package net.diffusionj.augment.plan;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.view.Views;

/** The images in a file, one by one, of the axes that {@code ImageFiles.read} gives. Stateless. */
public final class Pages {

    private static final int CHANNEL = 2;
    private static final int IMAGE = 3;

    private Pages() {}

    /** @param image as read from a file
     *  @return how many images it holds */
    public static int count(final Img<?> image) {
        return image.numDimensions() > IMAGE ? (int) image.dimension(IMAGE) : 1;
    }

    /**
     * @param image as read from a file, or the images of a batch
     * @param page from 1
     * @return x and y, and a third axis where there are several channels; a view
     */
    public static RandomAccessibleInterval<?> page(final RandomAccessibleInterval<?> image, final int page) {
        final RandomAccessibleInterval<?> one = image.numDimensions() > IMAGE ? Views.hyperSlice(image, IMAGE, page - 1L) : image;
        return one.numDimensions() > CHANNEL && one.dimension(CHANNEL) == 1 ? Views.hyperSlice(one, CHANNEL, 0) : one;
    }

    /** @param page a page
     *  @return its channels */
    public static int channels(final RandomAccessibleInterval<?> page) {
        return page.numDimensions() > CHANNEL ? (int) page.dimension(CHANNEL) : 1;
    }
}
