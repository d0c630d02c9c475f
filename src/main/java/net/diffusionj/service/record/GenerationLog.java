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
package net.diffusionj.service.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import net.diffusionj.home.ProcessLock;

/**
 * {@code logs/generations.jsonl} in the DiffusionJ home: one line a generation, the newest last. A file that is full becomes {@code generations.1.jsonl},
 * that one {@code generations.2.jsonl} and so on; the oldest goes.
 * <p>
 * Thread-safe, and safe from several processes: lines are written under a lock. A line that could not be written whole is taken back.
 * </p>
 */
public final class GenerationLog {

    /** Room of one file: about two thousand generations. */
    static final long MAX_FILE_BYTES = 2L << 20;
    /** Files in all. */
    static final int FILES = 5;
    /** No process holds the lock for longer than a line takes, unless it was halted. */
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final String NAME = "generations";

    private final Path folder;
    private final long maxFileBytes;

    /** @param home the DiffusionJ home, which need not exist */
    public GenerationLog(final Path home) {
        this(home, MAX_FILE_BYTES);
    }

    GenerationLog(final Path home, final long maxFileBytes) {
        this.folder = home.resolve("logs");
        this.maxFileBytes = maxFileBytes;
    }

    /** @return the file that is written now, which need not exist */
    public Path file() {
        return file(0);
    }

    /** @param age 0 for the file that is written now, then the one before it
     *  @return its name */
    Path file(final int age) {
        return folder.resolve(age == 0 ? NAME + ".jsonl" : NAME + '.' + age + ".jsonl");
    }

    /** @return the files that are there, the oldest first */
    List<Path> files() {
        return IntStream.range(0, FILES).mapToObj(age -> file(FILES - 1 - age)).filter(Files::isRegularFile).toList();
    }

    /**
     * Appends a line.
     *
     * @param record what to write
     * @throws IOException if it cannot be written; the file is as it was
     */
    @SuppressWarnings("try") // the lock is held, not used
    void append(final GenerationRecord record) throws IOException {
        final byte[] line = (RecordJson.encode(record) + '\n').getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        try (ProcessLock lock = ProcessLock.take(folder.resolve(NAME + ".lock"), PATIENCE)
            .orElseThrow(() -> new IOException("another program holds " + folder.resolve(NAME + ".lock")))) {
            if (Files.exists(file()) && Files.size(file()) + line.length > maxFileBytes) rotate();
            write(line);
        }
    }

    private void rotate() throws IOException {
        for (int age = FILES - 2; age >= 0; age--) {
            if (Files.exists(file(age))) Files.move(file(age), file(age + 1), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void write(final byte[] line) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final long end = channel.size();
            final ByteBuffer bytes = ByteBuffer.allocate(line.length + 1);
            // A process that was killed may have left half a line.
            if (end > 0 && !endsWithNewline(channel, end)) bytes.put((byte) '\n');
            bytes.put(line).flip();
            try {
                for (long position = end; bytes.hasRemaining();) position += channel.write(bytes, position);
            }
            catch (final IOException e) {
                takeBack(channel, end, e);
                throw e;
            }
        }
    }

    private static boolean endsWithNewline(final FileChannel channel, final long end) throws IOException {
        final ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, end - 1) < 1 || last.get(0) == '\n';
    }

    private static void takeBack(final FileChannel channel, final long end, final IOException why) {
        try {
            channel.truncate(end);
        }
        catch (final IOException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * What a log holds, as far as it was read.
     *
     * @param records the latest last
     * @param damaged lines that are no records
     * @param newer lines that a newer program has written
     */
    public record Contents(List<GenerationRecord> records, int damaged, int newer) {

        /** Copies the list. */
        public Contents {
            records = List.copyOf(records);
        }

        /** @return what was passed over, in a sentence; empty if nothing was */
        public Optional<String> remark() {
            final List<String> parts = new ArrayList<>();
            if (damaged > 0) parts.add(damaged + (damaged == 1 ? " line is" : " lines are") + " damaged and left out");
            if (newer > 0) {
                parts.add(newer + (newer == 1 ? " line is" : " lines are") + " of a newer DiffusionJ and left out: update this one to read "
                    + (newer == 1 ? "it" : "them"));
            }
            return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts) + '.');
        }
    }

    /**
     * Reads the latest lines.
     *
     * @param lines how many; more than the log keeps for all
     * @return the records among them
     * @throws IOException if a file cannot be read
     */
    public Contents read(final int lines) throws IOException {
        final List<String> latest = new ArrayList<>();
        final List<Path> files = files();
        for (int i = files.size() - 1; i >= 0 && latest.size() < lines; i--) latest.addAll(0, lines(files.get(i)));
        return contents(latest.subList(Math.max(0, latest.size() - lines), latest.size()));
    }

    private static List<String> lines(final Path file) throws IOException {
        // Whatever bytes damage has left become characters that make no JSON.
        return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList() : List.of();
    }

    static Contents contents(final List<String> lines) {
        final List<GenerationRecord> records = new ArrayList<>();
        int damaged = 0;
        int newer = 0;
        for (final String line : lines) {
            final RecordJson.Line found = RecordJson.decode(line);
            if (found instanceof final RecordJson.Whole whole) records.add(whole.value());
            else if (found instanceof RecordJson.Newer) newer++;
            else damaged++;
        }
        return new Contents(records, damaged, newer);
    }
}
