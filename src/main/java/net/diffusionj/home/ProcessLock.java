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
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps everybody else out, be it another process, another class loader of this JVM or another thread, while files in the DiffusionJ home are
 * written. The system releases the lock when its holder dies.
 * <p>
 * Closed by its taker, on any thread.
 * </p>
 */
public final class ProcessLock implements AutoCloseable {

    private static final long POLL_MILLIS = 20;

    private final FileChannel channel;
    private final FileLock lock;

    private ProcessLock(final FileChannel channel, final FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Waits until the lock is free and takes it.
     *
     * @param file made if it is not there, and left behind; its folder must exist
     * @return the lock
     * @throws IOException if the file cannot be made or locked, or the thread is interrupted
     */
    public static ProcessLock take(final Path file) throws IOException {
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new ProcessLock(channel, lock(channel));
        }
        catch (final IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Takes the lock if nobody holds it.
     *
     * @param file made if it is not there, and left behind; its folder must exist
     * @return the lock; empty if another process or thread holds it
     * @throws IOException if the file cannot be made or locked
     */
    public static Optional<ProcessLock> tryTake(final Path file) throws IOException {
        return attempt(file, false);
    }

    /**
     * Takes a share of the lock if nobody holds it alone: several processes may have shares, and none has it alone meanwhile.
     *
     * @param file as in {@link #tryTake}
     * @return the share; empty if another holds the lock alone, or this process has it or a share already
     * @throws IOException if the file cannot be made or locked
     */
    public static Optional<ProcessLock> tryShare(final Path file) throws IOException {
        return attempt(file, true);
    }

    private static Optional<ProcessLock> attempt(final Path file, final boolean shared) throws IOException {
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            if (lock != null) return Optional.of(new ProcessLock(channel, lock));
        }
        catch (final OverlappingFileLockException heldInThisJvm) {
            channel.close();
            return Optional.empty();
        }
        catch (final IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    /**
     * Waits for the lock no longer than a while.
     *
     * @param file as in {@link #take(Path)}
     * @param patience how long to wait
     * @return the lock; empty if another holds it all the time
     * @throws IOException if the file cannot be made or locked, or the thread is interrupted
     */
    public static Optional<ProcessLock> take(final Path file, final Duration patience) throws IOException {
        final long endNanos = System.nanoTime() + patience.toNanos();
        while (true) {
            final Optional<ProcessLock> taken = tryTake(file);
            if (taken.isPresent() || System.nanoTime() - endNanos > 0) return taken;
            pause();
        }
    }

    /** A JVM may hold a file's lock once; where another thread does, there is nothing to wait on but time. */
    private static FileLock lock(final FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            }
            catch (final OverlappingFileLockException heldInThisJvm) {
                pause();
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL_MILLIS);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while waiting for a lock").initCause(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
