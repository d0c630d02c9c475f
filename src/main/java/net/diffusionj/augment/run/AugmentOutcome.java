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
package net.diffusionj.augment.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;

/**
 * How a run ended.
 *
 * @param folder what it filled
 * @param planned outputs in all
 * @param made outputs that are there now
 * @param rejected outputs that the gate has refused for good
 * @param skipped rows of sources that cannot be used
 * @param redrawn outputs that took more than one draw
 * @param here outputs that this run has made, rejected or skipped; the others were there before
 * @param cancelled whether it was stopped before its end
 * @param remarks sentences on what fell short
 */
public record AugmentOutcome(Path folder, int planned, int made, int rejected, int skipped, int redrawn, int here, boolean cancelled,
    List<String> remarks) {

    /** Copies the list. */
    public AugmentOutcome {
        remarks = List.copyOf(remarks);
    }

    /**
     * @param folder what was filled
     * @param planned outputs in all
     * @param rows of the manifest
     * @param here rows that this run has added
     * @param cancelled whether it was stopped
     * @param remarks on what fell short
     * @return the outcome
     */
    static AugmentOutcome of(final Path folder, final int planned, final Collection<ManifestRow> rows, final int here, final boolean cancelled,
        final List<String> remarks) {
        return new AugmentOutcome(folder, planned, count(rows, RowStatus.MADE), count(rows, RowStatus.REJECTED), count(rows, RowStatus.SKIPPED),
            (int) rows.stream().filter(row -> row.draw().attempt() > 0).count(), here, cancelled, remarks);
    }

    private static int count(final Collection<ManifestRow> rows, final RowStatus status) {
        return (int) rows.stream().filter(row -> row.status() == status).count();
    }

    /** @return lines for a person */
    public List<String> inWords() {
        final List<String> lines = new ArrayList<>();
        lines.add(made + " of " + planned + " outputs are in " + folder + (here == 0 ? "; there was nothing to do." : "."));
        if (redrawn > 0) lines.add("Drawn again, since the gate or the filter refused them: " + redrawn + ", of which " + rejected + " were rejected.");
        if (skipped > 0) lines.add("Skipped: " + skipped + ". The manifest says why.");
        lines.addAll(remarks);
        if (cancelled) lines.add("Stopped before the end. The same command goes on from here.");
        return lines;
    }
}
