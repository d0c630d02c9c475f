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

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.SessionWatch.Figures;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecord.End;

/** What the session monitor says, as cells and lines. Stateless. */
final class MonitorText {

    static final List<String> SESSION_COLUMNS = List.of("model file", "provider", "MB", "GPU MB", "use", "pinned");
    static final List<String> RECORD_COLUMNS = List.of("ended", "outcome", "model", "pixels", "provider", "wait ms", "step ms", "total ms", "peak MB");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final double MB = 1e6;

    private MonitorText() {}

    static List<String> cells(final OpenSession session) {
        return List.of(shortName(session.file()), session.providers().stream().map(ExecutionProvider::id).collect(Collectors.joining(", ")),
            megabytes(session.ramBytes()), session.gpu().isPresent() ? megabytes(session.gpuBytes()) : "", session.leases() > 0 ? "in use" : "unused",
            session.pinned() ? "pinned" : "");
    }

    /** The parts of a model are all called model.onnx. */
    private static String shortName(final Path file) {
        final int names = file.getNameCount();
        return names > 3 ? file.subpath(names - 3, names).toString() : file.toString();
    }

    static List<String> cells(final GenerationRecord record) {
        final var work = record.work();
        final String outcome = record.outcome().end() == End.MADE ? record.reused().result() ? "kept result" : "made"
            : record.outcome().end().name().toLowerCase(Locale.ROOT) + ": " + record.outcome().detail();
        final var peak = record.memory().ram().peak();
        return List.of(TIME.format(record.origin().ended()), outcome, work.model(), work.widthPx() + " x " + work.heightPx(), work.provider(),
            millis(record.times().queue()), millis(record.times().medianStep()), millis(record.times().total()),
            peak.isPresent() ? megabytes(peak.getAsLong()) : "");
    }

    static String line(final Figures figures) {
        final String program = figures.residentBytes().isPresent() ? megabytes(figures.residentBytes().getAsLong()) + " MB" : "unknown";
        final var expected = figures.queue().expectedWaitMillis();
        return "Memory: this program " + program + ", open models " + megabytes(figures.sessionBytes()) + " MB.   Queue: " + figures.queue().running()
            + " running, " + figures.queue().waiting() + " waiting"
            + (expected.isPresent() ? ", a new request waits about " + expected.getAsLong() + " ms" : "") + '.';
    }

    static String line(final GpuState gpu) {
        return "GPU " + gpu.index() + " (" + gpu.name() + "): load " + number(gpu.loadPercent(), " %") + ", memory "
            + gpu.memory().map(memory -> megabytes(memory.usedBytes()) + " of " + megabytes(memory.totalBytes()) + " MB").orElse("unknown") + ", "
            + number(gpu.celsius(), " °C") + ", clock " + number(gpu.clockMhz(), "") + " of " + number(gpu.mostClockMhz(), " MHz");
    }

    private static String number(final OptionalInt value, final String unit) {
        return (value.isPresent() ? Integer.toString(value.getAsInt()) : "unknown") + unit;
    }

    /** @return all of it, for a log */
    static List<String> lines(final Figures figures) {
        final List<String> lines = new ArrayList<>(List.of(line(figures)));
        figures.gpus().forEach(gpu -> lines.add(line(gpu)));
        figures.sessions().forEach(session -> lines.add(String.join("   ", cells(session)).strip()));
        figures.records().forEach(record -> lines.add(String.join("   ", cells(record)).strip()));
        figures.warnings().forEach(warning -> lines.add("Warning: " + warning.text()));
        return lines;
    }

    static double toMegabytes(final long bytes) {
        return bytes / MB;
    }

    private static String megabytes(final long bytes) {
        return Long.toString(Math.round(bytes / MB));
    }

    private static String millis(final double millis) {
        return String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%.0f", millis);
    }
}
