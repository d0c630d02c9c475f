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
package net.diffusionj.ort.rewrite;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.home.AtomicFolder;
import net.diffusionj.home.DiskCache;
import net.diffusionj.ort.onnx.ExternalData;

/**
 * An entry of {@link OptimisedModels} that is being built, under a lock of its own: two processes that open one model do not both build it. Closing it
 * without {@link #commit()} leaves nothing. For one thread at a time.
 */
public final class OptimisedBuilding implements AutoCloseable {

    private static final Logger LOG = System.getLogger(OptimisedBuilding.class.getName());
    private static final String LOCK = ".lock";

    private final DiskCache cache;
    private final String key;
    private final FileChannel channel;
    private final FileLock lock;
    private final AtomicFolder entry;

    private OptimisedBuilding(final DiskCache cache, final String key, final FileChannel channel, final FileLock lock) throws IOException {
        this.cache = cache;
        this.key = key;
        this.channel = channel;
        this.lock = lock;
        // Under the lock nothing else can be building: what lies here was left by a killed process.
        cache.deletePartsOf(key);
        this.entry = cache.begin(key);
    }

    /**
     * @param cache its folder exists
     * @param key of a model
     * @return what to fill; empty if somebody else is building it, in this JVM or in another
     * @throws IOException if the folder cannot be written
     */
    static Optional<OptimisedBuilding> begin(final DiskCache cache, final String key) throws IOException {
        final FileChannel channel = FileChannel.open(cache.folder().resolve(key + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            final Optional<FileLock> lock = tryLock(channel);
            if (lock.isPresent()) return Optional.of(new OptimisedBuilding(cache, key, channel, lock.get()));
            channel.close();
            return Optional.empty();
        }
        catch (final IOException | RuntimeException e) {
            // Gives the lock back too.
            channel.close();
            throw e;
        }
    }

    private static Optional<FileLock> tryLock(final FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        }
        catch (final OverlappingFileLockException heldInThisJvm) {
            return Optional.empty();
        }
    }

    /** @return where ONNX Runtime is to write the graph; its weights go beside it */
    public Path model() {
        return entry.part().resolve(OptimisedModels.MODEL);
    }

    /**
     * Makes what was built the entry.
     *
     * @throws IOException if a file was not written in full, or the entry cannot be moved
     */
    public void commit() throws IOException {
        checkWhole();
        OptimisedManifest.write(entry.part());
        cache.discard(key);
        entry.commit();
    }

    /** A write that failed for want of space may go unnoticed by the writer; mapping the short file would end the JVM. */
    private void checkWhole() throws IOException {
        for (final Map.Entry<Path, Long> file : ExternalData.extents(model()).entrySet()) {
            if (!Files.isRegularFile(file.getKey()) || Files.size(file.getKey()) < file.getValue()) {
                throw new IOException(file.getKey() + " was not written in full; is the disk full?");
            }
        }
    }

    /**
     * Remembers that this model has no optimised form that opens.
     *
     * @throws IOException if that cannot be written
     */
    public void giveUp() throws IOException {
        cache.giveUp(key);
    }

    @Override
    public void close() {
        entry.close();
        try {
            lock.release();
            channel.close();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "The lock of {0} was not given back: {1}", cache.path(key), e);
        }
    }
}
