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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.queue.Priority;

/**
 * A server under load, in a process of its own: many clients with mixed requests, in turns with as many callers of an engine that do the same without HTTP; and a
 * server that is killed while it works. Every request must end once, with the image that it makes alone.
 */
public final class ServerBench {

    private static final int DIFFERENT = 12;
    private static final int ROUNDS = 3;
    private static final long BEFORE_KILL_MILLIS = 1500;
    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchPlan plan;
    private final int clients;
    private final int seconds;
    private final double leastRatio;
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Double> waits = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Double> totals = new ConcurrentLinkedQueue<>();

    /** A round: how many requests were made in how long. */
    private record Round(int requests, double millis) {}

    /**
     * @param plan has the model, the steps and the provider
     * @param clients at the same time, at least 1
     * @param seconds of load, at least 1
     * @param leastRatio of the throughput with HTTP to that without
     */
    public ServerBench(final BenchPlan plan, final int clients, final int seconds, final double leastRatio) {
        if (clients < 1 || seconds < 1) throw new InvalidInputException("There must be at least 1 client for 1 second.");
        this.plan = plan;
        this.clients = clients;
        this.seconds = seconds;
        this.leastRatio = leastRatio;
    }

    /**
     * Runs it.
     *
     * @param main the program's main class
     * @param here makes an engine that does the work in this process
     * @param there makes an engine that takes servers for models
     * @param cancel ends it
     * @return the verdict
     */
    public Verdict run(final String main, final Supplier<DiffusionEngine> here, final Supplier<DiffusionEngine> there, final CancelToken cancel) {
        final Map<String, Object> numbers = new LinkedHashMap<>();
        try (DiffusionEngine engine = here.get(); DiffusionEngine client = there.get()) {
            final List<DiffusionRequest> requests = requests(engine);
            final List<float[]> expected =
                requests.stream().map(request -> latents(engine.generate(request, DiffusionListener.NONE, cancel).result())).toList();
            final int port;
            try (ServerProcess server = ServerProcess.start(main, plan.model(), 0)) {
                port = server.port();
                load(engine, client, at(requests, server), requests, expected, cancel, numbers);
                killed(server, client, at(requests, server), cancel);
            }
            try (ServerProcess again = ServerProcess.start(main, plan.model(), port)) {
                final DiffusionResult made = client.generate(at(requests, again).get(0), DiffusionListener.NONE, cancel).result();
                if (!Arrays.equals(expected.get(0), latents(made))) wrong.add("After a restart the server makes another image.");
            }
        }
        return new Verdict(numbers, wrong.stream().distinct().toList());
    }

    private List<DiffusionRequest> requests(final DiffusionEngine engine) {
        final ModelDefaults defaults = engine.defaults(plan.model());
        final int even = defaults.sizes().evenPx();
        final List<DiffusionRequest> requests = new ArrayList<>();
        for (int i = 0; i < DIFFERENT; i++) {
            final DiffusionRequest.Builder request = plan.request(plan.prompt() + ' ' + i % 5, i).priority(i % 3 == 0 ? Priority.INTERACTIVE : Priority.BATCH);
            if (i % 3 == 1) request.size(defaults.widthPx(), Math.max(even, defaults.heightPx() / 2 / even * even));
            if (i % 6 == 5) request.size(Math.max(even, defaults.widthPx() / 2 / even * even), defaults.heightPx());
            requests.add(request.build());
        }
        return requests;
    }

    private static List<DiffusionRequest> at(final List<DiffusionRequest> requests, final ServerProcess server) {
        return requests.stream().map(request -> request.with().model(server.address()).build()).toList();
    }

    private static float[] latents(final DiffusionResult result) {
        return result.latents().orElseThrow().values();
    }

