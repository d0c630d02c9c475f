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
package net.diffusionj.augment.layout;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.home.AtomicFolder;

/**
 * Writes the folder that a program for training reads, whole or not at all: every source and every output, with labels, in {@code train}, {@code
 * validation} and {@code test}, and a list of what each is. Files are copies: they survive when the folder is moved, packed or sent, and a program that
 * writes into it changes nothing here. Stateless.
 */
public final class LayoutWriter {

    /** The list in a training folder; a folder that has it was written here and may be replaced. */
    public static final String LIST = "split.csv";

    private LayoutWriter() {}

    /**
     * Writes a training folder, in place of one that was written before.
     *
     * @param manifestFolder folder of the manifest, by which its rows name files
     * @param rows of the manifest, with the sides that {@link SplitPlan} gave them; without sides all is for training
     * @param layout folders and names
     * @param target folder to make; its parent exists
     * @param cancel asked before every image
     * @throws InvalidInputException if there is nothing to write, labels are missing or more than 16 bits hold, or the target is something else
     * @throws java.util.concurrent.CancellationException if cancelled; the target is as it was
     */
    public static void write(final Path manifestFolder, final List<ManifestRow> rows, final Layout layout, final Path target, final CancelToken cancel) {
        final List<LayoutItem> items = LayoutItem.of(manifestFolder, rows);
        if (items.isEmpty())
            throw new InvalidInputException("The manifest in " + manifestFolder + " lists no file that was made, so there is nothing to train on.");
        final Optional<LayoutItem> bare = items.stream().filter(item -> item.labels().isEmpty()).findFirst();
        if (bare.isPresent() && layout != Layout.PAIRS) {
            throw new InvalidInputException("The layout " + layout.id() + " needs labels, and " + bare.get().image().getFileName()
                + " has none. Give --labels, or choose the layout pairs.");
        }
        checkTarget(target);
        try (AtomicFolder whole = AtomicFolder.begin(target)) {
            for (final LayoutItem item : items) {
                cancel.throwIfCancelled();
                final Path image = layout.image(whole.part(), item.side(), item.stem());
                Files.createDirectories(image.getParent());
                TrainingFiles.writeImage(item, image);
                if (item.labels().isPresent()) {
                    final Path labels = layout.labels(whole.part(), item.side(), item.stem());
                    Files.createDirectories(labels.getParent());
                    TrainingFiles.writeLabels(item, labels);
                }
            }
            final byte[] list = list(items, layout, whole.part()).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(whole.part().resolve(LIST), out -> out.write(list));
            cancel.throwIfCancelled();
            replace(whole, target);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The training folder " + target + " could not be written: " + e.getMessage() + ". Choose another place or free some"
                + " space.", e);
        }
    }

    private static void checkTarget(final Path target) {
        if (!Files.exists(target) || Files.isRegularFile(target.resolve(LIST))) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
            if (files.iterator().hasNext()) {
                throw new InvalidInputException("The folder " + target + " holds something else than a training folder (it has no " + LIST
                    + "). Move it away, or choose another.");
            }
        }
        catch (final IOException e) {
            throw new InvalidInputException("The training folder " + target + " cannot be made there: " + e.getMessage() + '.', e);
        }
    }

    /** A move does not replace a folder that has files: the old one steps aside, and comes back if the new one does not take its place. */
    private static void replace(final AtomicFolder whole, final Path target) throws IOException {
        if (!Files.exists(target)) {
            whole.commit();
            return;
        }
        try (AtomicFolder aside = AtomicFolder.begin(target)) {
            final Path old = aside.part().resolve("old");
            Files.move(target, old);
            try {
                whole.commit();
            }
            catch (final IOException e) {
                Files.move(old, target);
                throw e;
            }
        }
    }

    private static String list(final List<LayoutItem> items, final Layout layout, final Path folder) {
        final StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            writer.writeRecord("image", "labels", "side", "group", "kind", "from");
            for (final LayoutItem item : items) {
                final String labels = item.labels().isEmpty() ? "" : relative(folder, layout.labels(folder, item.side(), item.stem()));
                writer.writeRecord(relative(folder, layout.image(folder, item.side(), item.stem())), labels, item.side().id(), item.group(),
                    item.generated() ? "generated" : "source", item.image().getFileName() + (item.page() == 1 ? "" : " page " + item.page()));
            }
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String relative(final Path folder, final Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }
}
