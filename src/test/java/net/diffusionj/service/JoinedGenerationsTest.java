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
package net.diffusionj.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;
import net.diffusionj.pipeline.Overlap;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.queue.Priority;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Generations that go through a model together, on fixture models: each gets the very bits of a run of its own. */
@Timeout(120)
class JoinedGenerationsTest {

    private static final int STEPS = 4;

    private static DiffusionEngine alone;

    private final AtomicReference<RuntimeException> fault = new AtomicReference<>();
    /** Runs and steps, by the thread on which they were. */
    private final Map<String, AtomicInteger> heard = new ConcurrentHashMap<>();
    private final DiffusionEngine engine = new DiffusionEngine(Folders.HOME, new Reuse(0, Overlap.WHERE_FASTER), instance -> {
        heard.computeIfAbsent(Thread.currentThread().getName(), name -> new AtomicInteger()).incrementAndGet();
        if (!Thread.currentThread().getName().equals("DiffusionJ batch")) return;
        final RuntimeException failure = fault.getAndSet(null);
        if (failure != null) throw failure;
    });

    @BeforeAll
    static void openAnother() {
        alone = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void closeTheOther() {
        alone.close();
    }

    @AfterEach
    void close() {
        engine.close();
        assertEquals(0, engine.openSessions());
    }

    private static DiffusionRequest.Builder request(final String prompt) {
        return DiffusionRequest.prompt(prompt).model(Models.of("sd1").toString()).steps(STEPS).scheduler("euler-ancestral").guidance(4).seed(5).size(48, 32)
            .caller(prompt);
    }

    private static Img<UnsignedByteType> picture(final int factor) {
        final byte[] values = new byte[48 * 32];
        for (int i = 0; i < values.length; i++) values[i] = (byte) (i * factor);
        return ArrayImgs.unsignedBytes(values, 48, 32);
    }

    private static Img<UnsignedByteType> mask() {
        final byte[] values = new byte[48 * 32];
        for (int i = 0; i < values.length; i++) values[i] = (byte) (i % 48 < 24 ? 1 : 0);
        return ArrayImgs.unsignedBytes(values, 48, 32);
    }

    private static DiffusionOutcome generate(final DiffusionEngine with, final DiffusionRequest request) {
        return with.generate(request, DiffusionListener.NONE, new CancelToken());
    }

    /** One asked request. */
    private record Asked(DiffusionRequest request, DiffusionListener listener, CancelToken cancel) {
        static Asked of(final DiffusionRequest.Builder request) {
            return new Asked(request.build(), DiffusionListener.NONE, new CancelToken());
        }
    }

    /** Has them wait for one that runs, so that they are all there when it ends. */
    private List<CompletableFuture<DiffusionOutcome>> together(final List<Asked> requests) throws InterruptedException {
        final CountDownLatch runs = new CountDownLatch(1);
        final CountDownLatch finish = new CountDownLatch(1);
        final CompletableFuture<DiffusionOutcome> first = CompletableFuture.supplyAsync(() -> engine.generate(request("first").size(32, 32).build(),
            new DiffusionListener() {
                @Override
                public void step(final int step, final int steps, final int imageIndex) {
                    runs.countDown();
                    try {
                        finish.await();
                    }
                    catch (final InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }, new CancelToken()), JoinedGenerationsTest::onItsOwnThread);
        runs.await();
        final List<CompletableFuture<DiffusionOutcome>> outcomes = new ArrayList<>();
        for (final Asked asked : requests) {
            final Supplier<DiffusionOutcome> place = engine.begin(asked.request(), asked.listener(), asked.cancel());
            outcomes.add(CompletableFuture.supplyAsync(place, JoinedGenerationsTest::onItsOwnThread));
        }
        assertEquals(requests.size(), engine.queue().waiting());
        finish.countDown();
        assertFalse(first.join().isCancelled());
        return outcomes;
    }

    private static void onItsOwnThread(final Runnable task) {
        new Thread(task, "caller").start();
    }

    private int inBatches() {
        return heard.getOrDefault("DiffusionJ batch", new AtomicInteger()).get();
    }

    private static double[] values(final Img<?> image) {
        return Views.flatIterable(image).stream().mapToDouble(value -> ((RealType<?>) value).getRealDouble()).toArray();
    }

    private void assertAsAlone(final List<Asked> requests, final List<CompletableFuture<DiffusionOutcome>> outcomes) {
        for (int i = 0; i < requests.size(); i++) {
            final DiffusionResult expected = generate(alone, requests.get(i).request()).result();
            final DiffusionResult found = outcomes.get(i).join().result();
            assertArrayEquals(expected.latents().orElseThrow().values(), found.latents().orElseThrow().values(), "latents of request " + i);
            assertArrayEquals(values(expected.image()), values(found.image()), "pixels of request " + i);
            assertEquals(expected.settings(), found.settings());
            assertEquals(expected.warnings(), found.warnings());
            assertEquals(STEPS, found.timings().stepMillis().size());
        }
    }

    @Test
    void promptsSeedsGuidanceAndNumbersOfImagesMayDiffer() throws InterruptedException {
        final List<Asked> requests = List.of(Asked.of(request("dense nuclei")), Asked.of(request("filaments").seed(99).guidance(7.5).negative("blur")),
            Asked.of(request("two").batch(2).guidance(1.5)), Asked.of(request("dense nuclei").seed(6).pixelType(PixelType.UINT16)));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertAsAlone(requests, outcomes);
        assertEquals(1 + requests.size() * STEPS, inBatches(), "one run, in which each takes its steps");
    }

    /** Without guidance a single image has one row, which goes through alone in a group, too. */
    @Test
    void stepsWithoutGuidanceAreAsAlone() throws InterruptedException {
        final List<Asked> single = new ArrayList<>();
        for (int i = 0; i < 3; i++) single.add(Asked.of(request("single " + i).seed(i).guidanceFrom(0.25).guidanceTo(0.75)));
        assertAsAlone(single, together(single));
        assertEquals(1 + single.size() * STEPS, inBatches(), "one run");
        final List<Asked> mixed = List.of(Asked.of(request("two").batch(2).guidanceTo(0.5)), Asked.of(request("two more").batch(2).guidanceTo(0.5).guidance(2)),
            Asked.of(request("single").guidanceTo(0.5)), Asked.of(request("other steps").batch(2).guidanceTo(0.6)));
        assertAsAlone(mixed, together(mixed));
        assertEquals(1 + single.size() * STEPS + 1 + 2 * STEPS, inBatches(), "those two alone");
    }

    @Test
    void picturesAndMasksMayDiffer() throws InterruptedException {
        final List<Asked> requests = new ArrayList<>();
        for (int i = 0; i < 3; i++) requests.add(Asked.of(request("nuclei " + i).image(picture(3 + i)).strength(1).seed(i).scheduler("ddim")));
        requests.add(Asked.of(request("masked").image(picture(11)).mask(mask()).strength(1).scheduler("ddim")));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertAsAlone(requests, outcomes);
        assertEquals(1 + requests.size() * STEPS, inBatches());
    }

    @Test
    void distilledGuidanceMayDiffer() throws InterruptedException {
        final List<Asked> requests = List.of(Asked.of(request("a").model(Models.of("lcm").toString()).scheduler("lcm").guidance(3).batch(2)),
            Asked.of(request("b").model(Models.of("lcm").toString()).scheduler("lcm").guidance(8).batch(2)));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertAsAlone(requests, outcomes);
        assertEquals(1 + requests.size() * STEPS, inBatches());
    }

    @Test
    void whatIsNotAlikeStaysApart() throws InterruptedException {
        final List<Asked> requests = List.of(Asked.of(request("a")), Asked.of(request("b").size(32, 48)), Asked.of(request("c").scheduler("ddim")),
            Asked.of(request("one pass, whose sums are rounded otherwise in a batch").guidance(1).seed(1)), Asked.of(request("e").guidance(1).seed(2)));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertAsAlone(requests, outcomes);
        assertEquals(0, inBatches());
    }

    /** A run of one row has other bits than one of several, so nobody's row may join several, whoever comes first. */
    @Test
    void oneRowJoinsNoOthersThatComeBeforeIt() throws InterruptedException {
        final List<Asked> requests = List.of(Asked.of(request("two rows").guidance(1).batch(2)), Asked.of(request("one row").guidance(1)));
        assertAsAlone(requests, together(requests));
        assertEquals(0, inBatches());
    }

    /** Remembers what it is told, and on which threads. */
    private static final class Remembering implements DiffusionListener {
        private final List<String> told = Collections.synchronizedList(new ArrayList<>());
        private final Set<Thread> threads = Collections.synchronizedSet(new java.util.HashSet<>());
        private final List<Img<UnsignedByteType>> previews = Collections.synchronizedList(new ArrayList<>());
        private final Runnable afterStepTwo;

        Remembering(final Runnable afterStepTwo) {
            this.afterStepTwo = afterStepTwo;
        }

        @Override
        public void stage(final Stage stage) {
            threads.add(Thread.currentThread());
            told.add(stage.text());
        }

        @Override
        public void step(final int step, final int steps, final int imageIndex) {
            threads.add(Thread.currentThread());
            told.add(step + "/" + steps + " of " + imageIndex);
            if (step == 2) afterStepTwo.run();
        }

        @Override
        public int previewEverySteps() {
            return STEPS;
        }

        @Override
        public void preview(final Img<UnsignedByteType> preview) {
            threads.add(Thread.currentThread());
            previews.add(preview);
        }
    }

    @Test
    void eachIsToldOfItsOwnProgressOnItsOwnThread() throws InterruptedException {
        final Remembering one = new Remembering(() -> {});
        final Remembering other = new Remembering(() -> {});
        final List<Asked> requests =
            List.of(new Asked(request("a").build(), one, new CancelToken()), new Asked(request("b").build(), other, new CancelToken()));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        for (int i = 0; i < 2; i++) {
            final DiffusionResult result = outcomes.get(i).join().result();
            final Remembering listener = i == 0 ? one : other;
            final List<String> told = new ArrayList<>(listener.told);
            told.remove("waiting for another generation");
            assertEquals(List.of("loading model", "encoding prompt", "denoising", "1/4 of 0", "2/4 of 0", "3/4 of 0", "4/4 of 0", "decoding"), told);
            assertEquals(1, listener.threads.size());
            assertEquals("caller", listener.threads.iterator().next().getName());
            assertArrayEquals(values(result.image()), values(listener.previews.get(0)), "the last preview is the image");
        }
        assertTrue(inBatches() > 0);
    }

    @Test
    void oneThatIsCancelledLeavesTheOthersAsTheyWere() throws InterruptedException {
        final CancelToken cancel = new CancelToken();
        final Remembering leaving = new Remembering(cancel::cancel);
        final List<Asked> requests = List.of(Asked.of(request("a")), new Asked(request("b").build(), leaving, cancel), Asked.of(request("c").batch(2)));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertTrue(outcomes.get(1).join().isCancelled());
        assertEquals("2/4 of 0", leaving.told.get(leaving.told.size() - 1), "nothing is told afterwards");
        assertAsAlone(List.of(requests.get(0), requests.get(2)), List.of(outcomes.get(0), outcomes.get(2)));
        assertTrue(inBatches() > 2 * STEPS);
    }

    @Test
    void allThatAreCancelledEndTheRun() throws InterruptedException {
        final CancelToken cancel = new CancelToken();
        final List<Asked> requests = List.of(new Asked(request("a").steps(900).scheduler("ddim").build(), new Remembering(cancel::cancel), cancel),
            new Asked(request("b").steps(900).scheduler("ddim").build(), DiffusionListener.NONE, cancel));
        for (final CompletableFuture<DiffusionOutcome> outcome : together(requests)) assertTrue(outcome.join().isCancelled());
        assertFalse(generate(engine, request("next").build()).isCancelled());
        assertTrue(inBatches() < 2 * 900);
    }

    @Test
    void aListenerThatFailsFailsAlone() throws InterruptedException {
        final Remembering failing = new Remembering(() -> {
            throw new DiffusionJException("the listener failed");
        });
        final List<Asked> requests = List.of(Asked.of(request("a")), new Asked(request("b").build(), failing, new CancelToken()), Asked.of(request("c")));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        assertEquals("the listener failed", assertThrows(CompletionException.class, outcomes.get(1)::join).getCause().getMessage());
        assertAsAlone(List.of(requests.get(0), requests.get(2)), List.of(outcomes.get(0), outcomes.get(2)));
    }

    @Test
    void memoryThatIsShortAndOneThatSpoilsTheRunSplitIt() throws InterruptedException {
        for (final RuntimeException failure : List.of(new InsufficientMemoryException("too little", null), new IllegalStateException("spoiled"))) {
            fault.set(failure);
            final List<Asked> requests = new ArrayList<>();
            for (int i = 0; i < 4; i++) requests.add(Asked.of(request("nuclei " + i)));
            assertAsAlone(requests, together(requests));
            assertTrue(fault.get() == null, "it has failed");
        }
    }

    @Test
    void aDeviceThatIsLostIsToldToEachAndTheNextWorks() throws InterruptedException {
        fault.set(new ProviderFailedException("the GPU was lost", null));
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(List.of(Asked.of(request("a")), Asked.of(request("b"))));
        for (final CompletableFuture<DiffusionOutcome> outcome : outcomes) {
            assertEquals("the GPU was lost", assertThrows(CompletionException.class, outcome::join).getCause().getMessage());
        }
        assertFalse(generate(engine, request("next").build()).isCancelled());
    }

    @Test
    void closingEndsWhatGoesTogether() throws InterruptedException {
        final CountDownLatch stepped = new CountDownLatch(2);
        final List<Asked> requests = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            requests.add(new Asked(request("nuclei " + i).steps(900).scheduler("ddim").priority(Priority.BATCH).build(), new Remembering(stepped::countDown),
                new CancelToken()));
        }
        final List<CompletableFuture<DiffusionOutcome>> outcomes = together(requests);
        stepped.await();
        engine.close();
        for (final CompletableFuture<DiffusionOutcome> outcome : outcomes) assertTrue(outcome.join().isCancelled());
        assertEquals(new TreeSet<>(Set.of("DiffusionJ batch", "caller")), new TreeSet<>(heard.keySet()));
    }
}
