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
package net.diffusionj.ort;

import java.io.IOException;
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
 * What tells without reading them whether files are still the ones that were read before: path, size and time of the last change of each. Equal
 * stamps mean unchanged files; somebody who replaces a file by one of the same size and sets its clock back is not noticed.
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
     */
    public record Stamp(Path path, long bytes, long modifiedNanos) {}

    /**
     * Looks at every file of a folder and of the folders in it.
     *
     * @param folder an existing folder
     * @return their stamps
     * @throws InvalidInputException if the folder cannot be read
     */
    public static FileStamps of(final Path folder) {
        final Path root = folder.toAbsolutePath().normalize();
        try {
            final List<Stamp> stamps = new ArrayList<>();
            Files.walkFileTree(root, Set.of(), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes seen) throws IOException {
                    // The walk has looked at each file already; only a link, such as a download cache has, needs a second look.
                    if (!seen.isSymbolicLink()) add(file, seen, stamps);
                    else if (Files.exists(file)) add(file, Files.readAttributes(file, BasicFileAttributes.class), stamps);
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

    /** @param folder inside the one that was looked at, and no link
     *  @return what was seen of its files */
    public FileStamps under(final Path folder) {
        final Path root = folder.toAbsolutePath().normalize();
        return new FileStamps(files.stream().filter(stamp -> stamp.path().startsWith(root)).toList());
    }

    private static void add(final Path file, final BasicFileAttributes attributes, final List<Stamp> stamps) {
        if (attributes.isRegularFile()) stamps.add(new Stamp(file, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    }
}
