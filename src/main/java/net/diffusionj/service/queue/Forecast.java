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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Who will be served where and when, if nothing else comes: each in turn goes to the instance on which it would be ready first. Company is left out, so what it
 * says is rather too long.
 * <p>
 * Not thread-safe: guarded by its queue, made anew for every decision.
 * </p>
 */
final class Forecast<J extends Job, R> {

    private static final double NANOS_PER_MILLI = 1e6;
    /** For what was not measured: nothing speaks for one instance rather than another but that it is free. */
    private static final double UNKNOWN = 1;

    private final RunTimes times;
    private final List<Lane<J, R>> lanes = new ArrayList<>();

    /** One instance. */
    private static final class Lane<J extends Job, R> {
        private final Slot<J, R> slot;
        private double freeNanos;
        private boolean known;
        private boolean untouched;

        Lane(final Slot<J, R> slot, final long now) {
            this.slot = slot;
            this.freeNanos = slot.run().map(run -> run.remainingNanos(now)).orElse(0.0);
            this.known = slot.run().map(run -> run.expectedNanos().isPresent()).orElse(true);
            this.untouched = slot.isFree();
        }
    }

    /**
     * Where one goes.
     *
     * @param slot which instance
     * @param now whether that is free for it
     * @param waitMillis how long until it begins; empty if something before it was never measured
     */
    record Place<J extends Job, R>(Slot<J, R> slot, boolean now, OptionalLong waitMillis) {}

    Forecast(final List<Slot<J, R>> slots, final RunTimes times, final long now) {
        this.times = times;
        slots.forEach(slot -> lanes.add(new Lane<>(slot, now)));
    }

    /**
     * Places the next in the line.
     *
     * @param job what is next
     * @param allowed where it may go, at least one of the slots
     * @return its place
     */
    Place<J, R> place(final Job job, final List<Slot<J, R>> allowed) {
        Optional<Lane<J, R>> best = Optional.empty();
        double bestReady = 0;
        for (final Lane<J, R> lane : lanes) {
            if (!allowed.contains(lane.slot)) continue;
            final double ready = lane.freeNanos + takes(job, lane).orElse(UNKNOWN);
            if (best.isPresent() && ready >= bestReady) continue;
            best = Optional.of(lane);
            bestReady = ready;
        }
        final Lane<J, R> lane = best.orElseThrow();
        final Place<J, R> place =
            new Place<>(lane.slot, lane.untouched, lane.known ? OptionalLong.of(Math.round(lane.freeNanos / NANOS_PER_MILLI)) : OptionalLong.empty());
        lane.freeNanos = bestReady;
        lane.known = lane.known && takes(job, lane).isPresent();
        lane.untouched = false;
        return place;
    }

    private OptionalDouble takes(final Job job, final Lane<J, R> lane) {
        return times.expected(lane.slot.name(), job.kind(), job.work());
    }

    /** @return when a newcomer could begin behind everything that was placed; empty if something before it was never measured, or there is no instance */
    OptionalLong newcomerMillis() {
        return lanes.stream().min((a, b) -> Double.compare(a.freeNanos, b.freeNanos)).filter(lane -> lane.known)
            .map(lane -> OptionalLong.of(Math.round(lane.freeNanos / NANOS_PER_MILLI))).orElse(OptionalLong.empty());
    }
}
