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
package net.diffusionj.train.step;

import net.diffusionj.pipeline.LatentDistribution;
import net.diffusionj.scheduler.noise.TorchRandom;
import net.diffusionj.train.material.Material;
import net.diffusionj.train.material.Streams;
import net.diffusionj.train.material.Streams.Purpose;

/**
 * Makes batches: which pictures, at which timesteps, with which noise. Every batch follows from the seed and its number alone. Immutable and thread-safe.
 */
public final class Batches {

    /** Of the captions, this share is left out, which guidance needs. */
    private static final double DROPOUT = 0.1;
    private static final int LEVELS = 2;

    private final Material material;
    private final NoiseLaw law;
    private final long seed;
    private final int size;
    private final int rehearsed;

    /**
     * @param material what is learned
     * @param law how noise is put on it
     * @param seed of the tuning
     * @param size pictures in a batch
     * @param rehearsalShare how many of them the model drew itself before, 0 to 1
     */
    public Batches(final Material material, final NoiseLaw law, final long seed, final int size, final double rehearsalShare) {
        this.material = material;
        this.law = law;
        this.seed = seed;
        this.size = size;
        this.rehearsed = material.rehearsed().isEmpty() ? 0 : (int) Math.min(size - 1L, Math.round(rehearsalShare * size));
    }

    /**
     * Timesteps are spread evenly over the schedule, one in each of as many parts as the batch has pictures: the same mean with less variance.
     *
     * @param step which, from 0
     * @return a batch to learn from
     */
    public Batch training(final long step) {
        final TorchRandom random = Streams.of(seed, Purpose.BATCH, step);
        final Filler filler = new Filler(size);
        final int turn = (int) (size * random.uniform());
        for (int i = 0; i < size; i++) {
            final double place = ((i + turn) % size + random.uniform()) / size;
            final int timestep = Math.min(law.timesteps() - 1, (int) (place * law.timesteps()));
            final boolean own = i < size - rehearsed;
            final int index = (int) ((own ? material.training().size() : material.rehearsed().size()) * random.uniform());
            final int text = own ? Material.CAPTION : material.rehearsedTexts().get(index);
            final float[] clean = own ? material.training().get(index).sample(random.normals(material.latentSize())) : material.rehearsed().get(index);
            filler.add(clean, random.uniform() < DROPOUT ? Material.NO_WORDS : text, timestep, random, 1f / size);
        }
        return filler.batch();
    }

    /** @return batches that the validation consists of */
    public int validations() {
        return (samples() + size - 1) / size;
    }

    private int samples() {
        return LEVELS * material.validation().size();
    }

    /**
     * Every crop at two timesteps with fixed noise, all together spread over the schedule.
     *
     * @param number which, from 0
     * @return one of the batches of the validation; the last one's surplus pictures have weight 0
     */
    public Batch validation(final int number) {
        final Filler filler = new Filler(size);
        for (int i = 0; i < size; i++) {
            final int sample = Math.min(number * size + i, samples() - 1);
            final TorchRandom random = Streams.of(seed, Purpose.VALIDATION_NOISE, sample);
            final LatentDistribution crop = material.validation().get(sample % material.validation().size());
            // Neighbours in the list are apart in the schedule, so each crop is seen at a low and at a high level.
            final int place = sample / material.validation().size() + LEVELS * (sample % material.validation().size());
            final int timestep = (int) ((place + 0.5) / samples() * law.timesteps());
            filler.add(crop.sample(random.normals(material.latentSize())), Material.CAPTION, timestep, random,
                number * size + i < samples() ? 1f / samples() : 0);
        }
        return filler.batch();
    }

    /** A batch under way. */
    private final class Filler {

        private final float[] sample;
        private final float[] target;
        private final float[] texts;
        private final float[] timesteps;
        private final float[] weights;
        private int filled;

        Filler(final int pictures) {
            sample = new float[pictures * material.latentSize()];
            target = new float[sample.length];
            texts = new float[pictures * material.texts().get(0).length];
            timesteps = new float[pictures];
            weights = new float[pictures];
        }

        void add(final float[] clean, final int text, final int timestep, final TorchRandom random, final float weight) {
            final float[] noise = random.normals(clean.length);
            law.noisy(clean, noise, timestep, sample, filled * clean.length);
            law.target(clean, noise, timestep, target, filled * clean.length);
            final float[] words = material.texts().get(text);
            System.arraycopy(words, 0, texts, filled * words.length, words.length);
            timesteps[filled] = timestep;
            weights[filled++] = weight;
        }

        Batch batch() {
            return new Batch(sample, timesteps, texts, target, weights);
        }
    }
}
