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
package net.diffusionj.augment.quality;

/**
 * How an output compares with its source and with other outputs. Immutable. What was not measured is NaN.
 *
 * @param ssim structural similarity to the source (Wang and others, 2004), at most 1, which only the same picture has
 * @param psnrDb peak signal to noise ratio in decibels, where the peak is the source's own range; infinite for the same picture
 * @param histogramDistance how far values must move on average to turn one histogram into the other, as a share of the source's range; 0 for the same one
 * @param sourceDistance 1 − correlation of fine structure with the source, 0 to 2: near 0 for a copy, about 1 for another texture
 * @param nearestOutputDistance the same to the most similar of the other outputs; NaN until these are known
 * @param kernelDistance of {@link KernelGauge}: about 1 for another image of the sources' kind; NaN unless it was asked for
 */
public record Quality(double ssim, double psnrDb, double histogramDistance, double sourceDistance, double nearestOutputDistance,
    double kernelDistance) {

    /**
     * @param distance to the most similar of the other outputs
     * @return that alone
     */
    public static Quality onlyNearestOutput(final double distance) {
        return new Quality(Double.NaN, Double.NaN, Double.NaN, Double.NaN, distance, Double.NaN);
    }

    /**
     * @param distance to the most similar of the other outputs
     * @return the same with that distance
     */
    public Quality withNearestOutputDistance(final double distance) {
        return new Quality(ssim, psnrDb, histogramDistance, sourceDistance, distance, kernelDistance);
    }

    /**
     * @param distance to the other sources
     * @return the same with that distance
     */
    public Quality withKernelDistance(final double distance) {
        return new Quality(ssim, psnrDb, histogramDistance, sourceDistance, nearestOutputDistance, distance);
    }
}
