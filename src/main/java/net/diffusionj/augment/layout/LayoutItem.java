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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.manifest.SourceEntry;

/**
 * One image of a training folder, and where it comes from. Immutable.
 *
 * @param stem its name there, without an ending
 * @param image file that holds it
 * @param page which image of the file, from 1
 * @param labels file of its label image; empty without
 * @param side of the split
 * @param group what stays together
 * @param generated whether a model made it; otherwise it is a source
 */
record LayoutItem(String stem, Path image, int page, Optional<Path> labels, Side side, String group, boolean generated) {

    /**
     * Lists what goes into a training folder: every source once, and every output, each source on the side of its outputs.
     *
     * @param folder of the manifest
     * @param rows of the manifest, with their sides; those without a file are passed over, and all without a side are for training
     * @return one item an image, with names of their own
     */
    static List<LayoutItem> of(final Path folder, final List<ManifestRow> rows) {
        final Map<String, LayoutItem> byPlace = new LinkedHashMap<>();
        final List<ManifestRow> made = rows.stream().filter(row -> row.status() == RowStatus.MADE).toList();
        for (final ManifestRow row : made) {
            final SourceEntry source = row.source();
            final Path image = source.imageFile(folder);
            final Optional<Path> labels = source.labels().isEmpty() ? Optional.empty() : Optional.of(source.labelsFile(folder));
            final LayoutItem item = new LayoutItem(stem(image), image, source.page(), labels, side(row), source.group(), false);
            final LayoutItem before = byPlace.putIfAbsent(source.file() + '#' + source.page(), item);
            if (before != null && before.side() != item.side()) {
                throw new InvalidInputException("The manifest has outputs of " + source.file() + " on two sides of a split: " + before.side().id() + " and "
                    + item.side().id() + ". Run the augmentation again to split anew.");
            }
        }
        final List<LayoutItem> items = new ArrayList<>(byPlace.values());
        for (final ManifestRow row : made) {
            final Optional<Path> labels = row.outputLabels().isEmpty() ? Optional.empty() : Optional.of(folder.resolve(row.outputLabels()));
            final Path image = folder.resolve(row.output());
            items.add(new LayoutItem(stem(image), image, 1, labels, side(row), row.source().group(), true));
        }
        return UniqueStems.of(items);
    }

    private static Side side(final ManifestRow row) {
        return row.split().isEmpty() ? Side.TRAIN : Side.parse(row.split());
    }

    private static String stem(final Path file) {
        final String name = file.getFileName().toString();
        final int ending = name.lastIndexOf('.');
        return ending < 1 ? name : name.substring(0, ending);
    }

    /** @param name another stem
     *  @return the same image under that name */
    LayoutItem named(final String name) {
        return new LayoutItem(name, image, page, labels, side, group, generated);
    }
}
