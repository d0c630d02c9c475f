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

import java.util.Optional;

import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.image.CameraModel;
import net.diffusionj.model.GuidanceInterval;

/**
 * One request: several images of one source, with equal settings and seeds that follow one another.
 *
 * @param source where they start from
 * @param choices mode, negative prompt, scale, model and provider
 * @param prompt what to draw
 * @param strength how far from the source
 * @param guidance guidance scale
 * @param guided during which steps guidance is on
 * @param steps denoising steps
 * @param scheduler id
 * @param firstSeed seed of the first image; image k has the seed + k
 * @param images how many
 * @param camera whose noise they get, where they are new; empty for none
 */
record DrawJob(PlannedSource source, DrawChoices choices, String prompt, double strength, double guidance, GuidanceInterval guided, int steps, String scheduler,
    long firstSeed, int images, Optional<CameraModel> camera) {

    /** @param newStrength another strength
     *  @param newSeed another first seed
     *  @param newImages another number
     *  @return the same job otherwise */
    DrawJob again(final double newStrength, final long newSeed, final int newImages) {
        return new DrawJob(source, choices, prompt, newStrength, guidance, guided, steps, scheduler, newSeed, newImages, camera);
    }
}
