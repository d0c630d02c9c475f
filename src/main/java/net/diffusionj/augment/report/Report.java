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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.augment.gate.GateThresholds;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.home.AtomicFile;
import net.imglib2.RandomAccessibleInterval;

/**
 * Writes what an output folder holds as {@code report.html}, one file that needs nothing else, and {@code contact-sheet.png}. Reads the manifest and the
 * files that it names; changes neither. No date stands in it, so that the same folder gives the same report. Stateless and thread-safe.
 */
public final class Report {

    /** The page. */
    public static final String HTML = "report.html";
    /** Sources and what was made from them, one row each. */
    public static final String SHEET = "contact-sheet.png";

    /** A page of more pictures opens slowly. */
    private static final int MOST_SOURCES = 24;
    private static final int MOST_VARIANTS = 6;
    private static final int MOST_ROWS = 500;
    private static final String MEASURED = "measured.";
    /** How the names of kernel distances begin, among what a run has measured. */
    public static final String KERNEL = "kernel distance, ";
    private static final String STYLE = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px; padding: 0 1rem; color: #222; background: #fff; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ddd; }
        table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top; overflow-wrap: anywhere; }
        th { font-weight: 600; } .plots img { border: 1px solid #eee; margin: 0 .5rem .5rem 0; }
        .row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: 1rem; } figure { margin: 0; width: 192px; }
        figure img { display: block; } figcaption { font-size: .75rem; color: #555; overflow-wrap: anywhere; } .wide { overflow-x: auto; }
        """;

    private Report() {}

    /**
     * Writes both files, in place of those that are there.
     *
     * @param outputFolder with a manifest
     * @throws net.diffusionj.InvalidInputException if the manifest is missing or cannot be read, or the folder cannot be written to
     */
    public static void write(final Path outputFolder) {
        final Summary summary = new Summary(Manifest.read(outputFolder));
        final List<List<BufferedImage>> sheet = new ArrayList<>();
        final Html html = new Html();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Augmentation report</title>\n<style>\n").raw(STYLE)
            .raw("</style></head><body>\n").element("h1", "Augmentation report");
        html.element("p", "Generated images are not measurements. Labels of the outputs are those of their sources, checked by the gate as said below.");
        final Map<String, String> run = new LinkedHashMap<>(RunText.read(outputFolder));
        final Map<String, String> measured = measured(run);
        counts(html, summary, measured);
        plots(html, summary);
        kernel(html, measured);
        gate(html, summary);
        settings(html, run);
        pictures(html, summary, new FolderPictures(outputFolder), sheet);
        sources(html, summary);
        refused(html, summary);
        html.raw("</body></html>\n");
        if (!sheet.isEmpty()) AtomicFile.write(outputFolder.resolve(SHEET), out -> out.write(Thumbnail.png(ContactSheet.of(sheet))));
        AtomicFile.write(outputFolder.resolve(HTML), out -> out.write(html.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes out of the run's values what was measured of all outputs together. */
    private static Map<String, String> measured(final Map<String, String> run) {
        final Map<String, String> measured = new LinkedHashMap<>();
        run.forEach((name, value) -> {
            if (name.startsWith(MEASURED)) measured.put(name.substring(MEASURED.length()), value);
        });
        run.keySet().removeIf(name -> name.startsWith(MEASURED));
        return measured;
    }

    private static void counts(final Html html, final Summary summary, final Map<String, String> measured) {
        html.element("h2", "What was made").raw("<table>\n");
        html.row("planned", String.valueOf(summary.rows().size()));
        html.row("made", String.valueOf(summary.count(RowStatus.MADE)));
        html.row("of them, drawn again", String.valueOf(summary.redrawn()));
        html.row("rejected", String.valueOf(summary.count(RowStatus.REJECTED)));
        html.row("skipped", String.valueOf(summary.count(RowStatus.SKIPPED)));
        measured.forEach((name, value) -> {
            if (!name.startsWith(KERNEL)) html.row(name, value);
        });
        html.raw("</table>\n");
        for (final RowStatus status : List.of(RowStatus.REJECTED, RowStatus.SKIPPED)) {
            if (summary.count(status) == 0) continue;
            html.element("h3", "Why " + status.id()).raw("<table>\n");
            summary.reasons(status).forEach((reason, count) -> html.row(reason.isEmpty() ? "no reason given" : reason, String.valueOf(count)));
            html.raw("</table>\n");
        }
        groups(html, "class", summary.by(row -> row.source().className()));
        groups(html, "side of the split", summary.by(ManifestRow::split));
    }

    private static void groups(final Html html, final String what, final Map<String, List<ManifestRow>> groups) {
        if (groups.keySet().stream().allMatch(String::isEmpty)) return;
        html.element("h3", "By " + what).raw("<table>\n").heads(what, "planned", "made", "rejected");
        groups.forEach((name, rows) -> {
            final Summary part = new Summary(rows);
            html.row(name.isEmpty() ? "none" : name, String.valueOf(rows.size()), String.valueOf(part.count(RowStatus.MADE)),
                String.valueOf(part.count(RowStatus.REJECTED)));
        });
        html.raw("</table>\n");
    }

    private static void plots(final Html html, final Summary summary) {
        html.element("h2", "Quality").element("p", "How many outputs have which value.").raw("<div class=\"plots\">\n");
        plot(html, "SSIM to the source", summary.quality(quality -> quality.ssim()));
        plot(html, "PSNR to the source, dB", summary.quality(quality -> quality.psnrDb()));
        plot(html, "distance of the histograms", summary.quality(quality -> quality.histogramDistance()));
        plot(html, "distance to the source (0: a copy)", summary.quality(quality -> quality.sourceDistance()));
        plot(html, "distance to the nearest output (0: a copy)", summary.quality(quality -> quality.nearestOutputDistance()));
        plot(html, "kernel distance (1: as a source)", summary.quality(quality -> quality.kernelDistance()));
        plot(html, "lowest IoU of an output", summary.gate(gate -> gate.lowestIou()));
        plot(html, "median IoU of an output", summary.gate(gate -> gate.medianIou()));
        html.raw("</div>\n");
    }

    private static void plot(final Html html, final String title, final double[] values) {
        final byte[] svg = Histogram.of(title, values);
        if (svg.length > 0) html.picture("image/svg+xml", svg, title).raw("\n");
    }

    private static void kernel(final Html html, final Map<String, String> measured) {
        if (measured.keySet().stream().noneMatch(name -> name.startsWith(KERNEL))) return;
        html.element("h2", "Kernel distance").element("p", "How far sets of images are from each other, by declared features: about 0 for two sets of one kind."
            + " Halves of your sources show what chance makes, blurred sources what anybody sees.").raw("<table>\n");
        measured.forEach((name, value) -> {
            if (name.startsWith(KERNEL)) html.row(name.substring(KERNEL.length()), value);
        });
        html.raw("</table>\n");
    }

    private static void gate(final Html html, final Summary summary) {
        html.element("h2", "The gate");
        final long checked = summary.rows().stream().filter(row -> row.gate().isPresent()).count();
        html.element("p", checked == 0 ? "Nothing was checked: there are no labels." : checked + " outputs were checked. Of "
            + (long) Arrays.stream(summary.gate(gate -> gate.labelled())).sum() + " labelled objects in their last drawings, "
            + (long) Arrays.stream(summary.gate(gate -> gate.kept())).sum() + " were kept; "
            + (long) Arrays.stream(summary.gate(gate -> gate.appeared())).sum() + " appeared that no label has.");
        thresholds(html, summary);
    }

    /** As the gate has learned them, a source each. */
    private static void thresholds(final Html html, final Summary summary) {
        final List<ManifestRow> judged = summary.bySource().stream().flatMap(rows -> rows.stream().filter(row -> row.gate().isPresent()).limit(1)).toList();
        if (judged.isEmpty() || judged.stream().allMatch(row -> row.gate().orElseThrow().thresholds().isEmpty())) return;
        html.element("h3", "What it asks of the outputs, as learned from the sources").raw("<div class=\"wide\"><table>\n").heads("source", "thresholds");
        if (judged.stream().map(row -> row.gate().orElseThrow().thresholds()).distinct().count() == 1) {
            html.row("each of " + judged.size(), judged.get(0).gate().orElseThrow().thresholds());
        }
        else {
            judged.stream().limit(MOST_ROWS).forEach(row -> html.row(name(row), row.gate().orElseThrow().thresholds()));
        }
        html.raw("</table></div>\n<table>\n").heads("threshold", "unit", "meaning");
        GateThresholds.NONE.listed().forEach(threshold -> html.row(threshold.name(), threshold.unit(), threshold.meaning()));
        html.raw("</table>\n");
    }

    private static void settings(final Html html, final Map<String, String> run) {
        if (run.isEmpty()) return;
        html.element("h2", "Settings").raw("<table>\n");
        run.forEach(html::row);
        html.raw("</table>\n");
    }

    private static void pictures(final Html html, final Summary summary, final FolderPictures files, final List<List<BufferedImage>> sheet) {
        html.element("h2", "Pictures");
        final List<List<ManifestRow>> sources = new ArrayList<>(summary.bySource());
        if (sources.size() > MOST_SOURCES) html.element("p", "The first " + MOST_SOURCES + " of " + sources.size() + " sources are shown.");
        for (final List<ManifestRow> rows : sources.subList(0, Math.min(MOST_SOURCES, sources.size()))) {
            final Optional<RandomAccessibleInterval<?>> source = files.source(rows.get(0).source());
            final Thumbnail.Range range = source.map(Thumbnail.Range::of).orElse(new Thumbnail.Range(0, 255));
            final List<BufferedImage> line = new ArrayList<>();
            html.raw("<div class=\"row\">\n");
            line.add(files.sourceThumbnail(rows.get(0).source(), source, range));
            figure(html, line.get(0), "source: " + name(rows.get(0)));
            for (final ManifestRow row : rows.stream().filter(row -> row.status() == RowStatus.MADE).limit(MOST_VARIANTS).toList()) {
                final BufferedImage picture = files.outputThumbnail(row, range);
                line.add(picture);
                figure(html, picture, caption(row));
            }
            html.raw("</div>\n");
            sheet.add(line);
        }
    }

    private static void figure(final Html html, final BufferedImage picture, final String words) {
        html.raw("<figure>").picture("image/png", Thumbnail.png(picture), words).raw("<figcaption>").text(words).raw("</figcaption></figure>\n");
    }

    private static String name(final ManifestRow row) {
        final String file = row.source().file();
        return file.substring(file.lastIndexOf('/') + 1) + (row.source().page() > 1 ? ", image " + row.source().page() : "");
    }

    private static String caption(final ManifestRow row) {
        return row.output() + row.quality().map(quality -> String.format(Locale.ROOT, ", SSIM %.2f", quality.ssim())).orElse("")
            + row.gate().map(gate -> ", " + gate.kept() + " of " + gate.labelled() + " kept").orElse("");
    }

    private static void sources(final Html html, final Summary summary) {
        html.element("h2", "Sources").raw("<div class=\"wide\"><table>\n").heads("file", "class", "group", "made", "rejected", "skipped", "SHA-256");
        for (final List<ManifestRow> rows : summary.bySource()) {
            final Summary part = new Summary(rows);
            html.row(name(rows.get(0)), rows.get(0).source().className(), rows.get(0).source().group(), String.valueOf(part.count(RowStatus.MADE)),
                String.valueOf(part.count(RowStatus.REJECTED)), String.valueOf(part.count(RowStatus.SKIPPED)), rows.get(0).source().sha256());
        }
        html.raw("</table></div>\n");
    }

    private static void refused(final Html html, final Summary summary) {
        final List<ManifestRow> refused = summary.rows().stream().filter(row -> row.status() != RowStatus.MADE).toList();
        if (refused.isEmpty()) return;
        html.element("h2", "Rejected and skipped");
        if (refused.size() > MOST_ROWS) html.element("p", "The first " + MOST_ROWS + " of " + refused.size() + "; the manifest has all.");
        html.raw("<table>\n").heads("output", "source", "reason");
        refused.stream().limit(MOST_ROWS).forEach(row -> html.row(row.output(), name(row), row.reason()));
        html.raw("</table>\n");
    }
}
