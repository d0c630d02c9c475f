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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;

/**
 * {@code manifest.csv} while a run goes on: rows are added one by one and forced to the disk, so that a row says that its files are there. A row whose
 * writing was cut off is taken back when the file is opened again.
 * <p>
 * Used by one thread; closed by its opener.
 * </p>
 */
final class Journal implements AutoCloseable {

    private final Path csv;
    private final FileChannel channel;

    private Journal(final Path csv, final FileChannel channel) {
        this.csv = csv;
        this.channel = channel;
    }

    /**
     * @param csv a manifest that a run has left; need not exist
     * @return its whole rows
     */
    static List<ManifestRow> rows(final Path csv) {
        if (!Files.exists(csv)) return List.of();
        try {
            final byte[] bytes = Files.readAllBytes(csv);
            final int whole = wholeBytes(bytes);
            if (whole == 0) return List.of();
            return Manifest.parse(csv, new String(bytes, 0, whole, StandardCharsets.UTF_8));
        }
        catch (final IOException e) {
            throw new InvalidInputException("The manifest " + csv + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    /** @return bytes up to the end of the last whole line; a line break within quotes ends none */
    private static int wholeBytes(final byte[] bytes) {
        boolean quoted = false;
        int whole = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '"') quoted = !quoted;
            else if (bytes[i] == '\n' && !quoted) whole = i + 1;
        }
        return whole;
    }

    /**
     * Opens the file for more rows.
     *
     * @param csv the manifest
     * @param rows what it holds from now on
     * @return a journal after these rows
     */
    static Journal open(final Path csv, final List<ManifestRow> rows) {
        Manifest.writeCsv(csv, rows);
        try {
            return new Journal(csv, FileChannel.open(csv, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        }
        catch (final IOException e) {
            throw failure(csv, e);
        }
    }

    /** @param row added and forced to the disk */
    void add(final ManifestRow row) {
        try {
            final ByteBuffer bytes = ByteBuffer.wrap(Manifest.line(row).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(false);
        }
        catch (final IOException e) {
            throw failure(csv, e);
        }
    }

    private static InvalidInputException failure(final Path csv, final IOException cause) {
        return new InvalidInputException("The manifest " + csv + " could not be written: " + cause.getMessage()
            + ". Free some space or allow writing, then run the same command again: it goes on from here.", cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        }
        catch (final IOException e) {
            throw failure(csv, e);
        }
    }
}
