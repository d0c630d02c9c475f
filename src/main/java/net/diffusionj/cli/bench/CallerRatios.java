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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

import net.diffusionj.CancelToken;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.queue.Priority;

/**
 * What several callers cost: eight requests at once beside eight one after the other, and two callers beside one. Each pair is run in turns. Beside the clock's
 * ratios are those of the processor's time, which other programs of a busy machine change less.
 */
final class CallerRatios {

    private static final int TOGETHER = 8;
    /** Some seven seconds of work at once: shorter runs of one and the same caller differ by more than what two callers cost. */
    private static final int IMAGES_EACH = 16;

    private final BenchPlan plan;
    private final DiffusionEngine engine;
    private final CancelToken cancel;
    private long seed = 1_000_000;

    /** Wall clock and processor time of runs. */
    private static final class Samples {
        private final List<Double> millis = new ArrayList<>();
        private final List<Double> cpuMillis = new ArrayList<>();

        void measure(final Runnable work) {
            final long start = System.nanoTime();
            final long cpu = cpuNanos();
            work.run();
            millis.add((System.nanoTime() - start) / 1e6);
            cpuMillis.add((cpuNanos() - cpu) / 1e6);
        }

        private static long cpuNanos() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
    }

    /**
     * @param plan what to generate, and how often
     * @param engine keeps no embeddings
     * @param cancel ends the measurement
     */
    CallerRatios(final BenchPlan plan, final DiffusionEngine engine, final CancelToken cancel) {
        this.plan = plan;
        this.engine = engine;
        this.cancel = cancel;
    }

    /** @return medians by name */
    Map<String, Object> measure() {
        final Samples together = new Samples();
        final Samples serial = new Samples();
        final Samples one = new Samples();
        final Samples two = new Samples();
        // The first eight open the model and let the queue see that there are several.
        atOnce(TOGETHER, caller -> generate(Priority.BATCH));
        atOnce(TOGETHER, caller -> generate(Priority.BATCH));
        for (int i = 0; i < plan.repeat(); i++) {
            together.measure(() -> atOnce(TOGETHER, caller -> generate(Priority.BATCH)));
            serial.measure(() -> images(TOGETHER));
            one.measure(() -> images(2 * IMAGES_EACH));
            two.measure(() -> atOnce(2, caller -> images(IMAGES_EACH)));
        }
        final Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("eight_at_once_ms", Bench.median(together.millis));
        numbers.put("eight_in_turn_ms", Bench.median(serial.millis));
        numbers.put("eight_ratio", Bench.ratio(together.millis, serial.millis));
        numbers.put("eight_cpu_ratio", Bench.ratio(together.cpuMillis, serial.cpuMillis));
        numbers.put("two_callers_throughput", Bench.ratio(one.millis, two.millis));
        numbers.put("two_callers_cpu_ratio", Bench.ratio(two.cpuMillis, one.cpuMillis));
        return numbers;
    }

    private void images(final int count) {
        for (int i = 0; i < count; i++) generate(Priority.INTERACTIVE);
    }

    private void generate(final Priority priority) {
        final long mine;
        synchronized (this) {
            mine = seed++;
        }
        final DiffusionRequest request = plan.request(plan.prompt() + ' ' + mine, mine).priority(priority).build();
        engine.generate(request, DiffusionListener.NONE, cancel).result();
    }

    private static void atOnce(final int callers, final IntConsumer work) {
        final List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            final int caller = i;
            running.add(CompletableFuture.runAsync(() -> work.accept(caller), task -> new Thread(task, "bench caller " + caller).start()));
        }
        try {
            running.forEach(CompletableFuture::join);
        }
        catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException failure ? failure : e;
        }
    }
}
