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

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.PlotWindow;
import ij.gui.Roi;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.view.Views;

import net.diffusionj.InvalidInputException;
import net.diffusionj.train.material.NamedImage;

/** The images that are open in ImageJ: every slice an image; of those with a selection, the rectangle around the selection. Stateless. */
final class OpenImages {

    private OpenImages() {}

    /**
     * @return copies, made when they are asked for
     * @throws InvalidInputException if no image is open
     */
    static List<NamedImage> list() {
        final List<NamedImage> images = new ArrayList<>();
        final int[] open = WindowManager.getIDList();
        for (final int id : open == null ? new int[0] : open) {
            final ImagePlus image = WindowManager.getImage(id);
            if (image == null || image.getWindow() instanceof PlotWindow) continue;
            for (int slice = 1; slice <= slices(image); slice++) add(images, image, slice);
        }
        if (images.isEmpty()) throw new InvalidInputException("No image is open. Open those to learn from, or name their folder.");
        return images;
    }

    private static int slices(final ImagePlus image) {
        return image.isComposite() ? 1 : image.getStackSize();
    }

    private static void add(final List<NamedImage> images, final ImagePlus image, final int slice) {
        final Roi selection = image.getRoi();
        final Rectangle part = selection != null && selection.isArea() ? selection.getBounds().intersection(new Rectangle(image.getWidth(), image.getHeight()))
            : new Rectangle(image.getWidth(), image.getHeight());
        final String name = image.getTitle() + (slices(image) > 1 ? " slice " + slice : "");
        images.add(new NamedImage(name, () -> cut(SourceImages.copy(single(image, slice)), part)));
    }

    private static ImagePlus single(final ImagePlus image, final int slice) {
        return slices(image) == 1 ? image : new ImagePlus(image.getTitle(), image.getStack().getProcessor(slice));
    }

    private static RandomAccessibleInterval<?> cut(final Img<?> image, final Rectangle part) {
        final long[] min = new long[image.numDimensions()];
        final long[] max = image.maxAsLongArray();
        min[0] = part.x;
        min[1] = part.y;
        max[0] = part.x + part.width - 1L;
        max[1] = part.y + part.height - 1L;
        return Views.zeroMin(Views.interval(image, min, max));
    }
}
