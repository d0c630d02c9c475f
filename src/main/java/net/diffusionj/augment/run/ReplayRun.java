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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.transform.Transform;
import net.diffusionj.home.Sha256;
import net.diffusionj.labels.LabelImage;

/**
 * Makes the files of a manifest again, bit for bit: every request as it was, so that an image is drawn among the same others. Nothing is judged again. Used
 * once.
 */
public final class ReplayRun {

    private final Path manifestFolder;
    private final List<ManifestRow> rows;
    private final Path folder;
    private final String model;
    private final RunRecord record;
    private final Optional<RunRecord> held;
    private final SourceFiles files = new SourceFiles();

    /** What one request drew: the rows that differ in nothing but their place in it. */
    private record Request(String source, int page, String camera, DrawEntry first) {}

    private ReplayRun(final Path manifestFolder, final List<ManifestRow> rows, final Path folder, final String model, final RunRecord record) {
        this.manifestFolder = manifestFolder;
        this.rows = rows;
        this.folder = folder;
        this.model = model;
        this.record = record;
        this.held = OutputFolder.check(folder, record);
    }

    /**
     * Reads the manifest, and refuses what cannot be replayed. Writes nothing.
     *
     * @param manifest a {@code manifest.csv}, or the folder that holds it
     * @param folder to fill; need not exist
     * @param model name or folder to use in place of the recorded one; empty for that
     * @param drawer knows models
     * @return the replay, not begun
     * @throws InvalidInputException if the manifest cannot be read, sources or model are gone or have changed, or the folder is another run's
     */
    public static ReplayRun of(final Path manifest, final Path folder, final String model, final Drawer drawer) {
        final Path csv = (Files.isDirectory(manifest) ? manifest.resolve(Manifest.CSV) : manifest).toAbsolutePath().normalize();
        final List<ManifestRow> rows = Manifest.read(csv);
        if (csv.getParent().equals(folder.toAbsolutePath().normalize())) {
            throw new InvalidInputException("The output folder " + folder + " is that of the manifest. Choose another, so that both can be compared.");
        }
        final Set<String> seen = new HashSet<>();
        for (final ManifestRow row : rows) {
            if (row.status() != RowStatus.MADE) continue;
            checkFile(row.source().imageFile(csv.getParent()), row.source().sha256(), seen);
            if (!row.source().labels().isEmpty()) checkFile(row.source().labelsFile(csv.getParent()), row.source().labelsSha256(), seen);
            final String name = model.isEmpty() ? row.draw().model() : model;
            if (seen.add("model " + name + ' ' + row.draw().modelSha256()) && !drawer.modelHash(name).equals(row.draw().modelSha256())) {
                throw new InvalidInputException("The model " + (name.isEmpty() ? "that comes with DiffusionJ" : name)
                    + " is not the one of the manifest: its files hold something else. Give the right one with --model.");
            }
        }
        final RunRecord record = new RunRecord(Map.of("replay", hash(csv)), Map.of(), "as recorded", Map.of(), Map.of());
        return new ReplayRun(csv.getParent(), rows, folder, model, record);
    }

    private static void checkFile(final Path file, final String sha256, final Set<String> seen) {
        if (!seen.add(file.toString())) return;
        if (!Files.isRegularFile(file)) throw new InvalidInputException("The source " + file + " of the manifest is gone. Put it back.");
        if (!hash(file).equals(sha256)) {
            throw new InvalidInputException("The source " + file + " is not the one of the manifest: it has changed. Put the old one back.");
        }
    }

