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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.quality.FineStructure;
import net.diffusionj.augment.quality.Quality;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.quality.QualityMeasures;
import net.diffusionj.io.ImageFiles;

/**
 * Refuses outputs that are too much like an output before them, where the filter asks for it. An output is compared with those of earlier batches and with
 * those of its own batch that were kept before, so that it makes no difference whether a run was stopped in between; with the last two thousand or so, since
 * each takes up to 64 KiB. Used by one thread.
 */
final class NearCopies {

    private static final int MOST_COMPARED = 2000;

    private final QualityFilter filter;
    private final boolean asked;
    private final Deque<List<FineStructure>> batches = new ArrayDeque<>();
    private List<FineStructure> batch = new ArrayList<>();
    private int before;

    /** @param filter of the run */
    NearCopies(final QualityFilter filter) {
        this.filter = filter;
        this.asked = filter.asks(QualityFilter.Measure.OUTPUTS);
    }

    /** Ends a batch.
     *
     *  @param folder holds the files
     *  @param rows of this batch that were made in an earlier run and not looked at in this one */
    void end(final Path folder, final List<ManifestRow> rows) {
        if (!asked) return;
        rows.forEach(row -> batch.add(QualityMeasures.fineStructure(ImageFiles.read(folder.resolve(row.output())).image())));
        batches.add(batch);
        before += batch.size();
        batch = new ArrayList<>();
        // Whole batches, whose outputs have no order that a stopped run would keep.
        while (before > MOST_COMPARED) before -= batches.remove().size();
    }

    /** @return whether it compares at all */
    boolean isAsked() {
        return asked;
    }

    /**
     * @param judgement what is thought of an output otherwise
     * @param output as it will be written
     * @return what is thought of it now; if it is kept, later ones are compared with it
     */
    Judgement judge(final Judgement judgement, final RandomAccessibleInterval<?> output) {
        if (!judgement.keeps()) return judgement;
        final FineStructure own = QualityMeasures.fineStructure(output);
        final double nearest = Stream.concat(batches.stream().flatMap(List::stream), batch.stream()).mapToDouble(own::distance)
            .filter(distance -> !Double.isNaN(distance)).min().orElse(Double.NaN);
        final Judgement beside = judgement.besideOthers(nearest, filter.refusal(Quality.onlyNearestOutput(nearest)).orElse(""));
        if (beside.keeps()) batch.add(own);
        return beside;
    }
}
