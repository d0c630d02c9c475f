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

/**
 * How an output compares with its source and with the other outputs. A measure that was not taken is not a number.
 *
 * @param ssim structural similarity to the source
 * @param psnrDb peak signal-to-noise ratio to the source, dB
 * @param histogramDistance distance of the histograms of both
 * @param sourceDistance distance to the nearest source: small for a near copy
 * @param nearestOutputDistance distance to the nearest other output: small for a near copy
 * @param kernelDistance kernel distance to the other sources, as a multiple of what the sources have among themselves
 */
public record QualityEntry(double ssim, double psnrDb, double histogramDistance, double sourceDistance, double nearestOutputDistance,
    double kernelDistance) {

    /** @param distance to the nearest other output
     *  @return the same entry with it */
    public QualityEntry withNearestOutputDistance(final double distance) {
        return new QualityEntry(ssim, psnrDb, histogramDistance, sourceDistance, distance, kernelDistance);
    }

    /** @param distance to the other sources
     *  @return the same entry with it */
    public QualityEntry withKernelDistance(final double distance) {
        return new QualityEntry(ssim, psnrDb, histogramDistance, sourceDistance, nearestOutputDistance, distance);
    }
}
