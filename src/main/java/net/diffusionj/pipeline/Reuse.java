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
package net.diffusionj.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import net.diffusionj.DiffusionJException;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.ort.ExecutionProvider;
import net.diffusionj.ort.FileStamps;
import net.diffusionj.scheduler.SchedulerConfig;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.TorchRandom;

/**
 * What one run leaves for the next: text embeddings, initial noise and scheduler plans; and the threads that do what need not wait for its turn,
 * such as opening the UNet while the prompt is encoded. Everything kept equals what would be made anew, bit for bit.
 * <p>
 * Thread-safe. Owned by who made it, and closed after every run that uses it.
 * </p>
 */
public final class Reuse implements AutoCloseable {

    /** Room for about 250 prompts of Stable Diffusion 1.5. */
    public static final long DEFAULT_EMBEDDING_BYTES = 64L << 20;

    private static final long NOISE_BYTES = 16L << 20;
    private static final int PLANS = 64;
    private static final int CONTRACTS = 64;
    private static final long CLOSE_SECONDS = 120;

    /** Which prompt through which encoder: the encoder's files as they are on disk, what it runs on, and the tokens. */
    record EmbeddingKey(FileStamps encoder, List<ExecutionProvider> providers, List<Integer> ids) {}

    /** Draw {@code index} of an image's random numbers. */
    record NoiseKey(long seed, int size, int index) {}

    /** Numbers drawn, and the generator as it is after them. */
    record Drawn(float[] values, TorchRandom after) {
        private static final long GENERATOR_BYTES = 2600;

        long bytes() {
            return (long) Float.BYTES * values.length + GENERATOR_BYTES;
        }
    }

    private record PlanKey(SchedulerConfig config, int steps, double strength, boolean guidanceDistilled, boolean fromImage) {}

    private final ByteBoundedCache<EmbeddingKey, Embeddings> embeddings;
    private final ByteBoundedCache<NoiseKey, Drawn> noise = new ByteBoundedCache<>(NOISE_BYTES, Drawn::bytes);
    private final ByteBoundedCache<PlanKey, StartedPlan> plans = new ByteBoundedCache<>(PLANS, plan -> 1);
    private final ByteBoundedCache<FileStamps, TextEncoderContract> textContracts = new ByteBoundedCache<>(CONTRACTS, contract -> 1);
    private final Overlap overlap;
    private final Optional<ExecutorService> threads;

    /**
     * @param embeddingBytes bytes of embeddings to keep, 0 for none
     * @param overlap what of a run happens at the same time
     */
    public Reuse(final long embeddingBytes, final Overlap overlap) {
        this.overlap = overlap;
        embeddings = new ByteBoundedCache<>(embeddingBytes, Embeddings::bytes);
        threads = overlap == Overlap.NONE ? Optional.empty() : Optional.of(newThreads());
    }

    /** As the defaults are: {@value #DEFAULT_EMBEDDING_BYTES} bytes of embeddings, with overlap where it is faster. */
    public Reuse() {
        this(DEFAULT_EMBEDDING_BYTES, Overlap.WHERE_FASTER);
    }

    Overlap overlap() {
        return overlap;
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
     * Starts work that will be wanted soon. Without overlap it is done here and now.
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

    /** @param maxBytes bytes of embeddings to keep from now on, 0 for none */
    public void keepEmbeddings(final long maxBytes) {
        embeddings.limit(maxBytes);
    }

    ByteBoundedCache<EmbeddingKey, Embeddings> embeddings() {
        return embeddings;
    }

    ByteBoundedCache<NoiseKey, Drawn> noise() {
        return noise;
    }

    ByteBoundedCache<FileStamps, TextEncoderContract> textContracts() {
        return textContracts;
    }

    /**
     * @param request has the scheduler, the steps and the strength
     * @param fromImage whether the run starts from an image
     * @param guidanceDistilled whether the UNet takes guidance as an input
     * @return the plan, made anew if it is not here
     */
    StartedPlan plan(final PipelineRequest request, final boolean fromImage, final boolean guidanceDistilled) {
        final PlanKey key = new PlanKey(request.scheduler().config(), request.steps(), fromImage ? request.strength() : 1, guidanceDistilled, fromImage);
        return plans.get(key).orElseGet(() -> {
            final StartedPlan plan = fromImage ? request.scheduler().scheduleFrom(request.steps(), request.strength(), guidanceDistilled)
                : new StartedPlan(request.scheduler().schedule(request.steps()), 0);
            plans.put(key, plan);
            return plan;
        });
    }

    /** @return how many embeddings were taken from here instead of being made */
    public long embeddingHits() {
        return embeddings.hits();
    }

    /** @return bytes kept now */
    public long bytes() {
        return embeddings.bytes() + noise.bytes();
    }

    /** Forgets everything that is kept. */
    public void clear() {
        embeddings.clear();
        noise.clear();
        plans.clear();
        textContracts.clear();
    }

    /** Waits for work that was begun and forgets everything. */
    @Override
    public void close() {
        threads.ifPresent(Reuse::end);
        clear();
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
