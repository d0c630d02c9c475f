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
package net.diffusionj.augment.manifest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.GsonBuilder;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;

/** Reads and writes {@code manifest.csv} and {@code manifest.json}: UTF-8, lines end with LF, one row an output. Stateless. */
public final class Manifest {

    /** The table's name in an output folder. */
    public static final String CSV = "manifest.csv";
    /** The same rows, with what the run as a whole used. */
    public static final String JSON = "manifest.json";

    private Manifest() {}

    /**
     * @param file a {@code manifest.csv}, or the folder that holds it
     * @return its rows in their order
     * @throws InvalidInputException if the file is missing or is not a manifest, naming line and column
     */
    public static List<ManifestRow> read(final Path file) {
        final Path csv = Files.isDirectory(file) ? file.resolve(CSV) : file;
        if (!Files.isRegularFile(csv)) throw new InvalidInputException("There is no manifest " + csv + ". Name the manifest.csv of an augmented folder.");
        try {
            return parse(csv, Files.readString(csv, StandardCharsets.UTF_8));
        }
        catch (final IOException e) {
            throw new InvalidInputException("The manifest " + csv + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    /**
     * @param csv where the text stands, for messages
     * @param text of a {@code manifest.csv}
     * @return its rows in their order
     * @throws InvalidInputException if it is not a manifest, naming row and column
     */
    public static List<ManifestRow> parse(final Path csv, final String text) {
        final List<ManifestRow> rows = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (final NamedCsvRecord found : records) {
                rows.add(row(csv, found, rows.size() + 1));
            }
        }
        catch (final IOException | UncheckedIOException | CsvParseException | IllegalStateException e) {
            throw new InvalidInputException("The manifest " + csv + " cannot be read: " + e.getMessage() + '.', e);
        }
        return List.copyOf(rows);
    }

    private static ManifestRow row(final Path csv, final NamedCsvRecord found, final int number) {
        try {
            return RowColumns.row(found.getFieldsAsMap());
        }
        catch (final InvalidInputException | IllegalArgumentException e) {
            throw new InvalidInputException("Row " + number + " of the manifest " + csv + " cannot be read. " + e.getMessage(), e);
        }
    }

    /**
     * Writes the table whole, in place of the one that is there.
     *
     * @param file a {@code manifest.csv}
     * @param rows in their order
     * @throws InvalidInputException if it cannot be written, saying why
     */
    public static void writeCsv(final Path file, final List<ManifestRow> rows) {
        final StringBuilder text = new StringBuilder(header());
        rows.forEach(row -> text.append(line(row)));
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes the rows as JSON, in place of the file that is there.
     *
     * @param file a {@code manifest.json}
     * @param run what the run as a whole used
     * @param rows in their order
     * @throws InvalidInputException if it cannot be written, saying why
     */
    public static void writeJson(final Path file, final Map<String, Object> run, final List<ManifestRow> rows) {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("run", run);
        all.put("rows", rows.stream().map(Manifest::named).toList());
        final String text = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all) + '\n';
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, String> named(final ManifestRow row) {
        final Map<String, String> named = new LinkedHashMap<>();
        final List<String> texts = RowColumns.texts(row);
        for (int i = 0; i < texts.size(); i++) {
            named.put(RowColumns.names().get(i), texts.get(i));
        }
        return named;
    }

    /** @return the first line of the table, with its end */
    static String header() {
        return printed(RowColumns.names());
    }

    /** @param row any
     *  @return its line of the table, with its end */
    public static String line(final ManifestRow row) {
        return printed(RowColumns.texts(row));
    }

    private static String printed(final List<String> texts) {
        final StringWriter line = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(line)) {
            writer.writeRecord(texts);
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }
}
