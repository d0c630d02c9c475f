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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

import net.diffusionj.io.ImageList;
import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.Sha256;
import net.diffusionj.io.ImageFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.labels.LabelImage;

/**
 * Looks at every image and its labels, once: what can be used, and what is skipped and why.
 *
 * @param usable in the order of the names
 * @param skipped files and pages that cannot be sources
 */
public record SourceScan(List<PlannedSource> usable, List<SkippedSource> skipped) {

    private static final int BITS_PER_BYTE = 8;

    /** Copies the lists. */
    public SourceScan {
        usable = List.copyOf(usable);
        skipped = List.copyOf(skipped);
    }

    /**
     * Reads every file. A damaged one is skipped; what is wrong with the folder as a whole is an error.
     *
     * @param inputs where to look
     * @param cancel stops the work between files
     * @return what there is
     * @throws InvalidInputException if there is no image, a name twice, an image without labels, or labels of another size
     */
    public static SourceScan of(final Inputs inputs, final CancelToken cancel) {
        final Map<String, Path> images = ImageList.of("images", inputs.images());
        final Optional<Map<String, Path>> labels = inputs.labels().map(place -> ImageList.of("labels", place));
        final List<PlannedSource> usable = new ArrayList<>();
        final List<SkippedSource> skipped = new ArrayList<>();
        for (final Map.Entry<String, Path> image : images.entrySet()) {
            cancel.throwIfCancelled();
            final Optional<Path> own = labels.map(all -> labelsOf(image.getValue(), images.size() == 1, all, inputs.labels().orElseThrow()));
            look(image.getKey(), image.getValue(), own, usable, skipped);
        }
        checkNames(usable);
        return new SourceScan(usable, skipped);
    }

    private static Path labelsOf(final Path image, final boolean alone, final Map<String, Path> labels, final Path place) {
        if (alone && labels.size() == 1) return labels.values().iterator().next();
        final Path found = labels.get(ImageList.stem(image));
        if (found == null) {
            throw new InvalidInputException("The image " + image.getFileName() + " has no labels in " + place
                + ". Add a label image of the same name, or move the image elsewhere.");
        }
        return found;
    }

    private static void look(final String name, final Path file, final Optional<Path> labels, final List<PlannedSource> usable,
        final List<SkippedSource> skipped) {
        final String sha256;
        final ImageFile image;
        final Optional<ImageFile> labelled;
        final String labelsSha256;
        try {
            sha256 = hash(file);
            image = ImageFiles.read(file);
            labelled = labels.map(ImageFiles::read);
            labelsSha256 = labels.map(SourceScan::hash).orElse("");
        }
        catch (final InvalidInputException e) {
            skipped.add(new SkippedSource(name, file, 1, "", e.getMessage()));
            return;
        }
        final int pages = Pages.count(image.image());
        if (labelled.isPresent() && Pages.count(labelled.get().image()) != pages) {
            throw new InvalidInputException("The labels " + labels.orElseThrow() + " have " + Pages.count(labelled.get().image()) + " pages, and the image "
                + file + " has " + pages + ". Each page needs its own labels.");
        }
        for (int page = 1; page <= pages; page++) {
            final String pageName = pages == 1 ? name : String.format(Locale.ROOT, "%s-%0" + Math.max(3, String.valueOf(pages).length()) + "d", name, page);
            final RandomAccessibleInterval<?> pixels = Pages.page(image.image(), page);
            final Optional<String> fault = fault(pixels);
            if (fault.isPresent()) {
                skipped.add(new SkippedSource(pageName, file, page, sha256, fault.get()));
                continue;
            }
            final PlannedSource source = new PlannedSource(pageName, file, page, sha256, labels, labelsSha256, "", name, (int) pixels.dimension(0),
                (int) pixels.dimension(1), bytes(pixels));
            if (labelled.isPresent()) checkLabels(source, Pages.page(labelled.get().image(), page));
            usable.add(source);
        }
    }

    private static Optional<String> fault(final RandomAccessibleInterval<?> page) {
        final int channels = Pages.channels(page);
        if (channels != 1 && channels != 3) return Optional.of("It has " + channels + " channels. Expected 1, or 3 for colour.");
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (final Object pixel : page) {
            final double value = ((RealType<?>) pixel).getRealDouble();
            if (!Double.isFinite(value)) return Optional.of("It has pixels that are not numbers. Replace them first.");
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return least < most ? Optional.empty() : Optional.of("All its pixels have the value " + least + ": there is nothing to vary.");
    }

    private static void checkLabels(final PlannedSource source, final RandomAccessibleInterval<?> page) {
        try {
            LabelImage.of(page).checkSize(source.widthPx(), source.heightPx());
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException("The labels " + source.labels().orElseThrow() + " of " + source.shown() + " cannot be used. " + e.getMessage(), e);
        }
    }

    private static long bytes(final RandomAccessibleInterval<?> page) {
        final int bits = ((RealType<?>) page.getAt(new long[page.numDimensions()])).getBitsPerPixel();
        return page.size() * bits / BITS_PER_BYTE;
    }

    private static String hash(final Path file) {
        try {
            return Sha256.of(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** On a file system that does not tell capitals, and where a page is named as another file. */
    private static void checkNames(final List<PlannedSource> usable) {
        final Map<String, PlannedSource> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (final PlannedSource source : usable) {
            final PlannedSource before = seen.put(source.name(), source);
            if (before != null) {
                throw new InvalidInputException(
                    "The outputs of " + before.shown() + " and of " + source.shown() + " would have the same names. Rename one of them.");
            }
        }
    }
}
