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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;

/** Several instances: where work goes, and what becomes of it when an instance, a member or the whole queue ends. */
@Timeout(60)
class DispatcherFaultsTest extends QueueOfToys {

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
