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

import net.diffusionj.scheduler.SchedulePlan;

/**
 * The latents of a source where a mask says that it may not change: put back after every step, noised to the level of the next one (as diffusers'
 * {@code StableDiffusionInpaintPipeline} does with a UNet of four channels), so that what is made inside fits what stays outside. Pixels outside are the
 * source's own only after they are put back too; that is the caller's.
 * <p>
 * Immutable and thread-safe.
 * </p>
 */
final class KnownLatents implements BetweenSteps {

    private final SchedulePlan plan;
    private final boolean[] mayChange;

    /**
     * @param plan has the noise levels
     * @param mayChange [height, width] of the latents
     */
    KnownLatents(final SchedulePlan plan, final boolean[] mayChange) {
        this.plan = plan;
        this.mayChange = mayChange;
    }

    /**
     * @param request may have a mask
     * @param plan has the noise levels
     * @param shape latents of one image
     * @return what is done after every step of it
     */
    static BetweenSteps of(final PipelineRequest request, final SchedulePlan plan, final LatentShape shape) {
        return request.mask().<BetweenSteps>map(mask -> new KnownLatents(plan, latentMask(mask, request.widthPx(), shape))).orElse(BetweenSteps.NOTHING);
    }

    /**
     * @param mask [heightPx, widthPx], where pixels may change
     * @param widthPx width of the mask
     * @param shape latents of one image
     * @return [height, width]: a latent pixel may change if any of its pixels may
     */
    static boolean[] latentMask(final boolean[] mask, final int widthPx, final LatentShape shape) {
        final boolean[] latent = new boolean[shape.height() * shape.width()];
        final int factor = widthPx / shape.width();
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) latent[i / widthPx / factor * shape.width() + i % widthPx / factor] = true;
        }
        return latent;
    }

    @Override
    public void applyInPlace(final GroupState group, final int nextIndex) {
        for (int image = 0; image < group.latents().length; image++) {
            final GroupState.Known known = group.known()[image];
            float[] noised = known.latents();
            if (nextIndex < plan.modelCalls()) {
                noised = new float[noised.length];
                plan.addNoise(known.latents(), known.noise(), nextIndex, noised);
            }
            final float[] latents = group.latents()[image];
            for (int i = 0; i < latents.length; i++) {
                if (!mayChange[i % mayChange.length]) latents[i] = noised[i];
            }
        }
    }
}
