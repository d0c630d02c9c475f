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
package net.diffusionj.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ProgramEndsException;

/**
 * Has work done one after the other, in the order it came, on the threads that bring it.
 * <p>
 * Thread-safe.
 * </p>
 */
final class Turns {

    private static final long CANCEL_POLL_MILLIS = 50;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Set<CancelToken> running = new HashSet<>();
    private boolean ended;

    /**
     * Waits for its turn and works.
     *
     * @param cancel ends the wait; the work looks at it too
     * @param waiting is told once if others come first
     * @param work what to do
     * @param <T> what it makes
     * @return what the work made; empty if it was cancelled
     * @throws DiffusionJException if this has ended
     */
    <T> Optional<T> run(final CancelToken cancel, final Runnable waiting, final Supplier<T> work) {
        try {
            begin(cancel);
            try {
                takeTurn(cancel, waiting);
                try {
                    return Optional.of(work.get());
                }
                finally {
                    turn.unlock();
                }
            }
            finally {
                end(cancel);
            }
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled() && !(e instanceof ProgramEndsException)) throw e;
            return Optional.empty();
        }
    }

    private synchronized void begin(final CancelToken cancel) {
        if (ended) throw new DiffusionJException("DiffusionJ was shut down; start ImageJ or the program again.");
        running.add(cancel);
    }

    private synchronized void end(final CancelToken cancel) {
        running.remove(cancel);
        notifyAll();
    }

    private void takeTurn(final CancelToken cancel, final Runnable waiting) {
        if (turn.tryLock()) return;
        waiting.run();
        try {
            while (!turn.tryLock(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS)) cancel.throwIfCancelled();
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel.cancel();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        }
    }

    /**
     * Cancels what runs, waits for it to stop, and refuses what comes later.
     *
     * @return whether the thread was interrupted meanwhile; the caller interrupts it again when it has closed the rest
     */
    boolean end() {
        final List<CancelToken> toCancel;
        synchronized (this) {
            ended = true;
            toCancel = new ArrayList<>(running);
        }
        toCancel.forEach(CancelToken::cancel);
        boolean interrupted = false;
        synchronized (this) {
            while (!running.isEmpty()) {
                try {
                    wait();
                }
                catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        return interrupted;
    }
}
