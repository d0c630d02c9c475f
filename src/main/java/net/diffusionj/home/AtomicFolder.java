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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A folder that is there in full or not at all: filled aside in the same parent, then moved onto its name. Closing it without {@link #commit()} leaves nothing.
 * <p>
 * The name aside is built as that of {@link AtomicFile}. Not thread-safe; several instances, also for one target, are independent.
 * </p>
 */
public final class AtomicFolder implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(AtomicFolder.class.getName());

    private final Path target;
    private final Path part;

    private AtomicFolder(final Path target, final Path part) {
        this.target = target;
        this.part = part;
    }

    /**
     * Makes an empty folder aside.
     *
     * @param target the folder to make on {@link #commit()}; its parent exists
     * @return an unfinished folder; the caller closes it
     * @throws IOException if it cannot be made
     */
    public static AtomicFolder begin(final Path target) throws IOException {
        return new AtomicFolder(target, Files.createDirectory(partOf(target)));
    }

    /** @param target a file or a folder
     *  @return a hidden name beside it that ends with {@link AtomicFile#PART_SUFFIX} */
    static Path partOf(final Path target) {
        final String random = String.format("%08x", ThreadLocalRandom.current().nextInt());
        return target.resolveSibling("." + target.getFileName() + "." + random + AtomicFile.PART_SUFFIX);
    }

    /** @return the folder to fill; what is written there must be forced to the disk before {@link #commit()} */
    public Path part() {
        return part;
    }

    /**
     * Puts the filled folder in its place. Where another process was first, that one's folder stays.
     *
     * @throws IOException if it cannot be moved
     */
    public void commit() throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final FileSystemException e) {
            if (!Files.isDirectory(target)) throw e;
            LOG.log(System.Logger.Level.DEBUG, "another process made {0}", target);
        }
    }

    /** Removes what lies aside, unless it was committed. */
    @Override
    public void close() {
        FileTree.deleteIfPossible(part);
    }
}
