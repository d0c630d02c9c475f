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
package net.diffusionj.augment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.manifest.SourceEntry;
import net.diffusionj.augment.plan.Pages;
import net.diffusionj.augment.quality.Crops;
import net.diffusionj.augment.quality.FineStructure;
import net.diffusionj.augment.quality.KernelGauge;
import net.diffusionj.augment.quality.KernelSummary;
import net.diffusionj.augment.quality.QualityMeasures;
import net.diffusionj.augment.report.Report;
import net.diffusionj.io.ImageFiles;

/**
 * What is measured when all outputs are there: the distance of each to the most similar other, and how far all of them are from their sources by the kernel
 * distance. Reads the files; changes none.
 *
 * @param rows the same rows, with their distances
 * @param measured of all together, by name
 */
record WholeSet(List<ManifestRow> rows, Map<String, String> measured) {

    /** The search for near copies takes time with the square of their number. */
    private static final int MOST_COMPARED = 2000;
    /** More make the kernel distance no surer; some are taken, evenly. */
    private static final int MOST_CROPPED = 200;

    /**
     * @param folder holds the files
     * @param rows of the manifest
     * @param cancel stops the work between files
     * @return what was measured
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    static WholeSet of(final Path folder, final List<ManifestRow> rows, final CancelToken cancel) {
        final Map<String, ManifestRow> known = new LinkedHashMap<>();
        rows.forEach(row -> known.put(row.output(), row));
        final List<ManifestRow> made = rows.stream().filter(row -> row.status() == RowStatus.MADE).toList();
        compare(folder, made, known, cancel);
        final Map<String, String> measured = new LinkedHashMap<>();
        kernel(folder, evenly(made), known, cancel).inWords().forEach((name, text) -> measured.put(Report.KERNEL + name, text));
        return new WholeSet(List.copyOf(known.values()), measured);
    }

    private static void compare(final Path folder, final List<ManifestRow> made, final Map<String, ManifestRow> known, final CancelToken cancel) {
        if (made.size() < 2 || made.size() > MOST_COMPARED) return;
        final List<FineStructure> pictures = new ArrayList<>();
        for (final ManifestRow row : made) {
            cancel.throwIfCancelled();
            pictures.add(QualityMeasures.fineStructure(output(folder, row)));
        }
        final double[] nearest = FineStructure.nearest(pictures);
        for (int i = 0; i < nearest.length; i++) {
            final double distance = nearest[i];
            final ManifestRow row = made.get(i);
            row.quality().ifPresent(quality -> known.put(row.output(), row.withQuality(quality.withNearestOutputDistance(distance))));
        }
    }

    private static List<ManifestRow> evenly(final List<ManifestRow> made) {
        final int count = Math.min(MOST_CROPPED, made.size());
        final List<ManifestRow> some = new ArrayList<>();
        for (int i = 0; i < count; i++) some.add(made.get((int) ((long) i * made.size() / count)));
        return some;
    }

    private static KernelSummary kernel(final Path folder, final List<ManifestRow> some, final Map<String, ManifestRow> known, final CancelToken cancel) {
        final Map<String, SourceEntry> entries = new LinkedHashMap<>();
        some.forEach(row -> entries.put(name(row.source()), row.source()));
        int smallest = Integer.MAX_VALUE;
        for (final SourceEntry entry : entries.values()) {
            cancel.throwIfCancelled();
            final Optional<RandomAccessibleInterval<?>> source = source(folder, entry);
            if (source.isEmpty()) return KernelSummary.none("Not measured: the source " + entry.file() + " is gone.");
            smallest = (int) Math.min(smallest, Math.min(source.get().dimension(0), source.get().dimension(1)));
        }
        if (some.isEmpty()) return KernelSummary.none("Not measured: there are no outputs.");
        if (smallest < Crops.SMALLEST_SIDE_PX) {
            return KernelSummary.none("Not measured: an image has a side of " + smallest + " pixels, and it takes " + Crops.SMALLEST_SIDE_PX + '.');
        }
        final Crops crops = new Crops(smallest);
        final Map<String, List<float[]>> sources = new LinkedHashMap<>();
        final List<float[]> blurred = new ArrayList<>();
        final List<List<float[]>> outputs = new ArrayList<>();
        for (final Map.Entry<String, SourceEntry> entry : entries.entrySet()) {
            final RandomAccessibleInterval<?> source = source(folder, entry.getValue()).orElseThrow();
            sources.put(entry.getKey(), crops.of(source, source));
            blurred.addAll(crops.blurred(source));
            for (final ManifestRow row : some) {
                cancel.throwIfCancelled();
                if (name(row.source()).equals(entry.getKey())) outputs.add(crops.of(source, output(folder, row)));
            }
        }
        gauge(some, sources, outputs, known);
        return KernelSummary.of(sources.values(), outputs.stream().flatMap(List::stream).toList(), blurred);
    }

    /** Outputs come by source, in the sources' order. */
    private static void gauge(final List<ManifestRow> some, final Map<String, List<float[]>> sources, final List<List<float[]>> outputs,
        final Map<String, ManifestRow> known) {
        if (sources.size() < KernelGauge.FEWEST_SOURCES) return;
        final KernelGauge gauge = new KernelGauge(sources);
        int next = 0;
        for (final String source : sources.keySet()) {
            for (final ManifestRow row : some) {
                if (!name(row.source()).equals(source)) continue;
                final double distance = gauge.of(source, outputs.get(next++));
                final ManifestRow there = known.get(row.output());
                // What the filter has seen stays: it was measured beside all sources.
                there.quality().filter(quality -> Double.isNaN(quality.kernelDistance()))
                    .ifPresent(quality -> known.put(row.output(), there.withQuality(quality.withKernelDistance(distance))));
            }
        }
    }

    private static String name(final SourceEntry entry) {
        return entry.file() + '\n' + entry.page();
    }

    private static Optional<RandomAccessibleInterval<?>> source(final Path folder, final SourceEntry entry) {
        final Path file = entry.imageFile(folder);
        return Files.exists(file) ? Optional.of(Pages.page(ImageFiles.read(file).image(), entry.page())) : Optional.empty();
    }

    private static RandomAccessibleInterval<?> output(final Path folder, final ManifestRow row) {
        return Pages.page(ImageFiles.read(folder.resolve(row.output())).image(), 1);
    }
}
