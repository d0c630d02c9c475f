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

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An instance as its queue sees it: free, at work, or resting after a failure, when others are asked first.
 * <p>
 * Guarded by its queue.
 * </p>
 */
final class Slot<J extends Job, R> {

    private static final long REST_NANOS = 30_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Instance<J, R> instance;
    private Optional<Run<J, R>> run = Optional.empty();
    private Optional<Thread> caller = Optional.empty();
    private OptionalLong failedNanos = OptionalLong.empty();
    private long done;
    private long failures;

    Slot(final Instance<J, R> instance) {
        this.instance = instance;
    }

    Instance<J, R> instance() {
        return instance;
    }

    String name() {
        return instance.name();
    }

    Optional<Run<J, R>> run() {
        return run;
    }

    boolean isFree() {
        return run.isEmpty();
    }

    void begin(final Run<J, R> now) {
        run = Optional.of(now);
    }

    /** @param thread does a job of its own on this instance */
    void onThread(final Thread thread) {
        caller = Optional.of(thread);
    }

    boolean isDoneBy(final Thread thread) {
        return caller.isPresent() && caller.get() == thread;
    }

    /** @param jobs how many were done */
    void end(final int jobs) {
        run = Optional.empty();
        caller = Optional.empty();
        done += jobs;
    }

    void failed(final long now) {
        failures++;
        failedNanos = OptionalLong.of(now);
    }

    void succeeded() {
        failedNanos = OptionalLong.empty();
    }

    /** A clock that went back does not prolong the rest. */
    boolean isResting(final long now) {
        if (failedNanos.isEmpty()) return false;
        final long since = now - failedNanos.getAsLong();
        return since >= 0 && since < REST_NANOS;
    }

    QueueSnapshot.InstanceState snapshot(final long now) {
        final OptionalLong remaining = run.isEmpty() ? OptionalLong.of(0)
            : run.get().expectedNanos().isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.round(run.get().remainingNanos(now) / NANOS_PER_MILLI));
        return new QueueSnapshot.InstanceState(name(), run.map(work -> work.tickets().size()).orElse(0), remaining, done, failures, isResting(now));
    }
}
