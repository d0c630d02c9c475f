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
package net.diffusionj.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecord.End;

/** Lines of the monitor for people. Stateless. */
final class MonitorTable {

    private static final String FORMAT = "%-19s %-26s %-20s %9s %5s %8s %9s %9s %9s %9s  %s";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final double MB = 1e6;
    private static final int MODEL_CHARACTERS = 20;

    static final String HEAD = String.format(FORMAT, "ended", "outcome", "model", "pixels", "steps", "provider", "wait ms", "step ms", "total ms", "peak MB",
        "");

    private MonitorTable() {}

    static String line(final GenerationRecord record) {
        final var work = record.work();
        final String outcome = record.outcome().end() == End.MADE ? record.reused().result() ? "kept result" : "made"
            : record.outcome().end().name().toLowerCase(Locale.ROOT) + ": " + record.outcome().detail();
        final String more = (work.images() > 1 ? work.images() + " images " : "") + (record.origin().instance() > 0 ? "instance " + record.origin().instance()
            : "") + (record.ladder().isEmpty() ? "" : " memory was short");
        return String.format(Locale.ROOT, FORMAT, TIME.format(record.origin().ended()), outcome, cut(work.model()), work.widthPx() + "x" + work.heightPx(),
            work.steps(), work.provider().isEmpty() ? "-" : work.provider(), millis(record.times().queue()), millis(record.times().medianStep()),
            millis(record.times().total()), megabytes(record.memory().ram().peak()), more.trim()).stripTrailing();
    }

    private static String cut(final String model) {
        // A model may be a folder's path, or whatever a damaged log holds.
        final String name = model.replaceAll("\\p{Cntrl}", "?");
        return name.length() <= MODEL_CHARACTERS ? name : "…" + name.substring(name.length() - MODEL_CHARACTERS + 1);
    }

    private static String millis(final double millis) {
        return String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%.0f", millis);
    }

    private static String megabytes(final OptionalLong bytes) {
        return bytes.isPresent() ? Long.toString(Math.round(bytes.getAsLong() / MB)) : "-";
    }

    static String line(final GpuState gpu) {
        return "GPU " + gpu.index() + " (" + gpu.name() + ", driver " + gpu.driver() + "): load " + number(gpu.loadPercent(), " %") + ", memory "
            + gpu.memory().map(memory -> Math.round(memory.usedBytes() / MB) + " of " + Math.round(memory.totalBytes() / MB) + " MB").orElse("unknown") + ", "
            + number(gpu.celsius(), " °C") + ", " + number(gpu.clockMhz(), " of ") + number(gpu.mostClockMhz(), " MHz");
    }

    private static String number(final OptionalInt value, final String unit) {
        return (value.isPresent() ? Integer.toString(value.getAsInt()) : "unknown") + unit;
    }
}
