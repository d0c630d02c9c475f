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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;

/** The queue, with instances that stand for GPUs and end when the test says so, and a clock that the test sets. */
@Timeout(60)
class DispatcherTest {

    private static final long COMPANY_NANOS = 20_000_000;

    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private Dispatcher<ToyJob, String> queue = newQueue(0);
    private final List<Toy> toys = new ArrayList<>();

    private Dispatcher<ToyJob, String> newQueue(final long companyNanos) {
        return new Dispatcher<>(new QueueLimits(3, 8, companyNanos), now::get);
    }

    /** An instance that waits to be told how each run ends. */
    private final class Toy implements Instance<ToyJob, String> {
        private final String name;
        private final LinkedBlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Consumer<List<? extends Seat<ToyJob, String>>>> ends = new LinkedBlockingQueue<>();
        private volatile boolean closed;

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

    private Toy[] instances(final String... names) {
        final Toy[] made = Arrays.stream(names).map(Toy::new).toArray(Toy[]::new);
        queue.instances(Arrays.asList(made));
        return made;
    }

    /** Takes the place here and now, and awaits on a thread of its own. */
    private CompletableFuture<String> ask(final ToyJob job, final CancelToken cancel) {
        final Ticket<ToyJob, String> ticket = queue.enqueue(job, cancel, (ahead, millis) -> {});
        return CompletableFuture.supplyAsync(ticket::await, task -> new Thread(task).start());
    }

    private CompletableFuture<String> ask(final ToyJob job) {
        return ask(job, new CancelToken());
    }

    private static Throwable failure(final CompletableFuture<String> asked) {
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

    @Test
    void aFullQueueSaysSoAndTheNextRequestWorks() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) waiting.add(ask(ToyJob.urgent("waiting " + i)));
        final QueueFullException full = assertThrows(QueueFullException.class, () -> ask(ToyJob.urgent("too many")));
        assertEquals(3, full.waiting());
        assertTrue(full.waitMillis().isEmpty(), "nothing was measured yet");
        assertTrue(full.getMessage().contains("3 requests wait already") && full.getMessage().contains("queue.most"), full.getMessage());
        now.addAndGet(2_000_000_000L);
        one.finish();
        assertEquals("running by one", running.join());
        one.next();
        final CompletableFuture<String> another = ask(ToyJob.urgent("another"));
        assertEquals(OptionalLong.of(8_000), assertThrows(QueueFullException.class, () -> ask(ToyJob.urgent("too many"))).waitMillis(),
            "one that runs and three that wait, 2 s each");
        for (int i = 0; i < 4; i++) one.finish();
        waiting.forEach(CompletableFuture::join);
        assertEquals("another by one", another.join());
    }

    @Test
    void theExpectedWaitIsTold() throws Exception {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> first = ask(ToyJob.urgent("first"));
        one.next();
        now.addAndGet(3_000_000_000L);
        one.finish();
        first.join();
        final CompletableFuture<String> second = ask(ToyJob.urgent("second"));
        one.next();
        final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        final Ticket<ToyJob, String> ticket =
            queue.enqueue(ToyJob.urgent("third").images(2), new CancelToken(), (ahead, millis) -> told.add(ahead + " " + millis));
        final CompletableFuture<String> third = CompletableFuture.supplyAsync(ticket::await);
        assertEquals("1 " + OptionalLong.of(3000), told.poll(30, TimeUnit.SECONDS));
        final QueueSnapshot snapshot = queue.snapshot();
        assertEquals(1, snapshot.waiting());
        assertEquals(1, snapshot.running());
        assertEquals(OptionalLong.of(3000 + 6000), snapshot.expectedWaitMillis());
        assertEquals(OptionalLong.of(3000), snapshot.instances().get(0).remainingMillis());
        one.finish();
        one.finish();
        second.join();
        third.join();
        assertEquals(3, queue.snapshot().instances().get(0).done());
    }

