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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.PlannedBatch;
import net.diffusionj.augment.plan.PlannedOutput;
import net.diffusionj.augment.plan.Replacements;
import net.diffusionj.augment.plan.SkippedSource;
import net.diffusionj.image.CameraModel;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.labels.LabelImage;

/**
 * Makes every output of a plan that is not in the folder yet, batch by batch, and then others in place of rejected ones where classes shall have a number. The
 * batches after the one that is judged and written are drawn meanwhile. A row is written when its files are in place. Used once.
 */
final class PlanRun {

    /** Pixels of sources that are drawn ahead: enough to keep a model busy, few enough for any memory. */
    private static final long MOST_PIXELS_AHEAD = 1L << 21;
    private static final int MOST_BATCHES_AHEAD = 8;

    private final AugmentPlan plan;
    private final OutputFolder folder;
    private final Checks checks;
    private final NearCopies copies;
    private final DrawContext context;
    private final RowMaker rows;
    private final ProgressTeller teller;
    private final CancelToken cancel;
    private final SourceFiles files = new SourceFiles();
    /** Batches that failed before any was drawn: the fault may lie in the settings, not in these sources. */
    private final List<Failed> failed = new ArrayList<>();
    private boolean drawnAny;

    private record Failed(PlannedBatch batch, UnusableSourceException why) {}

    /** What a batch needs, read; and its first drawing, begun. */
    private record Begun(PlannedBatch batch, DrawJob job, RandomAccessibleInterval<?> source, Optional<LabelImage> labels, ImageMetadata metadata,
        ProgressTeller.Draw progress, Supplier<Drawing> first) {}

    PlanRun(final AugmentPlan plan, final OutputFolder folder, final Checks checks, final DrawContext context, final AugmentListener listener,
        final CancelToken cancel) {
        this.plan = plan;
        this.folder = folder;
        this.checks = checks;
        this.copies = new NearCopies(checks.filter());
        this.context = context;
        this.rows = new RowMaker(folder.folder());
        this.teller = new ProgressTeller(listener, plan.outputs(), known(plan.batches()));
        this.cancel = cancel;
    }

    private int known(final List<PlannedBatch> batches) {
        return (int) batches.stream().flatMap(batch -> batch.outputs().stream()).filter(output -> folder.rows().containsKey(output.name())).count();
    }

    /** @return whether everything is done; false if it was cancelled before */
    boolean run() {
        skipDamaged();
        final int largest = plan.batches().stream().mapToInt(batch -> batch.outputs().size()).max().orElse(1);
        try (DrawAhead ahead = new DrawAhead(cancel, largest)) {
            make(plan.batches(), ahead);
            if (!failed.isEmpty() && !drawnAny && folder.rows().isEmpty()) throw failed.get(0).why();
            failed.forEach(failure -> skip(failure.batch(), failure.why(), Set.copyOf(folder.rows().keySet()),
                teller.begin(failure.batch().source().shown(), failure.batch().outputs().size())));
            replace(ahead);
            return true;
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            return false;
        }
    }

    private void replace(final DrawAhead ahead) {
        final Replacements replacements = new Replacements(plan);
        for (List<PlannedBatch> round = replacements.next(folder.made()); !round.isEmpty(); round = replacements.next(folder.made())) {
            teller.more(round.stream().mapToInt(batch -> batch.outputs().size()).sum(), known(round));
            make(round, ahead);
        }
        replacements.shortfalls(folder.made()).forEach(teller::warning);
    }

    private void skipDamaged() {
        for (final SkippedSource source : plan.skipped()) {
            final ManifestRow row = rows.skipped(source, context.entry(job(plan.batches().get(0), Optional.empty()), 0, 0, 0, Map.of()));
            teller.warning(source.file().getFileName() + " is skipped. " + source.reason());
            if (!folder.rows().containsKey(row.output())) folder.add(row);
        }
    }

    private DrawJob job(final PlannedBatch batch, final Optional<CameraModel> camera) {
        return new DrawJob(batch.source(), plan.choices(), batch.prompt(), batch.strength(), batch.guidance(), plan.guided(), plan.steps(), plan.scheduler(),
            batch.firstSeed(), batch.outputs().size(), camera);
    }

