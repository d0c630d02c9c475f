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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.PlannedBatch;
import net.diffusionj.augment.plan.PlannedOutput;
import net.diffusionj.augment.plan.SkippedSource;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.labels.LabelImage;

/** Makes every output of a plan that is not in the folder yet, batch by batch. A row is written when its files are in place. Used once. */
final class PlanRun {

    private final AugmentPlan plan;
    private final OutputFolder folder;
    private final Checks checks;
    private final DrawContext context;
    private final RowMaker rows;
    private final AugmentListener listener;
    private final CancelToken cancel;
    private final SourceFiles files = new SourceFiles();
    /** Batches that failed before any was drawn: the fault may lie in the settings, not in these sources. */
    private final List<Failed> failed = new ArrayList<>();
    private boolean drawnAny;

    private record Failed(PlannedBatch batch, UnusableSourceException why) {}

    PlanRun(final AugmentPlan plan, final OutputFolder folder, final Checks checks, final DrawContext context, final AugmentListener listener,
        final CancelToken cancel) {
        this.plan = plan;
        this.folder = folder;
        this.checks = checks;
        this.context = context;
        this.rows = new RowMaker(folder.folder(), checks.cameraText());
        this.listener = listener;
        this.cancel = cancel;
    }

    /** @return whether everything is done; false if it was cancelled before */
    boolean run() {
        final ProgressTeller teller = new ProgressTeller(listener, plan.outputs(), (int) plan.batches().stream().flatMap(batch -> batch.outputs().stream())
            .filter(output -> folder.rows().containsKey(output.name())).count());
        skipDamaged();
        try {
            for (final PlannedBatch batch : plan.batches()) {
                cancel.throwIfCancelled();
                final Set<String> known = Set.copyOf(folder.rows().keySet());
                final int missing = (int) batch.outputs().stream().filter(output -> !known.contains(output.name())).count();
                if (missing == 0) continue;
                teller.begin(batch.source().shown(), missing);
                make(batch, known, teller);
            }
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            return false;
        }
        if (!failed.isEmpty() && !drawnAny && folder.rows().isEmpty()) throw failed.get(0).why();
        failed.forEach(failure -> skip(failure.batch(), failure.why(), Set.copyOf(folder.rows().keySet()), teller));
        return true;
    }

    private void skipDamaged() {
        for (final SkippedSource source : plan.skipped()) {
            final ManifestRow row = rows.skipped(source, context.entry(anyJob(), 0, 0, 0, Map.of()));
            listener.warning(source.file().getFileName() + " is skipped. " + source.reason());
            if (!folder.rows().containsKey(row.output())) folder.add(row);
        }
    }

    private DrawJob anyJob() {
        return job(plan.batches().get(0));
    }

    private DrawJob job(final PlannedBatch batch) {
        return new DrawJob(batch.source(), plan.choices(), batch.prompt(), batch.strength(), batch.guidance(), plan.steps(), plan.scheduler(),
            batch.firstSeed(), batch.outputs().size());
    }

    private void make(final PlannedBatch batch, final Set<String> known, final ProgressTeller teller) {
        try {
            final RandomAccessibleInterval<?> source;
            final Optional<LabelImage> labels;
            final ImageMetadata metadata;
            try {
                source = files.pixels(batch.source());
                labels = files.labels(batch.source());
                metadata = files.metadata(batch.source());
            }
            catch (final InvalidInputException e) {
                throw new UnusableSourceException(e.getMessage(), e);
            }
            new BatchRun(batch, job(batch), source, labels, checks, plan.choices().seed()).run(context, known, (output, draw, said, image, judgement) -> {
                if (image.isEmpty()) folder.add(rows.rejected(batch.source(), output, draw, judgement));
                else {
                    final OutputWriter.Written written = OutputWriter.write(folder.folder(), output.name(), image.get(), labels, output.transform(), metadata,
                        OutputWriter.settings(draw, batch.source(), checks.cameraText(), output.transform(), said));
                    folder.add(rows.made(batch.source(), output, draw, written, judgement));
                }
                drawnAny = true;
                teller.count();
            }, teller, cancel);
            drawnAny = true;
        }
        catch (final UnusableSourceException e) {
            if (drawnAny) skip(batch, e, known, teller);
            else failed.add(new Failed(batch, e));
        }
    }

    private void skip(final PlannedBatch batch, final UnusableSourceException why, final Set<String> known, final ProgressTeller teller) {
        listener.warning(batch.source().shown() + " is skipped. " + why.getMessage());
        for (int i = 0; i < batch.outputs().size(); i++) {
            final PlannedOutput output = batch.outputs().get(i);
            if (known.contains(output.name())) continue;
            folder.add(rows.skipped(batch.source(), output, context.entry(job(batch), batch.firstSeed() + i, i, 0, Map.of()), why.getMessage()));
            teller.count();
        }
    }
}
