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
package net.diffusionj.augment.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.SourceEntry;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.view.Views;

/**
 * Reads the files that a manifest names. A file that is gone or damaged gives nothing and a warning in the log: a report about the rest is better than none.
 * Stateless.
 */
final class FolderPictures {

    private static final System.Logger LOG = System.getLogger(FolderPictures.class.getName());
    private static final int IMAGE_AXIS = 3;

    private final Path folder;

    FolderPictures(final Path folder) {
        this.folder = folder;
    }

    Optional<RandomAccessibleInterval<?>> source(final SourceEntry source) {
        return read(source.imageFile(folder), source.page());
    }

    Optional<RandomAccessibleInterval<?>> output(final ManifestRow row) {
        return row.output().isEmpty() ? Optional.empty() : read(folder.resolve(row.output()), 1);
    }

    BufferedImage sourceThumbnail(final SourceEntry source, final Optional<RandomAccessibleInterval<?>> image, final Thumbnail.Range range) {
        final Optional<LabelImage> labels = source.labels().isEmpty() ? Optional.empty() : labels(source.labelsFile(folder), source.page());
        return image.map(pixels -> Thumbnail.of(pixels, range, labels)).orElseGet(Thumbnail::missing);
    }

    BufferedImage outputThumbnail(final ManifestRow row, final Thumbnail.Range range) {
        final Optional<LabelImage> labels = row.outputLabels().isEmpty() ? Optional.empty() : labels(folder.resolve(row.outputLabels()), 1);
        return output(row).map(pixels -> Thumbnail.of(pixels, range, labels)).orElseGet(Thumbnail::missing);
    }

    private Optional<LabelImage> labels(final Path file, final int page) {
        return read(file, page).flatMap(image -> {
            try {
                return Optional.of(LabelImage.of(image));
            }
            catch (final InvalidInputException e) {
                LOG.log(System.Logger.Level.WARNING, "The report shows " + file + " without outlines. " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    private static Optional<RandomAccessibleInterval<?>> read(final Path file, final int page) {
        if (!Files.exists(file)) {
            LOG.log(System.Logger.Level.WARNING, "The report goes without " + file + ", which is gone.");
            return Optional.empty();
        }
        try {
            final RandomAccessibleInterval<?> image = ImageFiles.read(file).image();
            if (image.numDimensions() <= IMAGE_AXIS) return Optional.of(image);
            final long last = image.dimension(IMAGE_AXIS) - 1;
            return Optional.of(Views.hyperSlice(image, IMAGE_AXIS, image.min(IMAGE_AXIS) + Math.min(page - 1, last)));
        }
        catch (final InvalidInputException e) {
            LOG.log(System.Logger.Level.WARNING, "The report goes without " + file + ". " + e.getMessage());
            return Optional.empty();
        }
    }
}
