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
package net.diffusionj.augment.manifest;

import java.util.Objects;

import net.diffusionj.model.GuidanceInterval;

/**
 * How an output was drawn: everything that draws it again. For a source that was skipped before, what would have been used.
 *
 * @param mode what may change: id of a {@code Mode}
 * @param prompt the prompt with its {@code {class}} filled in
 * @param negative what to avoid
 * @param guidance guidance scale
 * @param guided during which steps guidance is on
 * @param steps denoising steps
 * @param scheduler id of the scheduler
 * @param strength how far from the source, 0 to 1
 * @param scale by how much the source's sides are multiplied on the way to the model
 * @param seed 64 bits of this image's seed
 * @param batch images of the request that drew it
 * @param batchIndex its place among them, from 0: the request's seed is {@code seed - batchIndex}
 * @param attempt 0 for the first draw, 1 and so on for those after the gate's refusals
 * @param model name or folder of the model
 * @param modelSha256 of what the model's files hold
 * @param provider what computed it
 * @param threads threads of a model call; 0 for one per core
 * @param onnxruntime ONNX Runtime's version
 * @param diffusionj this program's version
 * @param intensity how pixel values became model values: text of an {@code IntensityMapping}
 */
public record DrawEntry(String mode, String prompt, String negative, double guidance, GuidanceInterval guided, int steps, String scheduler, double strength,
    String scale, long seed, int batch, int batchIndex, int attempt, String model, String modelSha256, String provider, int threads, String onnxruntime,
    String diffusionj, String intensity) {

    /** Checks the batch. */
    public DrawEntry {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negative, "negative");
        Objects.requireNonNull(guided, "guided");
        if (batchIndex < 0 || batchIndex >= batch) throw new IllegalArgumentException("image " + batchIndex + " of a batch of " + batch);
    }

    /** @param newSeed seed of another image of the request
     *  @param newIndex its place
     *  @return the entry of that image */
    public DrawEntry at(final long newSeed, final int newIndex) {
        return new DrawEntry(mode, prompt, negative, guidance, guided, steps, scheduler, strength, scale, newSeed, batch, newIndex, attempt, model, modelSha256,
            provider, threads, onnxruntime, diffusionj, intensity);
    }

    /** @param name name or folder of a model
     *  @param sha256 of what its files hold
     *  @return the same entry with that model */
    public DrawEntry withModel(final String name, final String sha256) {
        return new DrawEntry(mode, prompt, negative, guidance, guided, steps, scheduler, strength, scale, seed, batch, batchIndex, attempt, name, sha256,
            provider, threads, onnxruntime, diffusionj, intensity);
    }
}
