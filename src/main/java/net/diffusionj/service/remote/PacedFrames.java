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
package net.diffusionj.service.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Frames on their way to a client, news of progress in bundles: an eye wants some a second and no more, while each piece that is sent costs both computers a change
 * of threads. Nothing is left out but places in the line that were overtaken by later ones, and the order stays.
 * <p>
 * Thread-safe, but {@link #soon}, {@link #place} and {@link #now} are called by one thread, in the order of the frames.
 * </p>
 */
final class PacedFrames {

    private static final Logger LOG = System.getLogger(PacedFrames.class.getName());
    /** News come at most so often. */
    private static final long NEWS_MILLIS = 250;
    /** Places in the line, which change with every request that comes or ends, at most so often. */
    private static final long PLACE_MILLIS = 2000;
    private static final long QUIET_MILLIS = 1000L * Protocol.HEARTBEAT_SECONDS;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final FrameListener.Sink sink;
    private final ScheduledExecutorService clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Optional<Supplier<Frame>> place = Optional.empty();
    private long sentNanos = System.nanoTime() - PLACE_MILLIS * NANOS_PER_MILLI;
    private long timerNanos = Long.MAX_VALUE;

    /**
     * @param sink takes bytes to the client
     * @param clock for bundles that become due while nothing else is sent; never blocked
     */
    PacedFrames(final FrameListener.Sink sink, final ScheduledExecutorService clock) {
        this.sink = sink;
        this.clock = clock;
    }

    /**
     * Sends a frame behind everything that was held back, and waits until it is on its way.
     *
     * @param frame any
     * @throws IOException if the client is gone
     */
    void now(final Frame frame) throws IOException {
        lock.lock();
        try {
            // Who is told of something else no longer stands in the line.
            place = Optional.empty();
            sink.send(bundle(), frame.head(), frame.payload());
            sent();
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * Sends the last frames behind everything that was held back.
     *
     * @param frames any
     * @throws IOException if the client is gone
     */
    void last(final Frame... frames) throws IOException {
        lock.lock();
        try {
            place = Optional.empty();
            final List<byte[]> pieces = new ArrayList<>(List.of(bundle()));
            for (final Frame frame : frames) pieces.addAll(List.of(frame.head(), frame.payload()));
            sink.sendLast(pieces.toArray(byte[][]::new));
            sent();
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * @param frame small; sent at once, or with the next bundle if there was one just before
     * @throws IOException if the client is gone
     */
    void soon(final Frame frame) throws IOException {
        lock.lock();
        try {
            place = Optional.empty();
            hold(frame);
            sendOrWait(NEWS_MILLIS);
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * @param frame makes a small one; takes the place of the one before if that was not sent yet
     * @throws IOException if the client is gone
     */
    void place(final Supplier<Frame> frame) throws IOException {
        lock.lock();
        try {
            place = Optional.of(frame);
            sendOrWait(held.size() > 0 ? NEWS_MILLIS : PLACE_MILLIS);
        }
        finally {
            lock.unlock();
        }
    }

    /** Says that the server is there, unless something else has just said so. */
    void heartbeat() {
        if (!lock.tryLock()) return;
        try {
            if (System.nanoTime() - sentNanos < QUIET_MILLIS * NANOS_PER_MILLI) return;
            if (sink.trySend(Frame.of(Frame.Kind.HEARTBEAT).head())) sentNanos = System.nanoTime();
        }
        finally {
            lock.unlock();
        }
    }

    private void hold(final Frame frame) {
        held.writeBytes(frame.head());
        held.writeBytes(frame.payload());
    }

    /** @return what is held back; stays so until {@link #sent} */
    private byte[] bundle() {
        place.ifPresent(frame -> hold(frame.get()));
        place = Optional.empty();
        return held.toByteArray();
    }

    private void sent() {
        held.reset();
        sentNanos = System.nanoTime();
    }

    private void sendOrWait(final long millis) throws IOException {
        final long now = System.nanoTime();
        final long left = sentNanos + millis * NANOS_PER_MILLI - now;
        if (left > 0 && wakeIn(now, left)) return;
        sink.send(bundle());
        sent();
    }

    /** @return whether something will wake this up then */
    private boolean wakeIn(final long now, final long nanos) {
        if (timerNanos != Long.MAX_VALUE && timerNanos - now <= nanos) return true;
        if (!later(nanos)) return false;
        timerNanos = now + nanos;
        return true;
    }

    /** On the clock's thread, which waits for nobody. */
    private void due() {
        final long now = System.nanoTime();
        if (!lock.tryLock()) {
            later(NEWS_MILLIS * NANOS_PER_MILLI);
            return;
        }
        try {
            timerNanos = Long.MAX_VALUE;
            if (held.size() == 0 && place.isEmpty()) return;
            final long left = sentNanos + (held.size() > 0 ? NEWS_MILLIS : PLACE_MILLIS) * NANOS_PER_MILLI - now;
            if (left > 0) wakeIn(now, left);
            else if (sink.trySend(bundle())) sent();
            else wakeIn(now, NEWS_MILLIS * NANOS_PER_MILLI);
        }
        finally {
            lock.unlock();
        }
    }

    /** @return whether it is woken up then */
    private boolean later(final long nanos) {
        try {
            clock.schedule(this::due, nanos, TimeUnit.NANOSECONDS);
            return true;
        }
        catch (final RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the server ends", e);
            return false;
        }
    }
}
