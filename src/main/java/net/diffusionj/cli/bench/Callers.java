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
package net.diffusionj.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.ProviderFailedException;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.queue.Priority;
import net.diffusionj.service.queue.QueueFullException;
import net.diffusionj.service.queue.QueueSnapshot;

/**
 * Many callers at once with mixed requests, random cancels and instances that fail at random: every request must end once, and what it makes must equal what
 * it makes alone, bit for bit.
 */
public final class Callers {

    private static final int DIFFERENT = 24;
    private static final int CANCEL_ONE_IN = 6;
    private static final int FAIL_ONE_IN = 300;
    private static final long STUCK_SECONDS = 300;
    private static final double LIVE_GROWTH_ALLOWED_MB = 32;
    private static final double GROWTH_BESIDE_HEAP_ALLOWED_MB = 150;

    private final BenchPlan plan;
    private final int threads;
    private final int requestsEach;
    private final long seed;

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger joinedSteps = new AtomicInteger();
    private final AtomicInteger longestQueue = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean faulty;

    /**
     * @param plan has the model, the steps and the provider
     * @param threads callers, at least 1
     * @param requestsEach requests of each, at least 1
     * @param seed of what is random
     */
    public Callers(final BenchPlan plan, final int threads, final int requestsEach, final long seed) {
        if (threads < 1 || requestsEach < 1) throw new InvalidInputException("There must be at least 1 caller with 1 request.");
        this.plan = plan;
        this.threads = threads;
        this.requestsEach = requestsEach;
        this.seed = seed;
    }

    /**
     * Runs it.
     *
     * @param engines makes the engine; what it is given is told of every run and every step, and makes instances fail
     * @param cancel ends it
     * @return the verdict
     */
    public Verdict run(final Function<Consumer<String>, DiffusionEngine> engines, final CancelToken cancel) {
        final Random random = new Random(seed);
        try (DiffusionEngine engine = engines.apply(instance -> watch(random))) {
            final List<DiffusionRequest> requests = requests(engine);
            final List<float[]> expected =
                requests.stream().map(request -> latents(engine.generate(request, DiffusionListener.NONE, cancel).result())).toList();
            final LastingMemory settled = LastingMemory.now();
            faulty = true;
            final long start = System.nanoTime();
            atOnce(engine, requests, expected, cancel);
            final double millis = (System.nanoTime() - start) / 1e6;
            faulty = false;
            for (int i = 0; i < requests.size(); i++) {
                if (!Arrays.equals(expected.get(i), latents(engine.generate(requests.get(i), DiffusionListener.NONE, cancel).result()))) {
                    wrong.add("After it all, request " + i + " makes another image than before.");
                }
            }
            // Only now: a group is on its way back for a moment after the last of its callers has got what it asked for.
            final QueueSnapshot after = engine.queue();
            if (after.waiting() + after.running() > 0) wrong.add("At the end " + after.waiting() + " requests wait and " + after.running() + " run.");
            final LastingMemory end = LastingMemory.now();
            end.growth(settled, LIVE_GROWTH_ALLOWED_MB, GROWTH_BESIDE_HEAP_ALLOWED_MB).ifPresent(wrong::add);
            return verdict(millis, after, settled, end);
        }
    }

    /** The same run of an instance may fail at any step of anybody's. */
    private void watch(final Random random) {
        if (Thread.currentThread().getName().equals("DiffusionJ batch")) joinedSteps.incrementAndGet();
        if (!faulty) return;
        final boolean fails;
        synchronized (random) {
            fails = random.nextInt(FAIL_ONE_IN) == 0;
        }
        if (!fails) return;
        faults.incrementAndGet();
        throw new ProviderFailedException("The instance was made to fail.", null);
    }

    private List<DiffusionRequest> requests(final DiffusionEngine engine) {
        final ModelDefaults defaults = engine.defaults(plan.model());
        final List<DiffusionRequest> requests = new ArrayList<>();
        for (int i = 0; i < DIFFERENT; i++) {
            final DiffusionRequest.Builder request = plan.request(plan.prompt() + ' ' + i % 5, i).batch(i % 7 == 0 ? 2 : 1).guidance(i % 4 == 3 ? 1 : 2 + i % 3)
                .priority(i % 3 == 0 ? Priority.INTERACTIVE : Priority.BATCH);
            if (i % 8 == 5) request.scheduler("ddim");
            if (i % 5 == 2) request.guidanceFrom(0.25).guidanceTo(0.75);
            if (i % 6 == 4) request.size(defaults.widthPx(),
                Math.max(defaults.sizes().evenPx(), defaults.heightPx() / 2 / defaults.sizes().evenPx() * defaults.sizes().evenPx()));
            requests.add(request.build());
        }
        return requests;
    }