    private static String hash(final Path file) {
        try {
            return Sha256.of(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The file " + file + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    /**
     * Makes what is not there yet.
     *
     * @param drawer draws
     * @param finishing what to make of the complete folder
     * @param listener is told of progress, and of files that came out otherwise
     * @param cancel stops the work
     * @return how it ended
     */
    public AugmentOutcome run(final Drawer drawer, final Finishing finishing, final AugmentListener listener, final CancelToken cancel) {
        if (held.isPresent() && held.get().finish().equals(finishing.settings()) && OutputFolder.rowsThere(folder).size() == rows.size()) {
            return AugmentOutcome.of(folder, rows.size(), OutputFolder.rowsThere(folder), 0, false, List.of());
        }
        final boolean labelled = rows.stream().anyMatch(row -> !row.outputLabels().isEmpty());
        try (OutputFolder open = OutputFolder.open(folder, record, labelled)) {
            final int before = open.rows().size();
            final boolean done = draw(open, drawer, listener, cancel);
            final List<ManifestRow> there = rows.stream().map(ManifestRow::output).filter(open.rows()::containsKey).map(open.rows()::get).toList();
            final boolean finished = done && FolderRun.finish(open, record, there, Map.of(), finishing, cancel);
            if (!done) record.write(folder, there);
            return AugmentOutcome.of(folder, rows.size(), there, there.size() - before, !finished, List.of());
        }
    }

    private boolean draw(final OutputFolder open, final Drawer drawer, final AugmentListener listener, final CancelToken cancel) {
        final RowMaker maker = new RowMaker(folder);
        rows.stream().filter(row -> row.status() != RowStatus.MADE && !open.rows().containsKey(row.output()))
            .forEach(row -> open.add(maker.moved(row, manifestFolder)));
        final ProgressTeller teller = new ProgressTeller(listener, rows.size(), open.rows().size());
        final Map<Request, List<ManifestRow>> requests = new LinkedHashMap<>();
        for (final ManifestRow row : rows) {
            if (row.status() != RowStatus.MADE || open.rows().containsKey(row.output())) continue;
            requests.computeIfAbsent(new Request(row.source().file(), row.source().page(), row.camera(), first(row.draw())), key -> new ArrayList<>()).add(row);
        }
        try {
            for (final Collection<ManifestRow> together : requests.values()) {
                cancel.throwIfCancelled();
                draw(List.copyOf(together), open, new DrawContext(drawer, "", drawer.threads()), maker, teller, listener, cancel);
            }
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            return false;
        }
        return true;
    }

    private static DrawEntry first(final DrawEntry draw) {
        return draw.at(draw.seed() - draw.batchIndex(), 0);
    }

    private void draw(final List<ManifestRow> together, final OutputFolder open, final DrawContext context, final RowMaker maker, final ProgressTeller teller,
        final AugmentListener listener, final CancelToken cancel) {
        final ManifestRow one = together.get(0);
        final DrawEntry draw = one.draw();
        final PlannedSource source = new PlannedSource(one.output(), one.source().imageFile(manifestFolder), one.source().page(), one.source().sha256(),
            one.source().labels().isEmpty() ? Optional.empty() : Optional.of(one.source().labelsFile(manifestFolder)), one.source().labelsSha256(),
            one.source().className(), one.source().group(), 0, 0, 0);
        final DrawChoices choices = new DrawChoices(Mode.parse(draw.mode()), List.of(draw.prompt()), draw.negative(), Sweep.of(draw.strength()),
            Optional.of(Sweep.of(draw.guidance())), OptionalInt.of(draw.steps()), draw.scheduler(), draw.scale(), model.isEmpty() ? draw.model() : model,
            draw.provider(), 0);
        final DrawJob job = new DrawJob(source, choices, draw.prompt(), draw.strength(), draw.guidance(), draw.guided(), draw.steps(), draw.scheduler(),
            draw.seed() - draw.batchIndex(), draw.batch(), Cameras.parse(one.camera()));
        final ProgressTeller.Draw progress = teller.begin(source.shown(), together.size());
        final Optional<LabelImage> labels = files.labels(source);
        final Drawing drawing = Drawing.of(job, files.pixels(source), labels, context, progress, cancel);
        for (final ManifestRow row : together) {
            final int index = row.draw().batchIndex();
            final DrawEntry entry = drawing.entry(index, row.draw().attempt()).withModel(row.draw().model(), row.draw().modelSha256());
            final Transform transform = Transform.parse(row.transforms());
            final OutputWriter.Written written =
                OutputWriter.write(folder, row.output(), drawing.images().get(index), labels, transform, files.metadata(source),
                    OutputWriter.settings(entry, source, row.camera(), transform, drawing.settings()));
            if (!written.imageSha256().equals(row.outputSha256()) || !written.labelsSha256().equals(row.outputLabelsSha256())) {
                listener.warning(row.output() + " is not bit for bit that of the manifest, which was drawn with ONNX Runtime " + row.draw().onnxruntime()
                    + " on " + row.draw().provider() + " with " + row.draw().threads() + " threads by DiffusionJ " + row.draw().diffusionj()
                    + "; here: " + entry.onnxruntime() + ", " + entry.provider() + ", " + entry.threads() + ", " + entry.diffusionj() + '.');
            }
            open.add(maker.again(row, manifestFolder, entry, written));
            progress.count();
        }
        progress.end();
    }
}
