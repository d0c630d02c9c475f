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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;

/** A queue with instances that stand for GPUs and end when the test says so, and a clock that the test sets. Whatever the test did, nothing may be left in it. */
abstract class QueueOfToys {

    static final long COMPANY_NANOS = 20_000_000;

    final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    Dispatcher<ToyJob, String> queue = newQueue(0);
    final List<Toy> toys = new ArrayList<>();

    final Dispatcher<ToyJob, String> newQueue(final long companyNanos) {
        return new Dispatcher<>(new QueueLimits(3, 8, companyNanos), now::get);
    }

    /** An instance that waits to be told how each run ends. */
    final class Toy implements Instance<ToyJob, String> {
        private final String name;
        final LinkedBlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Consumer<List<? extends Seat<ToyJob, String>>>> ends = new LinkedBlockingQueue<>();
        volatile boolean closed;

        Toy(final String name) {
            this.name = name;
            toys.add(this);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int mostTogether(final ToyJob job) {
            return 4;
        }

        @Override
        public void run(final List<? extends Seat<ToyJob, String>> seats) {
            begun.add(seats.stream().map(seat -> seat.job().name()).toList());
            try {
                ends.take().accept(seats);
            }
            catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Lets a run end well. */
        void finish() {
            ends.add(seats -> seats.forEach(seat -> seat.done(() -> seat.job().name() + " by " + name)));
        }

        void fail(final RuntimeException failure) {
            ends.add(seats -> {
                throw failure;
            });
        }

        List<String> next() throws InterruptedException {
            final List<String> names = begun.poll(30, TimeUnit.SECONDS);
            return names == null ? List.of("nothing was begun") : names;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    final Toy[] instances(final String... names) {
        final Toy[] made = Arrays.stream(names).map(Toy::new).toArray(Toy[]::new);
        queue.instances(Arrays.asList(made));
        return made;
    }

    /** Takes the place here and now, and awaits on a thread of its own. */
    final CompletableFuture<String> ask(final ToyJob job, final CancelToken cancel) {
        final Ticket<ToyJob, String> ticket = queue.enqueue(job, cancel, (ahead, millis) -> {});
        return CompletableFuture.supplyAsync(ticket::await, task -> new Thread(task).start());
    }

    final CompletableFuture<String> ask(final ToyJob job) {
        return ask(job, new CancelToken());
    }

    static Throwable failure(final CompletableFuture<String> asked) {
        return assertThrows(CompletionException.class, asked::join).getCause();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, queue.snapshot().waiting());
        // Returns when nothing runs any more: a group may still be on its way back when the last of its callers has got what it asked for.
        queue.end();
        assertEquals(0, queue.snapshot().running());
        assertThrows(DiffusionJException.class, () -> ask(ToyJob.urgent("late")));
    }
}
