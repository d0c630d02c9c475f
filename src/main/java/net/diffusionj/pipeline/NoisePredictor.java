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

import net.diffusionj.CancelToken;

/**
 * The seam between the denoising loop and the model: noisy latents and a step in, a prediction for each image of a group out, guidance included. The
 * loop does not know whether one model call makes it or several. Made for one group size and one {@link Conditioning}.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
interface NoisePredictor extends AutoCloseable {

    /**
     * Predicts for every image of the group.
     *
     * @param latents per image [channels, height, width]; not changed
     * @param step which step
     * @param predictions per image, as large as the latents; filled
     * @param cancel ends a model call early
     */
    void predict(float[][] latents, DenoisingStep step, float[][] predictions, CancelToken cancel);

    /** @return nanoseconds inside ONNX Runtime so far */
    long runNanos();

    /** Closes the buffers. */
    @Override
    void close();

    /** Makes predictors for the groups and conditionings of one run. */
    @FunctionalInterface
    interface Source {
        /**
         * @param conditioning what the UNet is told
         * @param guided whether for steps with guidance; without effect on a conditioning of one pass
         * @param images images in the group
         * @return to be closed by the caller before the model
         */
        NoisePredictor open(Conditioning conditioning, boolean guided, int images);
    }
}
