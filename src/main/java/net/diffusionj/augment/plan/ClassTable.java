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
package net.diffusionj.augment.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;

import net.diffusionj.io.ImageList;
import net.diffusionj.InvalidInputException;

/**
 * Classes and groups of sources, read from a table with a header: the columns {@code file} and {@code class}, {@code group} or both, in any order, among any
 * others; commas, semicolons or tabs between. A file is named with or without its ending; one page of a stack by the name of its outputs, such as
 * {@code stack-003}. Immutable.
 */
final class ClassTable {

    private static final String FILE = "file";
    private static final String CLASS = "class";
    private static final String GROUP = "group";

    private final Path table;
    private final Map<String, Entry> entries;
    private final boolean hasClasses;

    private record Entry(String className, String group) {}

    private ClassTable(final Path table, final Map<String, Entry> entries, final boolean hasClasses) {
        this.table = table;
        this.entries = entries;
        this.hasClasses = hasClasses;
    }

    /**
     * @param table the file
     * @return what it says
     * @throws InvalidInputException if it cannot be read, has no such columns, or names a file twice
     */
    static ClassTable read(final Path table) {
        if (!Files.isRegularFile(table)) throw new InvalidInputException("The table of classes " + table + " does not exist. Check the path.");
        try {
            final String text = Files.readString(table, StandardCharsets.UTF_8).replaceFirst("^\ufeff", "");
            return parse(table, text);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The table of classes " + table + " cannot be read. Save it as CSV in UTF-8. (" + e.getMessage() + ")", e);
        }
        catch (final UncheckedIOException | CsvParseException | IllegalStateException | IllegalArgumentException e) {
            throw new InvalidInputException("The table of classes " + table + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    private static ClassTable parse(final Path table, final String text) throws IOException {
        final String first = text.lines().findFirst().orElse("");
        final char between = List.of(';', '\t').stream().filter(c -> first.indexOf(c) >= 0).findFirst().orElse(',');
        final Map<String, Entry> entries = new HashMap<>();
        boolean hasClasses = false;
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().fieldSeparator(between).ofNamedCsvRecord(text)) {
            for (final NamedCsvRecord found : records) {
                final Map<String, String> fields = found.getFieldsAsMap().entrySet().stream()
                    .collect(Collectors.toMap(field -> field.getKey().strip().toLowerCase(Locale.ROOT), field -> field.getValue().strip(), (a, b) -> a));
                if (!fields.containsKey(FILE) || !fields.containsKey(CLASS) && !fields.containsKey(GROUP)) {
                    throw new InvalidInputException("The table of classes " + table + " has the columns " + String.join(", ", found.getHeader())
                        + ". Expected \"file\", and \"class\", \"group\" or both.");
                }
                hasClasses |= fields.containsKey(CLASS);
                final Entry entry = new Entry(fields.getOrDefault(CLASS, ""), fields.getOrDefault(GROUP, ""));
                if (entries.put(fields.get(FILE), entry) != null) {
                    throw new InvalidInputException("The table of classes " + table + " names " + fields.get(FILE) + " twice. Remove one of the rows.");
                }
            }
        }
        if (entries.isEmpty()) throw new InvalidInputException("The table of classes " + table + " has no rows. Expected a header and one row an image.");
        return new ClassTable(table, entries, hasClasses);
    }

    /**
     * @param sources any
     * @return the same, with class and group as the table has them; an image that the table has no group for is a group of its own
     * @throws InvalidInputException if the table names classes and not that of every image
     */
    List<PlannedSource> classify(final List<PlannedSource> sources) {
        return sources.stream().map(this::classify).toList();
    }

    private PlannedSource classify(final PlannedSource source) {
        final Entry entry = List.of(source.name(), source.file().getFileName().toString(), ImageList.stem(source.file())).stream()
            .flatMap(name -> Optional.ofNullable(entries.get(name)).stream()).findFirst().orElse(new Entry("", ""));
        if (hasClasses && entry.className().isEmpty()) {
            throw new InvalidInputException("The table of classes " + table + " has no class for the image " + source.shown() + ". Add a row for it.");
        }
        return source.with(entry.className(), entry.group().isEmpty() ? source.group() : entry.group());
    }
}
