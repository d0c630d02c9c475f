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
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/**
 * Between two runs a session's threads leave the processors to the next part and to Java. Measured as the processor time that those threads alone use from
 * the end of a run until they sleep. A thread that does not stop burns a fixed number of turns before it sleeps, and it needs the same processor time for
 * them on a crowded machine as on a quiet one, so other work changes how long the test takes and not what it measures.
 */
@EnabledOnOs(OS.LINUX)
class IdleThreadsTest {

    private static final int SIDE = 16;
    private static final int TRIES = 10;
    private static final int THREADS = 3;
    private static final double MOST_BUSY_MILLIS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Path TASKS = Path.of("/proc/self/task");

    /** The quietest of several tries counts: Linux may book the last moments of the run itself a little late. */
    @Test
    void restAfterARun() throws InterruptedException, IOException {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        // Three threads, so that there are some to rest on a machine of one processor too.
        final ProviderOptions three = new ProviderOptions(new ProviderOptions.Cpu(THREADS, "", true, true), all.cuda(), all.tensorRt(), all.openVino(),
            all.directMl(), all.coreMl(), all.plugIns(), all.half(), all.placement());
        final Set<Path> before = threadsNamedLikeThisOne();
        double quietest = Double.MAX_VALUE;
        try (SessionCache cache = new SessionCache(onnx, new ExecutionProviders(onnx, three)); SessionLease lease = OrtFixtures.lease(cache, "greedy");
            ModelCall call = lease.newCall()) {
            final Set<Path> threads = nativeThreadsSince(before);
            call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, SIDE, SIDE).fill(0.5);
            call.output(OrtFixtures.output(lease, "sample"), 1, 3, 8 * SIDE, 8 * SIDE);
            final double fresh = processorMillis(threads);
            for (int i = 0; i < TRIES; i++) {
                call.run(new CancelToken());
                final double start = processorMillis(threads);
                waitUntilAsleep(threads);
                quietest = Math.min(quietest, processorMillis(threads) - start);
            }
            assertTrue(processorMillis(threads) > fresh, "these threads took part in the runs");
        }
        final double busy = quietest;
        assertTrue(busy < MOST_BUSY_MILLIS, () -> "the session's threads computed for " + busy + " ms or more after every run");
    }

    /** The timer of the cache starts a Java thread too, which bears its creator's name for a moment, until it takes its own. */
    private static Set<Path> nativeThreadsSince(final Set<Path> before) throws IOException, InterruptedException {
        final long start = System.nanoTime();
        Set<Path> threads;
        do {
            Thread.sleep(1);
            threads = threadsNamedLikeThisOne();
            threads.removeAll(before);
        }
        while (threads.size() >= THREADS && System.nanoTime() - start < PATIENCE_NANOS);
        assertEquals(THREADS - 1, threads.size(), "the session's threads beside the caller's");
        return threads;
    }

    /** A native thread has the name of the thread that started it; Java names its own. */
    private static Set<Path> threadsNamedLikeThisOne() throws IOException {
        final String name = Files.readString(Path.of("/proc/thread-self/comm"));
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> read(task, "comm").filter(name::equals).isPresent()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static double processorMillis(final Set<Path> threads) {
        return threads.stream().mapToLong(task -> Long.parseLong(read(task, "schedstat").orElseThrow().split(" ")[0])).sum() / 1e6;
    }

    private static void waitUntilAsleep(final Set<Path> threads) throws InterruptedException {
        final long start = System.nanoTime();
        while (!threads.stream().allMatch(IdleThreadsTest::isAsleep)) {
            assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "the session's threads never rest");
            Thread.sleep(1);
        }
    }

    private static boolean isAsleep(final Path task) {
        final String stat = read(task, "stat").orElseThrow();
        return stat.charAt(stat.lastIndexOf(')') + 2) == 'S';
    }

    /** @return the text of a thread's file; empty if the thread has ended */
    private static Optional<String> read(final Path task, final String file) {
        try {
            return Optional.of(Files.readString(task.resolve(file)));
        }
        catch (final IOException e) {
            if (Files.notExists(task)) return Optional.empty();
            throw new UncheckedIOException(e);
        }
    }
}
