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
package net.diffusionj.augment.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.plan.Pages;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.io.ImageFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.labels.LabelImage;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

/** Writes images and labels as programs for training read them. Stateless. */
final class TrainingFiles {

    private static final int MOST_LABELS = 0xffff;

    private TrainingFiles() {}

    /**
     * Writes an image as TIFF: the file itself where it is one, with all it says of the image; otherwise its pixels.
     *
     * @param item what to write
     * @param target a .tif
     */
    static void writeImage(final LayoutItem item, final Path target) throws IOException {
        final ImageFile read = ImageFiles.read(item.image());
        if (Pages.count(read.image()) == 1 && isTiff(item.image())) {
            try (InputStream in = Files.newInputStream(item.image())) {
                AtomicFile.write(target, in::transferTo);
            }
            return;
        }
        ImageFiles.write(target, page(read, item, item.image()), read.metadata());
    }

    private static RandomAccessibleInterval<?> page(final ImageFile read, final LayoutItem item, final Path file) {
        if (item.page() > Pages.count(read.image())) {
            throw new InvalidInputException("The manifest names image " + item.page() + " of " + file + ", which has " + Pages.count(read.image())
                + ". Run the augmentation again.");
        }
        return Pages.page(read.image(), item.page());
    }

    private static boolean isTiff(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == start[1] && (start[0] == 'I' || start[0] == 'M');
        }
    }

    /**
     * Writes labels in 16 bits: objects are 1, 2, 3 and so on, and pieces of a mask are objects of their own.
     *
     * @param item what to write
     * @param target a .tif
     */
    static void writeLabels(final LayoutItem item, final Path target) {
        final Path file = item.labels().orElseThrow();
        final ImageFile read = ImageFiles.read(file);
        final LabelImage labels = LabelImage.of(page(read, item, file)).renumbered();
        if (labels.ids().size() > MOST_LABELS) {
            throw new InvalidInputException(
                "The labels " + file + " have " + labels.ids().size() + " objects, and 16 bits hold " + MOST_LABELS + ". Cut the image.");
        }
        final int[] ids = labels.toArray();
        final short[] values = new short[ids.length];
        for (int i = 0; i < ids.length; i++) values[i] = (short) ids[i];
        ImageFiles.write(target, ArrayImgs.unsignedShorts(values, labels.widthPx(), labels.heightPx()), new ImageMetadata(read.metadata().pixelSize(),
            List.of(), List.of(), Map.of()));
    }
}
