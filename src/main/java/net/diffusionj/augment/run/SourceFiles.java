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
package net.diffusionj.augment.run;

import java.nio.file.Path;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.augment.plan.Pages;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.io.ImageFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.labels.LabelImage;

/** Reads sources and their labels. Keeps the file that was read last, so that the pages of a stack are read once. Used by one thread. */
public final class SourceFiles {

    private Path imagePath = Path.of("");
    private Optional<ImageFile> image = Optional.empty();
    private Path labelsPath = Path.of("");
    private Optional<ImageFile> labels = Optional.empty();

    /** @param source which image
     *  @return x and y, and channel where there are several */
    public RandomAccessibleInterval<?> pixels(final PlannedSource source) {
        return Pages.page(file(source).image(), source.page());
    }

    /** @param source which image
     *  @return what its file says beside the pixels */
    public ImageMetadata metadata(final PlannedSource source) {
        return file(source).metadata();
    }

    /** @param source which image
     *  @return its labels; empty where it has none */
    public Optional<LabelImage> labels(final PlannedSource source) {
        return source.labels().map(path -> {
            if (labels.isEmpty() || !path.equals(labelsPath)) {
                labels = Optional.of(ImageFiles.read(path));
                labelsPath = path;
            }
            return LabelImage.of(Pages.page(labels.get().image(), source.page()));
        });
    }

    private ImageFile file(final PlannedSource source) {
        if (image.isEmpty() || !source.file().equals(imagePath)) {
            image = Optional.of(ImageFiles.read(source.file()));
            imagePath = source.file();
        }
        return image.get();
    }
}
