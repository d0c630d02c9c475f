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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.home.FileTree;
import net.diffusionj.home.ProcessLock;

/**
 * The folder that a run fills, held against other processes. Knows which outputs are there. Used by one thread; closed by its opener.
 */
final class OutputFolder implements AutoCloseable {

    /** Label images lie here, under the names of their images. */
    static final String LABELS = "labels";

    private static final String LOCK = ".diffusionj-augment.lock";

    private final Path folder;
    private final ProcessLock lock;
    private Journal journal;
    private final Map<String, ManifestRow> rows = new LinkedHashMap<>();

    private OutputFolder(final Path folder, final ProcessLock lock, final Journal journal, final List<ManifestRow> rows) {
        this.folder = folder;
        this.lock = lock;
        this.journal = journal;
        rows.forEach(row -> this.rows.put(row.output(), row));
    }

    /**
     * Refuses a folder that cannot be the run's, before anything is written.
     *
     * @param folder need not exist
     * @param record of the run
     * @return what the folder holds of this run; empty for a new one
     */
    static Optional<RunRecord> check(final Path folder, final RunRecord record) {
        if (!Files.exists(folder)) return Optional.empty();
        if (!Files.isDirectory(folder)) throw new InvalidInputException("The output " + folder + " is a file. Name a folder.");
        final Optional<RunRecord> held = RunRecord.read(folder);
        if (held.isPresent()) record.checkSame(folder, held.get());
        else if (holdsFiles(folder)) {
            throw new InvalidInputException("The output folder " + folder + " holds other files. Choose an empty folder, or one that does not exist.");
        }
        return held;
    }

    private static boolean holdsFiles(final Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> !file.getFileName().toString().startsWith("."));
        }
        catch (final IOException e) {
            throw new InvalidInputException("The output folder " + folder + " cannot be read. Allow reading it, or choose another.", e);
        }
    }

    /**
     * Makes the folder, or goes on with it.
     *
     * @param folder the folder
     * @param record of the run
     * @param labelled whether outputs have labels
     * @return the folder, locked
     * @throws InvalidInputException if it cannot be written to, or another process is at work there
     */
    static OutputFolder open(final Path folder, final RunRecord record, final boolean labelled) {
        try {
            Files.createDirectories(labelled ? folder.resolve(LABELS) : folder);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The output folder " + folder + " cannot be made: " + e.getMessage() + ". Choose another.", e);
        }
        final ProcessLock lock = lock(folder);
        try {
            removeAbandonedFolders(folder);
            AtomicFile.checkWritable(folder.resolve(Manifest.CSV));
            if (labelled) AtomicFile.checkWritable(folder.resolve(LABELS).resolve(Manifest.CSV));
            if (RunRecord.read(folder).isEmpty()) record.write(folder, List.of());
            final List<ManifestRow> rows = Journal.rows(folder.resolve(Manifest.CSV)).stream().filter(row -> isThere(folder, row)).toList();
            return new OutputFolder(folder, lock, Journal.open(folder.resolve(Manifest.CSV), rows), rows);
        }
        catch (final RuntimeException e) {
            release(lock, folder);
            throw e;
        }
    }

    /** A training folder whose writing was cut off. Whoever holds the lock knows that nobody writes it. */
    private static void removeAbandonedFolders(final Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(AtomicFile.PART_SUFFIX) && Files.isDirectory(file)).forEach(FileTree::deleteIfPossible);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The output folder " + folder + " cannot be read. Allow reading it, or choose another.", e);
        }
    }

    private static ProcessLock lock(final Path folder) {
        try {
            return ProcessLock.tryTake(folder.resolve(LOCK)).orElseThrow(() -> new InvalidInputException(
                "Another augmentation is at work in the output folder " + folder + ". Wait for it, or choose another folder."));
        }
        catch (final IOException e) {
            throw new InvalidInputException("The output folder " + folder + " cannot be written to: " + e.getMessage() + ". Choose another.", e);
        }
    }

    /**
     * @param folder an output folder
     * @return rows of the manifest there whose files are there too; reads only
     */
    static List<ManifestRow> rowsThere(final Path folder) {
        return Journal.rows(folder.resolve(Manifest.CSV)).stream().filter(row -> isThere(folder, row)).toList();
    }

    private static boolean isThere(final Path folder, final ManifestRow row) {
        return row.status() != RowStatus.MADE
            || Files.isRegularFile(folder.resolve(row.output())) && (row.outputLabels().isEmpty() || Files.isRegularFile(folder.resolve(row.outputLabels())));
    }

    /** @return where this is */
    Path folder() {
        return folder;
    }

    /** @return what became of outputs so far, by their names; grows with {@link #add} */
    Map<String, ManifestRow> rows() {
        return rows;
    }

    /** @return names of the outputs whose files are there */
    Set<String> made() {
        return made(rows.values());
    }

    /** @param rows of a manifest
     *  @return names of the outputs that were made */
    static Set<String> made(final Collection<ManifestRow> rows) {
        return rows.stream().filter(row -> row.status() == RowStatus.MADE).map(ManifestRow::output).collect(Collectors.toSet());
    }

    /** @param row of an output whose files are in place */
    void add(final ManifestRow row) {
        journal.add(row);
        rows.put(row.output(), row);
    }

    /** @param complete all rows, in their order, in place of those that are there */
    void replace(final List<ManifestRow> complete) {
        journal.close();
        journal = Journal.open(folder.resolve(Manifest.CSV), complete);
        rows.clear();
        complete.forEach(row -> rows.put(row.output(), row));
    }

    @Override
    public void close() {
        journal.close();
        release(lock, folder);
    }

    private static void release(final ProcessLock lock, final Path folder) {
        try {
            // First, so that nobody who waits for the lock takes that of a file which is gone.
            Files.deleteIfExists(folder.resolve(LOCK));
            lock.close();
        }
        catch (final IOException e) {
            throw new InvalidInputException("The lock of the output folder " + folder + " could not be released: " + e.getMessage() + '.', e);
        }
    }
}