    @Test
    void oneThatWaitsCanBeCancelled() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<String> waiting = ask(ToyJob.urgent("waiting"), cancel);
        cancel.cancel();
        assertInstanceOf(CancellationException.class, failure(waiting));
        one.finish();
        running.join();
        final CancelToken before = new CancelToken();
        before.cancel();
        assertInstanceOf(CancellationException.class, failure(ask(ToyJob.urgent("never"), before)));
        assertTrue(one.begun.isEmpty());
    }

    @Test
    void thoseThatAreAlikeGoTogetherAndEachGetsItsOwn() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.batch("running"));
        one.next();
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<String> a = ask(ToyJob.batch("a").with("x"), cancel);
        final CompletableFuture<String> b = ask(ToyJob.batch("b").with("x"));
        final CompletableFuture<String> c = ask(ToyJob.urgent("c").with("y"));
        one.finish();
        assertEquals(List.of("c"), one.next(), "urgent, and not alike");
        one.finish();
        assertEquals(List.of("a", "b"), one.next());
        cancel.cancel();
        assertInstanceOf(CancellationException.class, failure(a), "one leaves at once, while the others go on");
        assertEquals(1, queue.snapshot().instances().stream().filter(state -> state.running() > 0).count());
        one.finish();
        assertEquals("b by one", b.join());
        assertEquals("c by one", c.join());
        running.join();
    }

    @Test
    void somebodyUrgentIsNotSlowedDownByOthers() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final List<CompletableFuture<String>> all = List.of(ask(ToyJob.batch("batch").with("x")), ask(ToyJob.urgent("a").with("x")),
            ask(ToyJob.urgent("b").with("x")));
        one.finish();
        assertEquals(List.of("a", "b"), one.next());
        one.finish();
        assertEquals(List.of("batch"), one.next());
        one.finish();
        all.forEach(CompletableFuture::join);
        running.join();
    }

    @Test
    void noMoreGoTogetherThanTheInstanceTakes() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final List<CompletableFuture<String>> all = List.of(ask(ToyJob.batch("a").with("x").images(3)), ask(ToyJob.batch("b").with("x").images(2)),
            ask(ToyJob.batch("c").with("x").images(1)));
        one.finish();
        assertEquals(List.of("a", "c"), one.next(), "four images at most, so the one of two comes later");
        one.finish();
        assertEquals(List.of("b"), one.next());
        one.finish();
        all.forEach(CompletableFuture::join);
        running.join();
    }

    @Test
    void companyIsWaitedForOnlyForSoLong() throws InterruptedException {
        queue = newQueue(COMPANY_NANOS);
        final Toy one = instances("one")[0];
        final CompletableFuture<String> first = ask(ToyJob.batch("first").with("x"));
        assertEquals(List.of("first"), one.next(), "nobody else was there lately, so nobody is waited for");
        final CompletableFuture<String> second = ask(ToyJob.batch("second").with("x"));
        one.finish();
        first.join();
        queue.look();
        assertTrue(one.begun.isEmpty(), "held back");
        final CompletableFuture<String> third = ask(ToyJob.batch("third").with("x"));
        queue.look();
        assertTrue(one.begun.isEmpty(), "there may be more");
        now.addAndGet(COMPANY_NANOS);
        queue.look();
        assertEquals(List.of("second", "third"), one.next());
        final CompletableFuture<String> fourth = ask(ToyJob.batch("fourth").with("x"));
        one.finish();
        second.join();
        third.join();
        // The clock jumps back by an hour.
        now.addAndGet(-3_600_000_000_000L);
        queue.look();
        assertEquals(List.of("fourth"), one.next());
        one.finish();
        fourth.join();
        final CompletableFuture<String> urgent = ask(ToyJob.urgent("urgent").with("x"));
        assertEquals(List.of("urgent"), one.next(), "never held back");
        one.finish();
        urgent.join();
    }

    @Test
    void workGoesWhereItIsReadyFirst() throws InterruptedException {
        final Toy[] gpus = instances("fast", "slow");
        final List<CompletableFuture<String>> measured = List.of(ask(ToyJob.urgent("a")), ask(ToyJob.urgent("b")));
        gpus[0].next();
        gpus[1].next();
        now.addAndGet(1_000_000_000L);
        gpus[0].finish();
        measured.get(0).join();
        now.addAndGet(9_000_000_000L);
        gpus[1].finish();
        measured.get(1).join();
        final CompletableFuture<String> c = ask(ToyJob.urgent("c"));
        assertEquals(List.of("c"), gpus[0].next());
        final CompletableFuture<String> d = ask(ToyJob.urgent("d"));
        assertEquals(1, queue.snapshot().waiting(), "waiting a second for the fast one beats ten on the slow one");
        // The fast one hangs: what is over its time is waited for only as long again.
        now.addAndGet(30_000_000_000L);
        queue.look();
        assertEquals(List.of("d"), gpus[1].next());
        gpus[0].finish();
        gpus[1].finish();
        c.join();
        assertEquals("d by slow", d.join());
    }

    @Test
    void whatAFailedInstanceHadInHandIsHandedOnOnce() throws InterruptedException {
        final Toy[] gpus = instances("gpu 0", "gpu 1");
        final CompletableFuture<String> other = ask(ToyJob.urgent("other"));
        gpus[0].next();
        final CompletableFuture<String> a = ask(ToyJob.batch("a"));
        gpus[1].next();
        gpus[1].fail(new ProviderFailedException("the GPU was lost", null));
        // Handed to the one that works, as soon as that is free.
        gpus[0].finish();
        other.join();
        assertEquals(List.of("a"), gpus[0].next());
        final ProviderFailedException second = new ProviderFailedException("this one too", null);
        gpus[0].fail(second);
        assertSame(second, failure(a), "once, not for ever");
        final List<QueueSnapshot.InstanceState> states = queue.snapshot().instances();
        assertTrue(states.stream().allMatch(state -> state.failures() == 1 && state.resting()), states.toString());
        final CompletableFuture<String> next = ask(ToyJob.urgent("next"));
        gpus[0].finish();
        gpus[1].finish();
        assertTrue(next.join().startsWith("next by gpu"), "where nothing else is left, what failed is tried again");
    }

    @Test
    void aFailingInstanceThatIsAloneTellsItsCaller() throws InterruptedException {
        final Toy one = instances("one")[0];
        final ProviderFailedException lost = new ProviderFailedException("the GPU was lost", null);
        one.fail(lost);
        assertSame(lost, failure(ask(ToyJob.urgent("a"))));
        one.finish();
        assertEquals("b by one", ask(ToyJob.urgent("b")).join());
    }

    @Test
    void aGroupThatMemoryDoesNotHoldIsSplit() throws InterruptedException {
        final Toy one = instances("one")[0];
        queue.limits(new QueueLimits(9, 8, 0));
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final List<CompletableFuture<String>> all = new ArrayList<>();
        for (final String name : List.of("a", "b", "c", "d")) all.add(ask(ToyJob.batch(name).with("x")));
        one.finish();
        assertEquals(List.of("a", "b", "c", "d"), one.next());
        one.fail(new InsufficientMemoryException("too little", null));
        assertEquals(List.of("a", "b"), one.next());
        one.fail(new InsufficientMemoryException("still too little", null));
        assertEquals(List.of("c", "d"), one.next());
        one.finish();
        assertEquals(List.of("a"), one.next());
        one.finish();
        assertEquals(List.of("b"), one.next());
        final InsufficientMemoryException alone = new InsufficientMemoryException("too little for b", null);
        one.fail(alone);
        assertEquals(List.of("a by one", "c by one", "d by one"), List.of(all.get(0).join(), all.get(2).join(), all.get(3).join()));
        assertSame(alone, failure(all.get(1)));
        running.join();
    }

    @Test
    void oneThatSpoilsAGroupSpoilsItselfOnly() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final CompletableFuture<String> a = ask(ToyJob.batch("a").with("x"));
        final CompletableFuture<String> b = ask(ToyJob.batch("b").with("x"));
        one.finish();
        assertEquals(List.of("a", "b"), one.next());
        one.fail(new DiffusionJException("not a number"));
        assertEquals(List.of("a"), one.next());
        one.fail(new DiffusionJException("a is not a number"));
        assertEquals(List.of("b"), one.next());
        one.finish();
        assertEquals("a is not a number", failure(a).getMessage());
        assertEquals("b by one", b.join());
        running.join();
    }

    @Test
    void aListenerThatAsksInTheMiddleIsAnswered() {
        final Toy one = instances("one")[0];
        one.ends.add(seats -> {
            one.finish();
            final String inner = queue.enqueue(ToyJob.urgent("inner"), new CancelToken(), (ahead, millis) -> {}).await();
            seats.get(0).done(() -> inner + ", then outer");
        });
        assertEquals("inner by one, then outer", ask(ToyJob.urgent("outer")).join());
    }

    @Test
    void aListenerThatFailsLeavesNothingBehind() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        one.next();
        final Ticket<ToyJob, String> ticket = queue.enqueue(ToyJob.urgent("a"), new CancelToken(), (ahead, millis) -> {
            throw new IllegalStateException("the listener failed");
        });
        assertThrows(IllegalStateException.class, ticket::await);
        one.finish();
        running.join();
    }

    @Test
    void otherInstancesTakeOverAndTheOldOnesAreClosed() throws InterruptedException {
        final Toy before = instances("before")[0];
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"));
        before.next();
        final Toy after = instances("after")[0];
        assertTrue(!before.closed, "it is at work");
        after.finish();
        assertEquals("a by after", ask(ToyJob.urgent("a")).join());
        before.finish();
        assertEquals("running by before", running.join());
        queue.end();
        assertTrue(before.closed && after.closed);
    }

    @Test
    void theEndCancelsWhatWaitsAndWhatRuns() throws InterruptedException {
        final Toy one = instances("one")[0];
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<String> running = ask(ToyJob.urgent("running"), cancel);
        final CompletableFuture<String> waiting = ask(ToyJob.urgent("waiting"));
        one.next();
        final CountDownLatch cancelled = new CountDownLatch(1);
        cancel.onCancel(cancelled::countDown);
        final List<String> order = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
            queue.end();
            order.add("closed");
        });
        assertInstanceOf(CancellationException.class, failure(waiting));
        order.add("stopped");
        cancelled.await();
        one.ends.add(seats -> seats.get(0).cancel().throwIfCancelled());
        assertInstanceOf(CancellationException.class, failure(running));
        end.join();
        assertEquals(List.of("stopped", "closed"), order);
        assertTrue(one.closed);
    }
}
