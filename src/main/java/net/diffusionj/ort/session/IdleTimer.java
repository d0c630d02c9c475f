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
package net.diffusionj.ort.session;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Checks at intervals whether something can be released, on a daemon thread that starts at the first need. Thread-safe. */
final class IdleTimer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(IdleTimer.class.getName());
    private static final long LONGEST_MILLIS = 60_000;
    private static final long SHORTEST_MILLIS = 1_000;

    private final long periodMillis;
    private final Runnable release;
    private ScheduledExecutorService thread;
    private boolean closed;

    /**
     * @param idle how long something is kept
     * @param release releases what was kept long enough
     */
    IdleTimer(final Duration idle, final Runnable release) {
        this.periodMillis = Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, idle.toMillis() / 4));
        this.release = release;
    }

    synchronized void start() {
        if (closed || thread != null) return;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread daemon = new Thread(task, "DiffusionJ releases memory");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(this::tick, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            release.run();
        }
        catch (final RuntimeException | OutOfMemoryError e) {
            // An exception that came through would end the timer.
            LOG.log(Level.WARNING, "Unused sessions could not be closed.", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) thread.shutdown();
    }
}
