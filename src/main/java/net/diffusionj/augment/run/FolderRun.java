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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.PlannedBatch;
import net.diffusionj.augment.plan.PlannedOutput;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.augment.plan.Replacements;

/**
 * A plan and the folder that it fills: nothing to do, go on, or begin. Making one reads and refuses; only {@link #run} writes.
 */
public final class FolderRun {

    private final Path folder;
    private final AugmentPlan plan;
    private final Finishing finishing;
    private final Map<String, String> settings;
    private final Optional<RunRecord> held;

    private FolderRun(final Path folder, final AugmentPlan plan, final Finishing finishing, final Map<String, String> settings,
        final Optional<RunRecord> held) {
        this.folder = folder;
        this.plan = plan;
        this.finishing = finishing;
        this.settings = settings;
        this.held = held;
    }

    /**
     * @param folder need not exist
     * @param settings what makes another run another run
     * @param plan what to make
     * @throws net.diffusionj.InvalidInputException if the folder is another run's, or holds other files
     */
    public static void check(final Path folder, final Map<String, String> settings, final AugmentPlan plan) {
        OutputFolder.check(folder, record(settings, plan, ""));
    }

    /**
     * @param folder need not exist
     * @param settings what makes another run another run
     * @param plan what to make
     * @param finishing what to make of the complete folder
     * @return the run, not begun
     * @throws net.diffusionj.InvalidInputException if the folder is another run's, or holds other files
     */
    public static FolderRun of(final Path folder, final Map<String, String> settings, final AugmentPlan plan, final Finishing finishing) {
        return new FolderRun(folder, plan, finishing, settings, OutputFolder.check(folder, record(settings, plan, "")));
    }

    private static RunRecord record(final Map<String, String> settings, final AugmentPlan plan, final String camera) {
        final Map<String, String> sources = new TreeMap<>();
        plan.sources().forEach(source -> sources.put(source.name(), contents(source)));
        return new RunRecord(settings, sources, camera, Map.of(), Map.of());
    }

    private static String contents(final PlannedSource source) {
        return String.join(" ", List.of(source.sha256(), Integer.toString(source.page()), source.labelsSha256(), source.className(), source.group())).strip();
    }

    /**
     * Makes what is not there yet, and finishes the folder.
     *
     * @param checks makes noise, gate and measures; given the camera of the run that goes on
     * @param drawer draws
     * @param listener is told of progress and warnings
     * @param cancel stops the work
     * @return how it ended
     */
    public AugmentOutcome run(final Function<Optional<String>, Checks> checks, final Drawer drawer, final AugmentListener listener, final CancelToken cancel) {
        if (isFinished()) return outcome(OutputFolder.rowsThere(folder), 0, false);
        final Checks made = checks.apply(held.map(RunRecord::camera));
        final RunRecord record = record(settings, plan, Cameras.text(made.cameras().common()));
        final boolean labelled = plan.sources().stream().anyMatch(source -> source.labels().isPresent());
        try (OutputFolder open = OutputFolder.open(folder, record, labelled)) {
            final int before = open.rows().size();
            final DrawContext context = new DrawContext(drawer, plan.modelSha256(), drawer.threads());
            final boolean done = new PlanRun(plan, open, made, context, listener, cancel).run();
            final List<ManifestRow> rows = inOrder(open.rows());
            final boolean finished = done && finish(open, record, rows, balance(rows), finishing, cancel);
            if (!done) record.write(folder, rows);
            return outcome(rows, rows.size() - before, !finished);
        }
    }

    private boolean isFinished() {
        if (held.isEmpty() || !held.get().finish().equals(finishing.settings())) return false;
        final List<ManifestRow> rows = OutputFolder.rowsThere(folder);
        final Set<String> there = rows.stream().map(ManifestRow::output).collect(Collectors.toSet());
        final Set<String> made = OutputFolder.made(rows);
        final Replacements replacements = new Replacements(plan);
        List<PlannedBatch> wanted = plan.batches();
        while (!wanted.isEmpty()) {
            if (!outputs(wanted).allMatch(output -> there.contains(output.name()))) return false;
            wanted = replacements.next(made);
        }
        return true;
    }

    /** Walks the rounds that were drawn, as the run did. */
    private Replacements replaced(final Set<String> made) {
        final Replacements replacements = new Replacements(plan);
        while (!replacements.next(made).isEmpty()) {}
        return replacements;
    }

    private AugmentOutcome outcome(final List<ManifestRow> rows, final int here, final boolean cancelled) {
        final Set<String> made = OutputFolder.made(rows);
        return AugmentOutcome.of(folder, plan.outputs(), rows, here, cancelled, cancelled ? List.of() : replaced(made).shortfalls(made));
    }

    private Map<String, String> balance(final List<ManifestRow> rows) {
        final Set<String> made = OutputFolder.made(rows);
        final Map<String, String> balance = new LinkedHashMap<>();
        replaced(made).inWords(made).forEach((name, images) -> balance.put("images of " + (name.isEmpty() ? "all" : name), images));
        return balance;
    }

    private static Stream<PlannedOutput> outputs(final List<PlannedBatch> batches) {
        return batches.stream().flatMap(batch -> batch.outputs().stream());
    }

    private List<ManifestRow> inOrder(final Map<String, ManifestRow> rows) {
        final Map<String, ManifestRow> left = new TreeMap<>(rows);
        final List<ManifestRow> ordered = new ArrayList<>();
        outputs(plan.batches()).forEach(output -> Optional.ofNullable(left.remove(output.name())).ifPresent(ordered::add));
        ordered.addAll(left.values());
        return ordered;
    }

    /** The record says last that all is done: a folder whose finishing was cut off is finished again. @return false if it was cancelled */
    static boolean finish(final OutputFolder open, final RunRecord record, final List<ManifestRow> made, final Map<String, String> counted,
        final Finishing finishing, final CancelToken cancel) {
        final Path folder = open.folder();
        try {
            final Finishing.Completed completed = finishing.complete(folder, made, cancel);
            final Map<String, String> measured = new LinkedHashMap<>(counted);
            measured.putAll(completed.measured());
            open.replace(completed.rows());
            record.measured(measured).write(folder, completed.rows());
            finishing.after(folder, completed.rows(), cancel);
            record.measured(measured).finished(finishing.settings()).write(folder, completed.rows());
            return true;
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            record.write(folder, made);
            return false;
        }
    }
}
