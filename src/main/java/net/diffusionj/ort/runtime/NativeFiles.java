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
package net.diffusionj.ort.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.ProcessLock;
import net.diffusionj.home.Sha256;

/**
 * Native libraries out of jars, unpacked into one folder and kept whole. A damaged library does not fail to load, it ends the JVM when it is touched; so the
 * folder has a record of each file's size, time and SHA-256. Sizes and times are looked at each time, contents only where those have changed and after a
 * process that ended while it loaded. What is not right is unpacked anew.
 * <p>
 * Safe to use from several processes at once: files are written aside under a lock, forced to the disk and moved. A folder that may not be written serves as
 * long as its files are right. Immutable.
 * </p>
 */
public final class NativeFiles {

    private static final String RECORD = ".unpacked";
    private static final String ASIDE = "unpacking";
    private static final int RECORD_FIELDS = 4;

    private final Path folder;
    private final LoadingNotes notes;

    /** @param folder made at first use if it is not there */
    public NativeFiles(final Path folder) {
        this.folder = folder;
        this.notes = new LoadingNotes(folder);
    }

    /** What the record says of a file. */
    private record Known(long bytes, long modifiedNanos, String sha256) {}

    /**
     * Makes sure that files are there and as they were in their jars.
     *
     * @param what the library, for messages, such as "ONNX Runtime's libraries"
     * @param files where each comes from, by its name in the folder
     * @throws DiffusionJException if they cannot be unpacked, saying why
     */
    public void provide(final String what, final Map<String, URL> files) {
        try {
            Files.createDirectories(folder);
            if (areAsRecorded(files) && !notes.tellOfACrash()) return;
            provideLocked(files);
        }
        catch (final IOException e) {
            if (!areRight(files, e)) throw failed(what, e);
        }
    }

    /**
     * Leaves a note for as long as libraries are being loaded, by which the next process learns if this one ended meanwhile.
     *
     * @return to be closed when they are loaded, or have failed to
     */
    public LoadingNotes.Note loading() {
        return notes.begin();
    }

    private boolean areAsRecorded(final Map<String, URL> files) throws IOException {
        final Map<String, Known> record = readRecord();
        for (final String name : files.keySet()) {
            final Known known = record.get(name);
            final Optional<BasicFileAttributes> seen = attributes(folder.resolve(name));
            if (known == null || seen.isEmpty() || seen.get().size() != known.bytes() || modifiedNanos(seen.get()) != known.modifiedNanos()) return false;
        }
        return true;
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void provideLocked(final Map<String, URL> files) throws IOException {
        try (ProcessLock lock = ProcessLock.take(folder.resolve("unpack.lock"))) {
            deleteLeftovers();
            final Map<String, Known> record = new LinkedHashMap<>(readRecord());
            for (final Map.Entry<String, URL> file : files.entrySet()) {
                final Path target = folder.resolve(file.getKey());
                final Known known = record.get(file.getKey());
                final boolean right = known != null && attributes(target).filter(seen -> seen.size() == known.bytes()).isPresent()
                    && Sha256.of(target).equals(known.sha256());
                final String sha256 = right ? known.sha256() : unpack(file.getValue(), target);
                final BasicFileAttributes now = Files.readAttributes(target, BasicFileAttributes.class);
                record.put(file.getKey(), new Known(now.size(), modifiedNanos(now), sha256));
            }
            writeRecord(record);
            notes.forgetCrashes();
        }
    }

    /** In a folder that cannot be written, such as one of another user. */
    private boolean areRight(final Map<String, URL> files, final IOException trouble) {
        try {
            for (final Map.Entry<String, URL> file : files.entrySet()) {
                final Path there = folder.resolve(file.getKey());
                if (!Files.isRegularFile(there) || !Sha256.of(there).equals(Sha256.of(file.getValue().openStream()))) return false;
            }
            return true;
        }
        catch (final IOException e) {
            trouble.addSuppressed(e);
            return false;
        }
    }

    /** @return the SHA-256 of what was unpacked */
    private String unpack(final URL source, final Path target) throws IOException {
        final Path aside = folder.resolve(ASIDE + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            final String sha256;
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
                sha256 = Sha256.of(source.openStream(), out);
                channel.force(true);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return sha256;
        }
        finally {
            Files.deleteIfExists(aside);
        }
    }

    /** Under the lock nothing else is unpacking: what lies aside was left by a killed process, and may be half a gigabyte. */
    private void deleteLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ASIDE + "*.part")) {
            for (final Path leftover : leftovers) Files.deleteIfExists(leftover);
        }
    }

    private Map<String, Known> readRecord() throws IOException {
        final Map<String, Known> record = new LinkedHashMap<>();
        try {
            for (final String line : Files.readAllLines(folder.resolve(RECORD))) {
                final String[] fields = line.split(" ", RECORD_FIELDS);
                // A line that was damaged says nothing: its file is unpacked anew.
                if (fields.length < RECORD_FIELDS || !(fields[0] + fields[1]).matches("[0-9]{2,36}")) continue;
                record.put(fields[3], new Known(Long.parseLong(fields[0]), Long.parseLong(fields[1]), fields[2]));
            }
        }
        catch (final NoSuchFileException | java.nio.charset.MalformedInputException | NumberFormatException unusable) {
            record.clear();
        }
        return record;
    }

    private void writeRecord(final Map<String, Known> record) throws IOException {
        final StringBuilder text = new StringBuilder();
        record.forEach((name, known) -> text.append(known.bytes()).append(' ').append(known.modifiedNanos()).append(' ').append(known.sha256()).append(' ')
            .append(name).append('\n'));
        final Path aside = folder.resolve(ASIDE + RECORD + ".part");
        Files.writeString(aside, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(aside, folder.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<BasicFileAttributes> attributes(final Path file) throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class)).filter(BasicFileAttributes::isRegularFile);
        }
        catch (final NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private static long modifiedNanos(final BasicFileAttributes seen) {
        return seen.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }

    private DiffusionJException failed(final String what, final IOException cause) {
        final String reason = cause instanceof final FileSystemException system && system.getReason() != null ? system.getReason() : cause.getMessage();
        final boolean full = List.of("space", "quota", "too large").stream().anyMatch(String.valueOf(reason)::contains);
        return new DiffusionJException("Cannot unpack " + what + " into " + folder + ": "
            + (full ? "there is too little room (" + reason + "). Free some space there, or choose another folder with -Ddiffusionj.home=FOLDER."
                : cause.getMessage() + (cause instanceof FileSystemException ? "" : " (" + cause.getClass().getSimpleName() + ')')
                    + ". Choose a folder that this user may write to with -Ddiffusionj.home=FOLDER."),
            cause);
    }
}
