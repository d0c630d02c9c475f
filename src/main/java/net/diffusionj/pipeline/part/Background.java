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
package net.diffusionj.pipeline.part;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import net.diffusionj.DiffusionJException;

/**
 * Threads for what need not wait for its turn, such as opening the UNet while the prompt is encoded; or none, and then it is done in turn after all.
 * <p>
 * Thread-safe. Owned by its maker, and closed after every run that uses it.
 * </p>
 */
public final class Background implements AutoCloseable {

    private static final long CLOSE_SECONDS = 120;

    private final Optional<ExecutorService> threads;

    /** @param withThreads whether there is anything beside the calling thread */
    public Background(final boolean withThreads) {
        threads = withThreads ? Optional.of(newThreads()) : Optional.empty();
    }

    private static ExecutorService newThreads() {
        final AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            final Thread thread = new Thread(task, "DiffusionJ loader " + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts work that will be wanted soon. Without threads it is done here and now.
     *
     * @param work what to do
     * @param <T> what it makes
     * @return completes with what the work made, or with its failure
     */
    public <T> CompletableFuture<T> begin(final Supplier<T> work) {
        if (threads.isEmpty()) {
            final CompletableFuture<T> done = new CompletableFuture<>();
            try {
                done.complete(work.get());
            }
            catch (final RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
            return done;
        }
        try {
            return CompletableFuture.supplyAsync(work, threads.get());
        }
        catch (final RejectedExecutionException e) {
            throw new DiffusionJException("DiffusionJ was shut down while a generation began; start ImageJ or the program again.", e);
        }
    }

    /** Waits for work that was begun. */
    @Override
    public void close() {
        threads.ifPresent(Background::end);
    }

    private static void end(final ExecutorService threads) {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