    private void load(final DiffusionEngine engine, final DiffusionEngine client, final List<DiffusionRequest> there, final List<DiffusionRequest> here,
        final List<float[]> expected, final CancelToken cancel, final Map<String, Object> numbers) {
        // Both open the model and see each size once, and then the load for a while, before it counts: a Java that has just begun still compiles what it runs.
        round(client, there, expected, DIFFERENT, Long.MAX_VALUE, cancel);
        round(engine, here, expected, DIFFERENT, Long.MAX_VALUE, cancel);
        final long nanos = 1_000_000_000L * seconds / ROUNDS;
        round(engine, here, expected, round(client, there, expected, Integer.MAX_VALUE, nanos / 2, cancel).requests(), Long.MAX_VALUE, cancel);
        waits.clear();
        totals.clear();
        int made = 0;
        double httpMillis = 0;
        double plainMillis = 0;
        for (int i = 0; i < ROUNDS; i++) {
            final Round http = round(client, there, expected, Integer.MAX_VALUE, nanos, cancel);
            made += http.requests();
            httpMillis += http.millis();
            final List<Double> sofarWaits = List.copyOf(waits);
            final List<Double> sofarTotals = List.copyOf(totals);
            plainMillis += round(engine, here, expected, http.requests(), Long.MAX_VALUE, cancel).millis();
            restore(waits, sofarWaits);
            restore(totals, sofarTotals);
        }
        final double ratio = plainMillis / httpMillis;
        if (ratio < leastRatio) wrong.add("With HTTP the throughput is " + ratio + " of that without, less than " + leastRatio + '.');
        numbers.put("clients", clients);
        numbers.put("requests", made);
        numbers.put("seconds", Math.rint(httpMillis / 100) / 10);
        numbers.put("throughput_ratio", Math.rint(1000 * ratio) / 1000);
        for (final int share : new int[] {50, 95, 99}) {
            numbers.put("wait_p" + share + "_ms", Math.rint(percentile(waits, share)));
            numbers.put("total_p" + share + "_ms", Math.rint(percentile(totals, share)));
        }
    }

    private static void restore(final ConcurrentLinkedQueue<Double> values, final List<Double> before) {
        values.clear();
        values.addAll(before);
    }

    /** The nearest value that at least so many per cent do not exceed. */
    private static double percentile(final ConcurrentLinkedQueue<Double> values, final int share) {
        final double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share / 100.0 * sorted.length) - 1)];
    }

    private Round round(final DiffusionEngine engine, final List<DiffusionRequest> requests, final List<float[]> expected, final int most, final long nanos,
        final CancelToken cancel) {
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger made = new AtomicInteger();
        final long start = System.nanoTime();
        together(() -> {
            while (System.nanoTime() - start < nanos) {
                final int index = next.getAndIncrement();
                if (index >= most) return;
                cancel.throwIfCancelled();
                final int which = index % requests.size();
                final long begun = System.nanoTime();
                final DiffusionResult result = engine.generate(requests.get(which), DiffusionListener.NONE, cancel).result();
                totals.add((System.nanoTime() - begun) / NANOS_PER_MILLI);
                waits.add(result.record().orElseThrow().times().queue());
                made.incrementAndGet();
                if (!Arrays.equals(expected.get(which), latents(result))) wrong.add("Request " + which + " made another image than alone.");
            }
        });
        final int asked = Math.min(next.get(), most);
        if (nanos == Long.MAX_VALUE && made.get() != asked) wrong.add(asked + " requests were asked, but " + made.get() + " made.");
        return new Round(made.get(), (System.nanoTime() - start) / NANOS_PER_MILLI);
    }

    private void together(final Runnable work) {
        final List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            final int number = i;
            running.add(CompletableFuture.runAsync(work, task -> {
                final Thread thread = new Thread(task, "bench client " + number);
                thread.setDaemon(true);
                thread.start();
            }));
        }
        try {
            running.forEach(CompletableFuture::join);
        }
        catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException failure ? failure : e;
        }
    }

    private void killed(final ServerProcess server, final DiffusionEngine client, final List<DiffusionRequest> requests, final CancelToken cancel) {
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger told = new AtomicInteger();
        final CompletableFuture<Void> kill = CompletableFuture.runAsync(() -> {
            try {
                Thread.sleep(BEFORE_KILL_MILLIS);
            }
            catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            server.kill();
        }, task -> new Thread(task, "bench kills").start());
        together(() -> {
            while (true) {
                try {
                    client.generate(requests.get(next.getAndIncrement() % requests.size()), DiffusionListener.NONE, cancel).result();
                }
                catch (final DiffusionJException e) {
                    if (e.getMessage().contains(server.address()) && e.getMessage().contains("othing was made")) told.incrementAndGet();
                    else wrong.add("A client of a killed server was told: " + e.getMessage());
                    return;
                }
            }
        });
        kill.join();
        if (told.get() != clients) wrong.add(clients + " clients had a server that was killed, but " + told.get() + " were told so.");
    }
}
