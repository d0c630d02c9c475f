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
package net.diffusionj.scheduler;

import java.util.Arrays;

import net.diffusionj.scheduler.config.ClipConfig;

/** Holds the predicted clean latents of one image in range. */
final class Clipping {

    private Clipping() {}

    static void applyInPlace(final ClipConfig config, final float[] clean) {
        if (config.threshold()) {
            thresholdInPlace(config, clean);
        }
        else if (config.clip()) {
            clampInPlace(clean, (float) config.range(), 1);
        }
    }

    /** Dynamic thresholding: a quantile of the magnitudes, kept between 1 and the maximum, becomes the new 1. */
    private static void thresholdInPlace(final ClipConfig config, final float[] clean) {
        final float[] magnitudes = new float[clean.length];
        for (int i = 0; i < clean.length; i++) {
            magnitudes[i] = Math.abs(clean[i]);
        }
        Arrays.sort(magnitudes);
        final float rank = (float) config.ratio() * (clean.length - 1);
        final int below = (int) rank;
        final int above = Math.min(below + 1, clean.length - 1);
        final float quantile = magnitudes[below] + (rank - below) * (magnitudes[above] - magnitudes[below]);
        final float limit = (float) Math.min(Math.max(quantile, 1), config.maximum());
        clampInPlace(clean, limit, limit);
    }

    private static void clampInPlace(final float[] values, final float limit, final float divisor) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(Math.max(values[i], -limit), limit) / divisor;
        }
    }
}
