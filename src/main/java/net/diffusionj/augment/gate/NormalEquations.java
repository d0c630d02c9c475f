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

/** What a fit needs of training pixels: sums of products of their terms. Immutable; arrays are never written after construction. */
final class NormalEquations {

    /** The lower triangle. */
    private final double[][] matrix;
    private final double[] right;

    NormalEquations(final TrainingPixels pixels, final FeatureScale scale) {
        final int terms = scale.terms();
        final int features = scale.features();
        matrix = new double[terms][];
        for (int i = 0; i < terms; i++) matrix[i] = new double[i + 1];
        right = new double[terms];
        final double[] row = new double[terms];
        final double[] pixel = new double[features];
        for (int r = 0; r < pixels.features().length; r++) {
            System.arraycopy(pixels.features()[r], 0, pixel, 0, features);
            scale.standardise(pixel);
            System.arraycopy(pixel, 0, row, 0, features);
            int at = features;
            for (int i = 0; i < features; i++) {
                for (int j = i; j < features; j++) row[at++] = pixel[i] * pixel[j];
            }
            row[at] = 1;
            add(row, pixels.weights()[r], pixels.inObject()[r]);
        }
    }

    private void add(final double[] row, final double weight, final boolean inObject) {
        for (int i = 0; i < row.length; i++) {
            final double product = weight * row[i];
            right[i] += inObject ? product : -product;
            final double[] line = matrix[i];
            for (int j = 0; j <= i; j++) line[j] += product * row[j];
        }
    }

    void addTo(final double[][] lower, final double[] side, final double share) {
        for (int i = 0; i < side.length; i++) {
            side[i] += share * right[i];
            for (int j = 0; j <= i; j++) lower[i][j] += share * matrix[i][j];
        }
    }
}
