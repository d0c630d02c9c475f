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
package net.diffusionj.augment.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.GuidanceInterval;

/**
 * The columns of the manifest: names, order, and the way from a row to texts and back. Numbers are written as Java writes them, so that they read back equal;
 * what is absent is an empty text. Stateless.
 */
final class RowColumns {

    private static final List<Column> ALL = columns();

    private RowColumns() {}

    private record Column(String name, Function<ManifestRow, String> text) {}

    private static List<Column> columns() {
        final List<Column> all = new ArrayList<>();
        all.add(new Column("output", ManifestRow::output));
        all.add(new Column("output_sha256", ManifestRow::outputSha256));
        all.add(new Column("output_labels", ManifestRow::outputLabels));
        all.add(new Column("output_labels_sha256", ManifestRow::outputLabelsSha256));
        all.add(new Column("status", row -> row.status().id()));
        all.add(new Column("reason", ManifestRow::reason));
        all.add(new Column("variant", row -> Integer.toString(row.variant())));
        all.add(new Column("source", row -> row.source().file()));
        all.add(new Column("page", row -> Integer.toString(row.source().page())));
        all.add(new Column("source_sha256", row -> row.source().sha256()));
        all.add(new Column("labels", row -> row.source().labels()));
        all.add(new Column("labels_sha256", row -> row.source().labelsSha256()));
        all.add(new Column("class", row -> row.source().className()));
        all.add(new Column("group", row -> row.source().group()));
        all.add(new Column("split", ManifestRow::split));
        all.add(new Column("mode", row -> row.draw().mode()));
        all.add(new Column("prompt", row -> row.draw().prompt()));
        all.add(new Column("negative", row -> row.draw().negative()));
        all.add(new Column("guidance", row -> Double.toString(row.draw().guidance())));
        all.add(new Column("guidance_from", row -> Double.toString(row.draw().guided().from())));
        all.add(new Column("guidance_to", row -> Double.toString(row.draw().guided().to())));
        all.add(new Column("steps", row -> Integer.toString(row.draw().steps())));
        all.add(new Column("scheduler", row -> row.draw().scheduler()));
        all.add(new Column("strength", row -> Double.toString(row.draw().strength())));
        all.add(new Column("scale", row -> row.draw().scale()));
        all.add(new Column("seed", row -> Long.toUnsignedString(row.draw().seed())));
        all.add(new Column("batch", row -> Integer.toString(row.draw().batch())));
        all.add(new Column("batch_index", row -> Integer.toString(row.draw().batchIndex())));
        all.add(new Column("attempt", row -> Integer.toString(row.draw().attempt())));
        all.add(new Column("model", row -> row.draw().model()));
        all.add(new Column("model_sha256", row -> row.draw().modelSha256()));
        all.add(new Column("provider", row -> row.draw().provider()));
        all.add(new Column("threads", row -> Integer.toString(row.draw().threads())));
        all.add(new Column("onnxruntime", row -> row.draw().onnxruntime()));
        all.add(new Column("diffusionj", row -> row.draw().diffusionj()));
        all.add(new Column("intensity", row -> row.draw().intensity()));
        all.add(new Column("camera", ManifestRow::camera));
        all.add(new Column("transforms", ManifestRow::transforms));
        all.add(new Column("gate_passed", row -> row.gate().map(gate -> Boolean.toString(gate.passed())).orElse("")));
        all.add(new Column("gate_labelled", row -> row.gate().map(gate -> Integer.toString(gate.labelled())).orElse("")));
        all.add(new Column("gate_kept", row -> row.gate().map(gate -> Integer.toString(gate.kept())).orElse("")));
        all.add(new Column("gate_appeared", row -> row.gate().map(gate -> Integer.toString(gate.appeared())).orElse("")));
        all.add(new Column("gate_lowest_iou", row -> row.gate().map(gate -> number(gate.lowestIou())).orElse("")));
        all.add(new Column("gate_median_iou", row -> row.gate().map(gate -> number(gate.medianIou())).orElse("")));
        all.add(new Column("gate_thresholds", row -> row.gate().map(GateEntry::thresholds).orElse("")));
        all.add(new Column("ssim", row -> row.quality().map(quality -> number(quality.ssim())).orElse("")));
        all.add(new Column("psnr_db", row -> row.quality().map(quality -> number(quality.psnrDb())).orElse("")));
        all.add(new Column("histogram_distance", row -> row.quality().map(quality -> number(quality.histogramDistance())).orElse("")));
        all.add(new Column("source_distance", row -> row.quality().map(quality -> number(quality.sourceDistance())).orElse("")));
        all.add(new Column("nearest_output_distance", row -> row.quality().map(quality -> number(quality.nearestOutputDistance())).orElse("")));
        all.add(new Column("kernel_distance", row -> row.quality().map(quality -> number(quality.kernelDistance())).orElse("")));
        return List.copyOf(all);
    }

