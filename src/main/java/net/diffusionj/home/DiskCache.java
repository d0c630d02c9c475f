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

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A folder of things that can be made again, bounded in size: each is there in full or not at all, and the ones used longest ago go first. It does not know
 * what it holds and does not check it.
 * <p>
 * A thing is one file, or a folder of files, under a key. It is made aside and moved; a process that is killed leaves its part, which is removed once it is
 * old. What is deleted is moved aside first, so that no half of it is ever found. The time of last change of a thing is when it was last used.
 * </p>
 * <p>
 * Thread-safe, and safe from several processes at once. A thing may go while another process reads it, and never changes under it.
 * </p>
 */
public final class DiskCache {

    private static final Logger LOG = System.getLogger(DiskCache.class.getName());
    private static final String UNUSABLE = ".unusable";

    private final Path folder;
    private final String suffix;
    private final long maxBytes;
    private final Duration abandoned;

    private DiskCache(final Path folder, final String suffix, final long maxBytes, final Duration abandoned) {
        this.folder = folder;
        this.suffix = suffix;
        this.maxBytes = maxBytes;
        this.abandoned = abandoned;
    }

    /**
     * @param folder where they lie, nothing else beside them but files; need not exist
     * @param maxBytes for all together
     * @param abandoned a part aside that is older was left by a process that was killed
     * @return a cache of folders, each named by its key
     */
    public static DiskCache ofFolders(final Path folder, final long maxBytes, final Duration abandoned) {
        return new DiskCache(folder, "", maxBytes, abandoned);
    }

    /**
     * @param folder where they lie; need not exist
     * @param suffix how their names end after the key, such as {@code .result}; not empty
     * @param maxBytes for all together
     * @param abandoned a part aside that is older was left by a process that was killed
     * @return a cache of files
     */
    public static DiskCache ofFiles(final Path folder, final String suffix, final long maxBytes, final Duration abandoned) {
        if (suffix.isEmpty()) throw new IllegalArgumentException("files need a suffix");
        return new DiskCache(folder, suffix, maxBytes, abandoned);
    }

    /** @return where it lies; perhaps not there yet */
    public Path folder() {
        return folder;
    }

    /** @param key a file name, the same for the same content on every system
     *  @return where the thing lies, if it is there */
    public Path path(final String key) {
        return folder.resolve(key + suffix);
    }

    /** Says that a thing was used now. Where that cannot be written the thing merely goes earlier.
     *
     *  @param key of a thing */
    public void touch(final String key) {
        try {
            Files.setLastModifiedTime(path(key), FileTime.from(Instant.now()));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "the use of {0} is not recorded: {1}", path(key), e);
        }
    }

    /**
     * Makes or replaces a thing that is one file.
     *
     * @param key a file name
     * @param writer gives its content
     * @throws IOException if the folder cannot be made
     * @throws net.diffusionj.InvalidInputException if the file cannot be written
     */
    public void write(final String key, final AtomicFile.Writer writer) throws IOException {
        Files.createDirectories(folder);
        AtomicFile.write(path(key), writer);
    }

    /**
     * Starts a thing that is a folder.
     *
     * @param key a file name
     * @return an empty folder aside; the caller closes it
     * @throws IOException if it cannot be made
     */
    public AtomicFolder begin(final String key) throws IOException {
        Files.createDirectories(folder);
        return AtomicFolder.begin(path(key));
    }

    /** @param key whose thing is not to be found again; where the system keeps it, because it is in use, it stays for the next time */
    public void discard(final String key) {
        discard(path(key));
    }

    private void discard(final Path thing) {
        final Path aside = AtomicFolder.partOf(thing);
        try {
            Files.move(thing, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final NoSuchFileException gone) {
            return;
        }
        catch (final IOException e) {
            LOG.log(Level.INFO, "{0} cannot be deleted now; that is tried again when room is needed: {1}", thing, e.toString());
            return;
        }
        FileTree.deleteIfPossible(aside);
    }

    /**
     * Remembers, also for later starts, that nothing usable can be made for a key.
     *
     * @param key a file name
     * @throws IOException if that cannot be written
     */
    public void giveUp(final String key) throws IOException {
        Files.write(folder.resolve(key + UNUSABLE), List.of());
    }

    /** @param key a file name
     *  @return whether {@link #giveUp} was called for it */
    public boolean isGivenUp(final String key) {
        return Files.exists(folder.resolve(key + UNUSABLE));
    }

    /**
     * Removes at once what a killed process left of one key. Only for a caller that holds a lock by which nobody else makes this thing.
     *
     * @param key a file name
     * @throws IOException if the folder cannot be looked through
     */
    public void deletePartsOf(final String key) throws IOException {
        for (final Path path : list()) {
            final String name = path.getFileName().toString();
            if (name.startsWith('.' + key + '.') && isPart(path)) FileTree.deleteIfPossible(path);
        }
    }

    private record Kept(Path path, FileTime used, long bytes) {}

    /**
     * Removes what killed processes left, and then the things used longest ago, until what stays and what is to come fit.
     *
     * @param key whose thing, if it is there, stays whatever its size
     * @param bytesToCome what is to be added afterwards
     * @return the things that went
     * @throws IOException if the folder cannot be looked through
     */
    public List<Path> makeRoom(final String key, final long bytesToCome) throws IOException {
        final FileTime oldest = FileTime.from(Instant.now().minus(abandoned));
        final List<Kept> kept = new ArrayList<>();
        for (final Path path : list()) {
            final FileTime used;
            try {
                used = Files.getLastModifiedTime(path);
            }
            catch (final NoSuchFileException gone) {
                continue;
            }
            if (isPart(path)) {
                if (used.compareTo(oldest) < 0) FileTree.deleteIfPossible(path);
            }
            else if (isThing(path)) kept.add(new Kept(path, used, FileTree.bytes(path)));
        }
        kept.sort(Comparator.comparing(Kept::used));
        long bytes = bytesToCome + kept.stream().mapToLong(Kept::bytes).sum();
        final List<Path> went = new ArrayList<>();
        for (final Kept thing : kept) {
            if (bytes <= maxBytes) break;
            if (thing.path().equals(path(key))) continue;
            discard(thing.path());
            bytes -= thing.bytes();
            went.add(thing.path());
        }
        return went;
    }

    private static boolean isPart(final Path path) {
        return path.getFileName().toString().endsWith(AtomicFile.PART_SUFFIX);
    }

    private boolean isThing(final Path path) {
        return suffix.isEmpty() ? Files.isDirectory(path) : path.getFileName().toString().endsWith(suffix);
    }

    private List<Path> list() throws IOException {
        final List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(paths::add);
        }
        catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        return paths;
    }
}