    private void make(final List<PlannedBatch> batches, final DrawAhead ahead) {
        final Deque<Begun> line = new ArrayDeque<>();
        int next = 0;
        for (final PlannedBatch batch : batches) {
            cancel.throwIfCancelled();
            while (next < batches.size() && (line.isEmpty() || fits(batches.get(next), line))) {
                final PlannedBatch coming = batches.get(next++);
                if (missing(coming) > 0) begin(coming, ahead).ifPresent(line::add);
            }
            if (!line.isEmpty() && line.peek().batch() == batch) finish(line.remove(), ahead);
            else if (missing(batch) == 0) copies.end(folder.folder(), made(batch.outputs()));
        }
    }

    private static boolean fits(final PlannedBatch next, final Deque<Begun> line) {
        final long pixels = line.stream().mapToLong(begun -> pixels(begun.batch())).sum() + pixels(next);
        return line.size() < 2 || line.size() < MOST_BATCHES_AHEAD && pixels <= MOST_PIXELS_AHEAD;
    }

    private static long pixels(final PlannedBatch batch) {
        return (long) batch.outputs().size() * batch.source().widthPx() * batch.source().heightPx();
    }

    private int missing(final PlannedBatch batch) {
        return (int) batch.outputs().stream().filter(output -> !folder.rows().containsKey(output.name())).count();
    }

    private List<ManifestRow> made(final List<PlannedOutput> outputs) {
        return outputs.stream().map(output -> folder.rows().get(output.name())).filter(Objects::nonNull).filter(row -> row.status() == RowStatus.MADE).toList();
    }

    /** @return the batch, being drawn; empty if its source cannot be read, which is settled here */
    private Optional<Begun> begin(final PlannedBatch batch, final DrawAhead ahead) {
        final ProgressTeller.Draw progress = teller.begin(batch.source().shown(), missing(batch));
        try {
            final RandomAccessibleInterval<?> source = files.pixels(batch.source());
            final Optional<LabelImage> labels = files.labels(batch.source());
            final DrawJob job = job(batch, checks.cameras().of(source));
            return Optional.of(new Begun(batch, job, source, labels, files.metadata(batch.source()), progress,
                ahead.begin(stop -> Drawing.of(job, source, labels, context, progress, stop))));
        }
        catch (final InvalidInputException e) {
            unusable(batch, new UnusableSourceException(e.getMessage(), e), progress);
            return Optional.empty();
        }
    }

    private void finish(final Begun begun, final DrawAhead ahead) {
        final PlannedBatch batch = begun.batch();
        final String camera = Cameras.text(begun.job().camera());
        final Function<DrawJob, Drawing> again = job -> {
            begun.progress().again();
            return ahead.now(stop -> Drawing.of(job, begun.source(), begun.labels(), context, begun.progress(), stop));
        };
        try {
            final List<PlannedOutput> unseen = new BatchRun(batch, begun.job(), begun.source(), begun.labels(), checks, copies, plan.choices().seed())
                .run(begun.first(), again, Set.copyOf(folder.rows().keySet()), (output, draw, said, image, judgement) -> {
                    if (image.isEmpty()) folder.add(rows.rejected(batch.source(), output, draw, camera, judgement));
                    else {
                        final OutputWriter.Written written = OutputWriter.write(folder.folder(), output.name(), image.get(), begun.labels(), output.transform(),
                            begun.metadata(), OutputWriter.settings(draw, batch.source(), camera, output.transform(), said));
                        folder.add(rows.made(batch.source(), output, draw, camera, written, judgement));
                    }
                    drawnAny = true;
                    begun.progress().count();
                });
            copies.end(folder.folder(), made(unseen));
            drawnAny = true;
            begun.progress().end();
        }
        catch (final UnusableSourceException e) {
            unusable(batch, e, begun.progress());
        }
    }

    private void unusable(final PlannedBatch batch, final UnusableSourceException why, final ProgressTeller.Draw progress) {
        if (drawnAny) skip(batch, why, Set.copyOf(folder.rows().keySet()), progress);
        else {
            failed.add(new Failed(batch, why));
            progress.end();
        }
    }

    private void skip(final PlannedBatch batch, final UnusableSourceException why, final Set<String> known, final ProgressTeller.Draw progress) {
        teller.warning(batch.source().shown() + " is skipped. " + why.getMessage());
        for (int i = 0; i < batch.outputs().size(); i++) {
            final PlannedOutput output = batch.outputs().get(i);
            if (known.contains(output.name())) continue;
            folder.add(
                rows.skipped(batch.source(), output, context.entry(job(batch, Optional.empty()), batch.firstSeed() + i, i, 0, Map.of()), why.getMessage()));
            progress.count();
        }
        progress.end();
    }
}
