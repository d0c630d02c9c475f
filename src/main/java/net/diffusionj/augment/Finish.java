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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.layout.LayoutWriter;
import net.diffusionj.augment.layout.SplitPlan;
import net.diffusionj.augment.layout.SplitShares;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.report.Report;
import net.diffusionj.augment.run.Finishing;

/**
 * What is made of a folder when its outputs are complete: the set is measured as a whole, outputs are split, a training folder and the report are written.
 *
 * @param split how they are divided; empty for not at all
 * @param layout folders for a program that trains; empty for none
 * @param seed decides the split between groups of one size
 */
record Finish(Optional<SplitShares> split, Optional<Layout> layout, long seed) implements Finishing {

    @Override
    public Map<String, String> settings() {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("split", split.map(SplitShares::toString).orElse("none"));
        settings.put("layout", layout.map(Layout::id).orElse("none"));
        return settings;
    }

    @Override
    public Completed complete(final Path folder, final List<ManifestRow> rows, final CancelToken cancel) {
        final WholeSet whole = WholeSet.of(folder, rows, cancel);
        return new Completed(split.map(shares -> SplitPlan.assign(whole.rows(), shares, seed)).orElse(whole.rows()), whole.measured());
    }

    @Override
    public void after(final Path folder, final List<ManifestRow> rows, final CancelToken cancel) {
        Report.write(folder);
        // Where every output was rejected there is nothing to train on, and the report says why.
        if (rows.stream().noneMatch(row -> row.status() == RowStatus.MADE)) return;
        layout.ifPresent(wanted -> LayoutWriter.write(folder, rows, wanted, folder.resolve(wanted.id()), cancel));
    }
}
