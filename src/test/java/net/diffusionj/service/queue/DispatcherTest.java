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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;

/** Who waits, for how long, and who goes together. */
@Timeout(60)
class DispatcherTest extends QueueOfToys {

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
}
