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
package net.diffusionj.ort.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import net.diffusionj.ProgramEndsException;

/**
 * Calls into ONNX Runtime that are under way, so that the program does not end beneath them: the C++ library takes itself down when the process exits, and a
 * thread that is inside it then ends in SIGSEGV. At exit no call begins any more, runs are told to stop, and the exit waits for those that are under
 * way, loading of models included, which nothing can stop.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class NativeWork {

    private static final Logger LOG = System.getLogger(NativeWork.class.getName());

    /** Longer than any model that was seen takes to open. A process that hung for good could not be ended in good manners. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 20;

    private final Set<Call> underWay = new HashSet<>();
    private boolean ending;

    NativeWork() {}

    /** @return a book of calls that the exit of this JVM waits for */
    static NativeWork untilExit() {
        final NativeWork work = new NativeWork();
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                letFinish();
                work.end(PATIENCE);
            }, "DiffusionJ waits for ONNX Runtime"));
        }
        catch (final IllegalStateException exiting) {
            LOG.log(Level.DEBUG, "loaded while the program ends", exiting);
            // Where work is being finished, whoever finishes it waits for its calls.
            work.ending = System.getProperty(OnnxEnvironment.FINISHING_PROPERTY) == null;
        }
        return work;
    }

    /** All hooks of an exit run at once, so who finishes its work first asks the others to wait. */
    private static void letFinish() {
        try {
            while (System.getProperty(OnnxEnvironment.FINISHING_PROPERTY) != null) Thread.sleep(LOOK_MILLIS);
        }
        catch (final InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted while work is finished", e);
        }
    }

    /**
     * Begins a call.
     *
     * @return to be closed when it has come back, on any thread
     * @throws ProgramEndsException if the program is ending
     */
    public synchronized Call begin() {
        if (ending) throw new ProgramEndsException();
        final Call call = new Call(this);
        underWay.add(call);
        return call;
    }

    /** @return whether the program is ending, so that failures of calls mean nothing */
    public synchronized boolean isEnding() {
        return ending;
    }

    /** @param quick something native that need not happen where the program ends, such as freeing memory */
    public void unlessEnding(final Runnable quick) {
        final Call call;
        synchronized (this) {
            if (ending) return;
            call = begin();
        }
        try (call) {
            quick.run();
        }
    }

    /**
     * Lets no call begin, stops what can be stopped, and waits for the rest.
     *
     * @param patience how long at most
     * @return whether no call is under way any more
     */
    boolean end(final Duration patience) {
        final List<Call> toStop;
        synchronized (this) {
            ending = true;
            toStop = List.copyOf(underWay);
        }
        toStop.forEach(Call::stopIt);
        final long deadline = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            while (!underWay.isEmpty()) {
                final long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    LOG.log(Level.WARNING, "ONNX Runtime has not stopped in {0} s; the program ends anyway.", patience.toSeconds());
                    return false;
                }
                try {
                    wait(millis);
                }
                catch (final InterruptedException e) {
                    LOG.log(Level.DEBUG, "nobody interrupts the end of a program with success", e);
                }
            }
            return true;
        }
    }

    private synchronized void ended(final Call call) {
        underWay.remove(call);
        notifyAll();
    }

    /** One call. */
    public static final class Call implements AutoCloseable {

        private final NativeWork work;
        private Runnable stop = () -> {};

        private Call(final NativeWork work) {
            this.work = work;
        }

        /** @param action makes the call come back soon; done at once if the program is ending already */
        public void stopWith(final Runnable action) {
            synchronized (work) {
                stop = action;
                if (!work.ending) return;
            }
            action.run();
        }

        private void stopIt() {
            final Runnable action;
            synchronized (work) {
                action = stop;
            }
            action.run();
        }

        @Override
        public void close() {
            work.ended(this);
        }
    }
}
