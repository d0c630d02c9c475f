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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.QualityEntry;
import net.diffusionj.augment.manifest.RowStatus;

/** Counts over the rows of a manifest. Immutable. */
record Summary(List<ManifestRow> rows) {

    private static final String NUMBER = "\\d+(\\.\\d+)?";

    Summary {
        rows = List.copyOf(rows);
    }

    long count(final RowStatus status) {
        return rows.stream().filter(row -> row.status() == status).count();
    }

    /** Made, but not with the first seed. */
    long redrawn() {
        return rows.stream().filter(row -> row.status() == RowStatus.MADE && row.draw().attempt() > 0).count();
    }

    /** Reasons of a status with their counts, numbers left out, so that equal ones fall together. */
    Map<String, Integer> reasons(final RowStatus status) {
        final Map<String, Integer> reasons = new TreeMap<>();
        rows.stream().filter(row -> row.status() == status).forEach(row -> reasons.merge(row.reason().replaceAll(NUMBER, "n"), 1, Integer::sum));
        return reasons;
    }

    /** Rows by source, in the manifest's order. */
    Collection<List<ManifestRow>> bySource() {
        final Map<String, List<ManifestRow>> found = new LinkedHashMap<>();
        rows.forEach(row -> found.computeIfAbsent(row.source().file() + '\n' + row.source().page(), key -> new ArrayList<>()).add(row));
        return found.values();
    }

    /** Rows by what a row says, in the manifest's order. */
    Map<String, List<ManifestRow>> by(final Function<ManifestRow, String> key) {
        final Map<String, List<ManifestRow>> found = new LinkedHashMap<>();
        rows.forEach(row -> found.computeIfAbsent(key.apply(row), any -> new ArrayList<>()).add(row));
        return found;
    }

    double[] quality(final ToDoubleFunction<QualityEntry> value) {
        return rows.stream().filter(row -> row.status() == RowStatus.MADE).flatMap(row -> row.quality().stream()).mapToDouble(value).toArray();
    }

    double[] gate(final ToDoubleFunction<GateEntry> value) {
        return rows.stream().flatMap(row -> row.gate().stream()).mapToDouble(value).toArray();
    }
}
