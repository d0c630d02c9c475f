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
package net.diffusionj.service.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What other threads want done on the thread of one caller, in their order. The place of the caller in the line is a message of its own: only the last is kept, so
 * that a mailbox does not grow while it is not read.
 * <p>
 * Thread-safe. Calls nothing while it holds its lock.
 * </p>
 */
final class Mailbox {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Deque<Runnable> letters = new ArrayDeque<>();
    private Optional<Runnable> place = Optional.empty();
    private boolean closed;

    /** @param letter to be run by the reader; dropped if the mailbox is closed */
    synchronized void post(final Runnable letter) {
        if (closed) return;
        place = Optional.empty();
        letters.addLast(letter);
        notifyAll();
    }

    /** @param letter takes the place of the one before if that was not read; dropped if the mailbox is closed */
    synchronized void postPlace(final Runnable letter) {
        if (closed) return;
        place = Optional.of(letter);
        notifyAll();
    }

    /** @param letter the last one; what was not read yet comes first */
    synchronized void closeAfter(final Runnable letter) {
        if (closed) return;
        post(letter);
        closed = true;
    }

    /** @param letter the last one; what was not read yet is dropped */
    synchronized void closeWith(final Runnable letter) {
        letters.clear();
        place = Optional.empty();
        closed = false;
        closeAfter(letter);
    }

    /**
     * Waits for a letter.
     *
     * @param nanos how long at most; greater than 0
     * @return the next letter; empty if there was none
     * @throws InterruptedException if the thread was interrupted
     */
    synchronized Optional<Runnable> take(final long nanos) throws InterruptedException {
        if (letters.isEmpty() && place.isEmpty()) wait(nanos / NANOS_PER_MILLI, (int) (nanos % NANOS_PER_MILLI));
        if (!letters.isEmpty()) return Optional.of(letters.removeFirst());
        final Optional<Runnable> now = place;
        place = Optional.empty();
        return now;
    }
}
