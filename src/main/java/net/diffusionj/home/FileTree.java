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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder with all that lies in it, at any depth. Links are not followed: they are deleted, what they name stays. Stateless. */
public final class FileTree {

    private static final System.Logger LOG = System.getLogger(FileTree.class.getName());

    private FileTree() {}

    /**
     * Deletes a file, or a folder with all that lies in it. What another process deletes meanwhile is no fault.
     *
     * @param root need not exist
     * @throws IOException at the first file that cannot be deleted; some others may be gone then
     */
    public static void delete(final Path root) throws IOException {
        for (final Path path : paths(root)) Files.deleteIfExists(path);
    }

    /** As {@link #delete}; what cannot be deleted, because a program has it open, stays and is logged.
     *
     *  @param root need not exist */
    public static void deleteIfPossible(final Path root) {
        try {
            delete(root);
        }
        catch (final IOException e) {
            LOG.log(System.Logger.Level.INFO, "{0} cannot be deleted in full now: {1}", root, e.toString());
        }
    }

    /**
     * @param root a file or a folder; need not exist
     * @return the sizes of its regular files together
     * @throws IOException if it cannot be looked through
     */
    public static long bytes(final Path root) throws IOException {
        long bytes = 0;
        for (final Path path : paths(root)) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) bytes += bytesIfThere(path);
        }
        return bytes;
    }

    private static long bytesIfThere(final Path file) throws IOException {
        try {
            return Files.size(file);
        }
        catch (final NoSuchFileException deletedMeanwhile) {
            return 0;
        }
    }

    /** @return what is inside before what it is inside of */
    private static List<Path> paths(final Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
        catch (final NoSuchFileException deletedMeanwhile) {
            return List.of();
        }
        catch (final UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) return paths(root);
            throw e.getCause();
        }
    }
}
