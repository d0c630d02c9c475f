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

import java.util.Arrays;
import java.util.List;

import net.diffusionj.augment.planes.Plane;

/**
 * Tells pixels of objects from background by a quadratic function of their features, fitted by ridge regression to +1 in objects and −1 outside. Features
 * are kept within what the fit has seen, so that nothing new makes a score run away. Immutable and thread-safe.
 */
final class PixelClassifier {

    private static final double RIDGE = 0.01;

    private final double[] means;
    private final double[] spreads;
    private final double[] low;
    private final double[] high;
    /** Of features, of their products in the order of {@link #expand}, and the constant. */
    private final double[] weights;

    /**
     * @param pixels from one picture or several, not all empty, all with the same features
     * @param shares how much each of them weighs
     */
    PixelClassifier(final List<TrainingPixels> pixels, final double[] shares) {
        final double[][] rows = pixels.stream().flatMap(p -> Arrays.stream(p.features())).toArray(double[][]::new);
        final int features = rows[0].length;
        means = new double[features];
        spreads = new double[features];
        low = new double[features];
        high = new double[features];
        for (int f = 0; f < features; f++) standardise(rows, f);
        final int terms = features + features * (features + 1) / 2 + 1;
        final double[][] normal = new double[terms][terms];
        final double[] right = new double[terms];
        final double[] row = new double[terms];
        for (int p = 0; p < shares.length; p++) {
            final TrainingPixels part = pixels.get(p);
            for (int r = 0; r < part.features().length; r++) {
                expand(part.features()[r], row);
                final double weight = shares[p] * part.weights()[r];
                for (int i = 0; i < terms; i++) {
                    final double product = weight * row[i];
                    right[i] += part.inObject()[r] ? product : -product;
                    final double[] line = normal[i];
                    for (int j = 0; j <= i; j++) line[j] += product * row[j];
                }
            }
        }
        // The constant alone is free.
        for (int i = 0; i < terms - 1; i++) normal[i][i] += RIDGE;
        normal[terms - 1][terms - 1] += 1e-9;
        weights = solved(normal, right);
    }

    /** @return by pixel, above 0 where it looks like an object: about 1 inside objects, about −1 outside */
    Plane score(final PixelFeatures features, final int widthPx) {
        final float[] scores = new float[features.pixels()];
        final double[] pixel = new double[means.length];
        final double[] row = new double[weights.length];
        for (int i = 0; i < scores.length; i++) {
            features.read(i, pixel);
            expand(pixel, row);
            double sum = 0;
            for (int t = 0; t < row.length; t++) sum += weights[t] * row[t];
            scores[i] = (float) sum;
        }
        return new Plane(scores, widthPx);
    }

    private void standardise(final double[][] rows, final int f) {
        double sum = 0;
        double squares = 0;
        for (final double[] row : rows) {
            sum += row[f];
            squares += row[f] * row[f];
        }
        means[f] = sum / rows.length;
        spreads[f] = Math.sqrt(Math.max(0, squares / rows.length - means[f] * means[f])) + 1e-6;
        low[f] = Double.POSITIVE_INFINITY;
        high[f] = Double.NEGATIVE_INFINITY;
        for (final double[] row : rows) {
            final double value = (row[f] - means[f]) / spreads[f];
            low[f] = Math.min(low[f], value);
            high[f] = Math.max(high[f], value);
        }
    }

    private void expand(final double[] pixel, final double[] out) {
        final int features = means.length;
        for (int f = 0; f < features; f++) out[f] = Math.max(low[f], Math.min(high[f], (pixel[f] - means[f]) / spreads[f]));
        int at = features;
        for (int i = 0; i < features; i++) {
            for (int j = i; j < features; j++) out[at++] = out[i] * out[j];
        }
        out[at] = 1;
    }

    /** Cholesky's method in place; the lower triangle of a positive definite matrix is given. */
    private static double[] solved(final double[][] matrix, final double[] right) {
        final int n = right.length;
        final double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) sum -= matrix[i][k] * matrix[j][k];
                matrix[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j][j];
            }
            for (int k = 0; k < i; k++) x[i] -= matrix[i][k] * x[k];
            x[i] /= matrix[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) x[i] -= matrix[k][i] * x[k];
            x[i] /= matrix[i][i];
        }
        return x;
    }
}
