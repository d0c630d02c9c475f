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
package net.diffusionj.augment.run;

import java.util.Map;

import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.plan.DrawChoices;

/**
 * What all images of a run have in common.
 *
 * @param drawer draws
 * @param modelSha256 of what the model's files hold
 * @param threads of a model call
 */
record DrawContext(Drawer drawer, String modelSha256, int threads) {

    /**
     * @param job what was asked for
     * @param seed of the image
     * @param index of the image in the job
     * @param attempt 0 for the first draw
     * @param settings what the service said; empty where nothing was drawn
     * @return the manifest's entry
     */
    DrawEntry entry(final DrawJob job, final long seed, final int index, final int attempt, final Map<String, String> settings) {
        final DrawChoices choices = job.choices();
        return new DrawEntry(choices.mode().id(), job.prompt(), choices.negative(), job.guidance(), job.guided(), job.steps(), job.scheduler(), job.strength(),
            choices.scale(), seed, job.images(), index, attempt, choices.model(), modelSha256, settings.getOrDefault("provider", ""), threads,
            settings.getOrDefault("onnxruntime", ""), settings.getOrDefault("diffusionj", ""), settings.getOrDefault("intensity", ""));
    }
}
