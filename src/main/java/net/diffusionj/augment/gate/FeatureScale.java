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
package net.diffusionj.augment.gate;

import java.util.List;

/** Brings features to a common scale: mean 0 and spread 1 in training pixels, and nothing beyond what these have. Immutable; arrays are never written. */
final class FeatureScale {

    private final double[] means;
    private final double[] spreads;
    private final double[] low;
    private final double[] high;

    /** @param pixels at least one */
    FeatureScale(final List<double[]> pixels) {
        final int features = pixels.get(0).length;
        means = new double[features];
        spreads = new double[features];
        low = new double[features];
        high = new double[features];
        for (int f = 0; f < features; f++) measure(pixels, f);
    }

    private void measure(final List<double[]> pixels, final int f) {
        double sum = 0;
        double squares = 0;
        for (final double[] pixel : pixels) {
            sum += pixel[f];
            squares += pixel[f] * pixel[f];
        }
        means[f] = sum / pixels.size();
        spreads[f] = Math.sqrt(Math.max(0, squares / pixels.size() - means[f] * means[f])) + 1e-6;
        low[f] = Double.POSITIVE_INFINITY;
        high[f] = Double.NEGATIVE_INFINITY;
        for (final double[] pixel : pixels) {
            final double value = (pixel[f] - means[f]) / spreads[f];
            low[f] = Math.min(low[f], value);
            high[f] = Math.max(high[f], value);
        }
    }

    int features() {
        return means.length;
    }

    /** Features, their products of two, and a constant. */
    int terms() {
        return means.length + means.length * (means.length + 1) / 2 + 1;
    }

    /** Changes the features of one pixel in place. */
    void standardise(final double[] pixel) {
        for (int f = 0; f < pixel.length; f++) pixel[f] = Math.max(low[f], Math.min(high[f], (pixel[f] - means[f]) / spreads[f]));
    }
}
