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

import net.diffusionj.home.FileStamps;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.pipeline.part.Background;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * What one run leaves for the next: text embeddings, initial noise, scheduler plans and the threads of {@link Background}. Everything kept equals what
 * would be made anew, bit for bit.
 * <p>
 * Thread-safe. Owned by its maker, and closed after every run that uses it.
 * </p>
 */
public final class Reuse implements AutoCloseable {

    /** Room for about 250 prompts of Stable Diffusion 1.5. */
    public static final long DEFAULT_EMBEDDING_BYTES = 64L << 20;

    private static final long NOISE_BYTES = 16L << 20;
    private static final int PLANS = 64;
    private static final int CONTRACTS = 64;

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
    private final Background background;

    /**
     * @param embeddingBytes bytes of embeddings to keep, 0 for none
     * @param overlap what of a run happens at the same time
     */
    public Reuse(final long embeddingBytes, final Overlap overlap) {
        this.overlap = overlap;
        embeddings = new ByteBoundedCache<>(embeddingBytes, Embeddings::bytes);
        background = new Background(overlap != Overlap.NONE);
    }

    /** As the defaults are: {@value #DEFAULT_EMBEDDING_BYTES} bytes of embeddings, with overlap where it is faster. */
    public Reuse() {
        this(DEFAULT_EMBEDDING_BYTES, Overlap.WHERE_FASTER);
    }

    Overlap overlap() {
        return overlap;
    }

    /** @return the threads for what need not wait for its turn; closed with this */
    public Background background() {
        return background;
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

    /** Waits for work in the background and forgets everything. */
    @Override
    public void close() {
        background.close();
        clear();
    }
}