    /** @return the header */
    static List<String> names() {
        return ALL.stream().map(Column::name).toList();
    }

    /** @param row any
     *  @return one text a column */
    static List<String> texts(final ManifestRow row) {
        return ALL.stream().map(column -> column.text().apply(row)).toList();
    }

    /**
     * @param texts by column
     * @return the row that they describe
     * @throws InvalidInputException naming the column that cannot be read
     */
    static ManifestRow row(final Map<String, String> texts) {
        final Reader in = new Reader(texts);
        final SourceEntry source = new SourceEntry(in.text("source"), in.whole("page"), in.text("source_sha256"), in.text("labels"), in.text("labels_sha256"),
            in.text("class"), in.text("group"));
        final DrawEntry draw = new DrawEntry(in.text("mode"), in.text("prompt"), in.text("negative"), in.number("guidance"),
            new GuidanceInterval(in.number("guidance_from"), in.number("guidance_to")), in.whole("steps"),
            in.text("scheduler"), in.number("strength"), in.text("scale"), in.bits("seed"), in.whole("batch"), in.whole("batch_index"), in.whole("attempt"),
            in.text("model"), in.text("model_sha256"), in.text("provider"), in.whole("threads"), in.text("onnxruntime"), in.text("diffusionj"),
            in.text("intensity"));
        final Optional<GateEntry> gate = in.text("gate_passed").isEmpty() ? Optional.empty() : Optional.of(new GateEntry(
            Boolean.parseBoolean(in.text("gate_passed")), in.whole("gate_labelled"), in.whole("gate_kept"), in.whole("gate_appeared"),
            in.number("gate_lowest_iou"), in.number("gate_median_iou"), in.text("gate_thresholds")));
        final boolean measured = List.of("ssim", "psnr_db", "histogram_distance", "source_distance", "nearest_output_distance", "kernel_distance").stream()
            .anyMatch(name -> !in.text(name).isEmpty());
        final Optional<QualityEntry> quality = measured ? Optional.of(new QualityEntry(in.number("ssim"), in.number("psnr_db"),
            in.number("histogram_distance"), in.number("source_distance"), in.number("nearest_output_distance"), in.number("kernel_distance")))
            : Optional.empty();
        return new ManifestRow(in.text("output"), in.text("output_sha256"), in.text("output_labels"), in.text("output_labels_sha256"),
            RowStatus.parse(in.text("status")), in.text("reason"), in.whole("variant"), source, draw, in.text("camera"), in.text("transforms"), gate, quality,
            in.text("split"));
    }

    private static String number(final double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    /** Reads texts as what the columns hold. */
    private record Reader(Map<String, String> texts) {

        String text(final String column) {
            final String text = texts.get(column);
            if (text == null) throw new InvalidInputException("The column \"" + column + "\" is missing.");
            return text;
        }

        int whole(final String column) {
            try {
                return Integer.parseInt(text(column));
            }
            catch (final NumberFormatException e) {
                throw wrong(column, e);
            }
        }

        long bits(final String column) {
            try {
                return Long.parseUnsignedLong(text(column));
            }
            catch (final NumberFormatException e) {
                throw wrong(column, e);
            }
        }

        double number(final String column) {
            try {
                return text(column).isEmpty() ? Double.NaN : Double.parseDouble(text(column));
            }
            catch (final NumberFormatException e) {
                throw wrong(column, e);
            }
        }

        private InvalidInputException wrong(final String column, final NumberFormatException cause) {
            return new InvalidInputException("The column \"" + column + "\" must hold a number, not \"" + text(column) + "\".", cause);
        }
    }
}
