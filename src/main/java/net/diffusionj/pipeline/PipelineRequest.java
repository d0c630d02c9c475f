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

import java.util.Optional;

import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.scheduler.Scheduler;

/**
 * One generation with nothing left open.
 *
 * @param prompt what to draw; may be empty
 * @param negative what to avoid; may be empty; without effect where no guidance pass runs
 * @param guidance guidance scale, at least 0; 1 or less means one model pass a step
 * @param guided during which of the steps that are run guidance is on
 * @param steps denoising steps, 1 to the scheduler's training timesteps
 * @param firstSeed seed of the first image; image k has firstSeed + k
 * @param images number of images, at least 1
 * @param widthPx width in pixels, a multiple of the model's factor
 * @param heightPx height in pixels, a multiple of the model's factor
 * @param scheduler how to step
 * @param strength share of the steps that image to image runs, 0 to 1; without effect without a source
 * @param source the picture to start from; empty for text to image
 * @param mask [heightPx, widthPx] row-major, which pixels of the source may change; empty for all; not copied
 * @param initialNoise unit-variance noise [images, channels, latentHeight, latentWidth] to use instead of the seeds'; not copied
 */
public record PipelineRequest(String prompt, String negative, double guidance, GuidanceInterval guided, int steps, long firstSeed, int images, int widthPx,
    int heightPx, Scheduler scheduler, double strength, Optional<SourcePixels> source, Optional<boolean[]> mask, Optional<float[]> initialNoise) {

    /** Checks what can be checked without the model. */
    public PipelineRequest {
        if (!(guidance >= 0)) throw new IllegalArgumentException("guidance " + guidance);
        if (steps < 1) throw new IllegalArgumentException("steps " + steps);
        if (images < 1) throw new IllegalArgumentException("images " + images);
        if (!(strength >= 0 && strength <= 1)) throw new IllegalArgumentException("strength " + strength);
        if (mask.isPresent() && (source.isEmpty() || mask.get().length != widthPx * heightPx)) {
            throw new IllegalArgumentException("a mask of " + mask.get().length + " pixels for " + widthPx + " x " + heightPx);
        }
        source.ifPresent(pixels -> {
            if (pixels.widthPx() != widthPx || pixels.heightPx() != heightPx) {
                throw new IllegalArgumentException("source " + pixels.widthPx() + " x " + pixels.heightPx() + " for an image of " + widthPx + " x " + heightPx);
            }
        });
    }

    /** As the other constructor does, guided at every step and without a mask. */
    public PipelineRequest(final String prompt, final String negative, final double guidance, final int steps, final long firstSeed, final int images,
        final int widthPx, final int heightPx, final Scheduler scheduler, final double strength, final Optional<SourcePixels> source,
        final Optional<float[]> initialNoise) {
        this(prompt, negative, guidance, GuidanceInterval.ALWAYS, steps, firstSeed, images, widthPx, heightPx, scheduler, strength, source, Optional.empty(),
            initialNoise);
    }

    /**
     * @param pixels the picture to start from, of this request's size
     * @param changing which of its pixels may change; empty for all
     * @return this request with it
     */
    public PipelineRequest from(final SourcePixels pixels, final Optional<boolean[]> changing) {
        return new PipelineRequest(prompt, negative, guidance, guided, steps, firstSeed, images, widthPx, heightPx, scheduler, strength, Optional.of(pixels),
            changing, initialNoise);
    }
}
