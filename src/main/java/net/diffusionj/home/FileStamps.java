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
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import net.diffusionj.InvalidInputException;

/**
 * What tells without reading them whether files are still the ones that were read before: path, size and time of the last change of each. Links
 * are followed, as download caches and shared disks make them of files and of whole folders. Equal stamps mean unchanged files; somebody who writes
 * as many bytes into a file and sets its clock back is not noticed.
 *
 * @param files one entry a file, in the order of their paths
 */
public record FileStamps(List<Stamp> files) {

    /** Deep enough for {@code model/part/subfolder/file}. */
    private static final int DEPTH = 4;

    /** Copies the list. */
    public FileStamps {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param path absolute
     * @param bytes its size
     * @param modifiedNanos time of its last change in nanoseconds since 1970, as exact as the file system keeps it
     * @param identity what the file system knows the file by, which tells when a link leads elsewhere; one text for all where it has none
     */
    public record Stamp(Path path, long bytes, long modifiedNanos, String identity) {

        private static Stamp of(final Path file, final BasicFileAttributes seen) {
            return new Stamp(file, seen.size(), seen.lastModifiedTime().to(TimeUnit.NANOSECONDS), String.valueOf(seen.fileKey()));
        }
    }

    /**
     * Looks at every file of a folder and of the folders in it, wherever links lead.
     *
     * @param folder an existing folder
     * @return their stamps
     * @throws InvalidInputException if the folder cannot be read
     */
    public static FileStamps of(final Path folder) {
        final Path root = folder.toAbsolutePath().normalize();
        try {
            final List<Stamp> stamps = new ArrayList<>();
            Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes seen) {
                    if (seen.isRegularFile()) stamps.add(Stamp.of(file, seen));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(final Path file, final IOException reason) throws IOException {
                    if (file.equals(root) || !Files.isSymbolicLink(file)) throw reason;
                    // A link to nothing, or back to a folder that it lies in, holds nothing to read.
                    return FileVisitResult.CONTINUE;
                }
            });
            stamps.sort(Comparator.comparing(Stamp::path));
            return new FileStamps(stamps);
        }
        catch (final IOException e) {
            throw new InvalidInputException(root + " cannot be read (" + e.getMessage() + "). Check that it is there and may be read.", e);
        }
    }

    /** @param folder inside the one that was looked at
     *  @return what was seen of its files */
    public FileStamps under(final Path folder) {
        final Path root = folder.toAbsolutePath().normalize();
        return new FileStamps(files.stream().filter(stamp -> stamp.path().startsWith(root)).toList());
    }
}
