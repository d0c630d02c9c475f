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
package net.diffusionj.scheduler.config;

/**
 * How predicted clean latents are held in range. Thresholding wins over clipping.
 *
 * @param clip {@code clip_sample}
 * @param range {@code clip_sample_range}: clipping keeps values between minus and plus this
 * @param threshold {@code thresholding}: dynamic thresholding, <a href="https://arxiv.org/abs/2205.11487">Saharia et al. 2022</a>
 * @param ratio {@code dynamic_thresholding_ratio}, 0 to 1: the quantile of the magnitudes that becomes the threshold
 * @param maximum {@code sample_max_value}: the largest threshold
 */
public record ClipConfig(boolean clip, double range, boolean threshold, double ratio, double maximum) {

    /** Checks the ranges. */
    public ClipConfig {
        requirePositive("clip_sample_range", range);
        requirePositive("sample_max_value", maximum);
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("dynamic_thresholding_ratio must be between 0 and 1, but is " + ratio + ".");
        }
    }

    private static void requirePositive(final String key, final double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(key + " must be a positive number, but is " + value + ".");
        }
    }
}
