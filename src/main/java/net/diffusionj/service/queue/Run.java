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

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;

/**
 * What an instance has in hand.
 *
 * @param tickets one alone, or several that go through together
 * @param cancel ends the work for all of them
 * @param startedNanos when it began
 * @param expectedNanos how long it will take by what was measured; empty if nothing was
 */
record Run<J extends Job, R>(List<Ticket<J, R>> tickets, CancelToken cancel, long startedNanos, OptionalDouble expectedNanos) {

    boolean alone() {
        return tickets.size() == 1;
    }

    int images() {
        return tickets.stream().mapToInt(ticket -> ticket.job().images()).sum();
    }

    double work() {
        return tickets.stream().mapToDouble(ticket -> ticket.job().work()).sum();
    }

    Object kind() {
        return tickets.get(0).job().kind();
    }

    /** @return nanoseconds until it ends; what is over its time takes as long again, so that others are asked in the end */
    double remainingNanos(final long now) {
        final double elapsed = Math.max(0, now - startedNanos);
        return Math.max(1, Math.abs(expectedNanos.orElse(0) - elapsed));
    }

    /** @return the tickets as their instance sees them */
    List<Seat<J, R>> seats(final Dispatcher<J, R> queue) {
        return tickets.stream().<Seat<J, R>>map(ticket -> new Taken<>(queue, ticket, this)).toList();
    }

    /** A ticket in this run: says nothing any more once it is in another. */
    private record Taken<J extends Job, R>(Dispatcher<J, R> queue, Ticket<J, R> ticket, Run<J, R> run) implements Seat<J, R> {

        @Override
        public J job() {
            return ticket.job();
        }

        @Override
        public CancelToken cancel() {
            return run.cancel();
        }

        @Override
        public boolean alone() {
            return run.alone();
        }

        @Override
        public boolean waited() {
            return queue.ask(ticket::waited);
        }

        @Override
        public boolean left() {
            return queue.ask(() -> ticket.state() == Ticket.State.ENDED);
        }

        @Override
        public void tell(final Runnable event) {
            if (alone()) event.run();
            else ticket.mailbox().post(event);
        }

        @Override
        public void done(final Supplier<R> result) {
            queue.ended(ticket, run, () -> ticket.end(result));
        }

        @Override
        public void failed(final RuntimeException failure) {
            queue.ended(ticket, run, () -> ticket.fail(failure));
        }
    }
}