    private static float[] latents(final DiffusionResult result) {
        return result.latents().orElseThrow().values();
    }

    private void atOnce(final DiffusionEngine engine, final List<DiffusionRequest> requests, final List<float[]> expected, final CancelToken cancel) {
        final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        final List<CompletableFuture<Void>> callers = new ArrayList<>();
        try {
            for (int t = 0; t < threads; t++) {
                final Random random = new Random(seed * 31 + t);
                callers.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < requestsEach; i++) {
                        cancel.throwIfCancelled();
                        final int which = random.nextInt(requests.size());
                        one(engine, requests, expected, which, random, clock);
                    }
                }, task -> {
                    final Thread thread = new Thread(task, "bench caller");
                    thread.setDaemon(true);
                    thread.start();
                }));
            }
            for (final CompletableFuture<Void> caller : callers) caller.orTimeout(STUCK_SECONDS * requestsEach, TimeUnit.SECONDS).join();
        }
        catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException failure ? failure : e;
        }
        finally {
            clock.shutdownNow();
        }
    }

    private void one(final DiffusionEngine engine, final List<DiffusionRequest> requests, final List<float[]> expected, final int which, final Random random,
        final ScheduledExecutorService clock) {
        final CancelToken mine = new CancelToken();
        final boolean toCancel = random.nextInt(CANCEL_ONE_IN) == 0;
        if (toCancel) clock.schedule(mine::cancel, random.nextInt(400), TimeUnit.MILLISECONDS);
        longestQueue.accumulateAndGet(engine.queue().waiting(), Math::max);
        try {
            final DiffusionOutcome outcome = engine.generate(requests.get(which), DiffusionListener.NONE, mine);
            if (outcome.isCancelled()) {
                cancelled.incrementAndGet();
                if (!toCancel) wrong.add("A request was cancelled that nobody has cancelled.");
                return;
            }
            made.incrementAndGet();
            if (!Arrays.equals(expected.get(which), latents(outcome.result()))) {
                wrong.add("Request " + which + " made another image than alone: " + difference(expected.get(which), latents(outcome.result())));
            }
        }
        catch (final QueueFullException e) {
            refused.incrementAndGet();
        }
        catch (final ProviderFailedException e) {
            failed.incrementAndGet();
        }
    }

    private static String difference(final float[] expected, final float[] found) {
        float most = 0;
        for (int i = 0; i < expected.length; i++) most = Math.max(most, Math.abs(expected[i] - found[i]));
        return "latents differ by up to " + most + '.';
    }

    private Verdict verdict(final double millis, final QueueSnapshot after, final LastingMemory settled, final LastingMemory end) {
        final int ended = made.get() + cancelled.get() + failed.get() + refused.get();
        if (ended != threads * requestsEach) wrong.add(threads * requestsEach + " requests were asked, but " + ended + " ended.");
        if (failed.get() > faults.get() * Math.max(1, after.instances().size()) * 8) wrong.add("More requests failed than faults explain.");
        final Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("callers", threads);
        numbers.put("requests", threads * requestsEach);
        numbers.put("instances", after.instances().size());
        numbers.put("total_ms", Math.rint(millis));
        numbers.put("made", made.get());
        numbers.put("cancelled", cancelled.get());
        numbers.put("faults", faults.get());
        numbers.put("failed", failed.get());
        numbers.put("refused", refused.get());
        numbers.put("longest_queue", longestQueue.get());
        numbers.put("steps_in_company", joinedSteps.get());
        numbers.put("settled_live_mb", Math.rint(settled.liveMegabytes()));
        numbers.put("end_live_mb", Math.rint(end.liveMegabytes()));
        numbers.put("settled_beside_heap_mb", Bench.orUnknown(settled.besideHeapMegabytes()));
        numbers.put("end_beside_heap_mb", Bench.orUnknown(end.besideHeapMegabytes()));
        return new Verdict(numbers, wrong.stream().distinct().toList());
    }
}
