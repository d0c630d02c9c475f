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
package net.diffusionj.home;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

import net.diffusionj.InvalidInputException;

/**
 * A file that is there in full or not at all: written aside in the same folder, forced to the disk, then moved onto its name.
 * <p>
 * The name aside is {@code .NAME.<8 hex digits>.diffusionj.part}: hidden, and with an ending that no program opens as an image. A process that is
 * killed leaves one behind; {@link #checkWritable} removes those that no process holds. Not thread-safe; several instances for different targets are
 * independent.
 * </p>
 */
public final class AtomicFile implements AutoCloseable {

    /** How the names of unfinished files end. */
    public static final String PART_SUFFIX = ".diffusionj.part";

    private static final System.Logger LOG = System.getLogger(AtomicFile.class.getName());

    private final Path target;
    private final Path part;
    private final Thread atExit;
    private final FileChannel channel;
    private final OutputStream stream;
    /** Shows other processes that writing goes on; goes with the channel. */
    private final Optional<FileLock> held;
    private boolean finished;
    private volatile boolean committed;

    private AtomicFile(final Path target, final Path part) throws IOException {
        this.target = target;
        this.part = part;
        channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        held = lockOf(channel);
        stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        // An interrupt from the keyboard ends the process through its exit hooks: the part must not outlive it.
        atExit = new Thread(this::removePart, "DiffusionJ removes " + part.getFileName());
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        }
        catch (final IllegalStateException exiting) {
            removePart();
            throw exiting;
        }
    }

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Writer {
        /**
         * @param out where to write; the caller closes it
         * @throws IOException if that fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a whole file. Whatever goes wrong, the target is as it was and nothing else is left.
     *
     * @param target the file to make or to replace
     * @param writer gives the content; what it throws beside {@link IOException} comes through unchanged
     * @throws InvalidInputException if the file cannot be written, saying why
     */
    public static void write(final Path target, final Writer writer) {
        try (AtomicFile file = begin(target)) {
            file.fill(writer);
            file.commit();
        }
    }

    /**
     * Opens a file aside.
     *
     * @param target the file to make or to replace on {@link #commit}
     * @return an unfinished file; the caller closes it
     * @throws InvalidInputException if the file could not be written, saying why
     */
    public static AtomicFile begin(final Path target) {
        final Path real = checkTarget(target);
        try {
            return new AtomicFile(real, AtomicFolder.partOf(real));
        }
        catch (final IOException | ReadOnlyFileSystemException e) {
            throw failure(target, e);
        }
    }

    /**
     * Finds out whether a file can be written, before the work for it starts. Makes an empty file aside and removes it.
     *
     * @param target the file to make or to replace later
     * @throws InvalidInputException if it cannot be written, saying why
     */
    public static void checkWritable(final Path target) {
        removeAbandoned(checkTarget(target).getParent());
        begin(target).close();
    }

    /**
     * Writes the content aside and forces it to the disk. Once only.
     *
     * @param writer gives the content
     * @throws InvalidInputException if writing fails, saying why
     */
    public void fill(final Writer writer) {
        try {
            writer.writeTo(stream);
            stream.flush();
            channel.force(true);
            channel.close();
            finished = true;
        }
        catch (final IOException e) {
            throw failure(target, e);
        }
    }

    /**
     * Puts the filled file in its place.
     *
     * @throws InvalidInputException if moving fails, saying why
     */
    public void commit() {
        if (!finished) {
            throw new IllegalStateException("commit before fill: " + target);
        }
        try {
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            }
            catch (final AtomicMoveNotSupportedException e) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
            committed = true;
        }
        catch (final IOException e) {
            throw failure(target, e);
        }
    }

    /** Removes what lies aside, unless it was committed. */
    @Override
    public void close() {
        forgetExit();
        removePart();
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        catch (final IllegalStateException exiting) {
            // The hook is running or about to: it does what close does.
            LOG.log(System.Logger.Level.DEBUG, "closing {0} while the process ends", part);
        }
    }

    private void removePart() {
        if (committed) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(part);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The unfinished file " + part + " could not be removed (" + reason(e) + "). Please delete it.", e);
        }
    }

    /** A disk without locks is written to all the same. */
    private static Optional<FileLock> lockOf(final FileChannel channel) {
        try {
            return Optional.ofNullable(channel.tryLock());
        }
        catch (final IOException | OverlappingFileLockException e) {
            LOG.log(System.Logger.Level.DEBUG, "not locked", e);
            return Optional.empty();
        }
    }

    /** What is not locked was left by a killed process. */
    private static void removeAbandoned(final Path folder) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*" + PART_SUFFIX)) {
            for (final Path part : parts) {
                if (Files.isDirectory(part)) continue;
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    if (lockOf(channel).isPresent()) Files.deleteIfExists(part);
                }
            }
        }
        catch (final IOException | DirectoryIteratorException e) {
            LOG.log(System.Logger.Level.DEBUG, "unfinished files of others stay in {0}: {1}", folder, e);
        }
    }

    /** A link is followed, so that the file it names is replaced and not the link. */
    private static Path checkTarget(final Path target) {
        final Path absolute = target.toAbsolutePath().normalize();
        final Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new InvalidInputException("Expected a file to write, but " + target + " is a folder. Add a file name to it.");
        }
        if (!Files.exists(folder)) {
            throw new InvalidInputException("The folder " + folder + " of the output " + absolute.getFileName()
                + " does not exist. Create it first, or choose another.");
        }
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("The output " + target + " lies under " + folder + ", which is a file, not a folder.");
        }
        if (Files.exists(absolute) && !Files.isWritable(absolute)) {
            throw new InvalidInputException("The output " + target + " exists and may not be changed. Choose another name, or allow writing to it.");
        }
        try {
            return Files.isSymbolicLink(absolute) && Files.exists(absolute) ? absolute.toRealPath() : absolute;
        }
        catch (final IOException e) {
            throw failure(target, e);
        }
    }

    private static InvalidInputException failure(final Path target, final Exception cause) {
        final String reason = reason(cause);
        final String remedy = reason.toLowerCase(Locale.ROOT).contains("space") || reason.toLowerCase(Locale.ROOT).contains("quota")
            ? "Free some space, or choose another folder." : "Choose another folder or name.";
        return new InvalidInputException("The output " + target + " could not be written: " + reason + ". " + remedy, cause);
    }

    private static String reason(final Exception cause) {
        if (cause instanceof AccessDeniedException) {
            return "this user may not write to the folder";
        }
        if (cause instanceof ReadOnlyFileSystemException) {
            return "the folder is on a read-only file system";
        }
        if (cause instanceof final java.nio.file.FileSystemException e && e.getReason() != null) {
            return e.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
