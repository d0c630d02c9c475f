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

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

import net.diffusionj.augment.planes.Plane;

/**
 * Tells pixels of objects from background by a quadratic function of their features, fitted by ridge regression to +1 in objects and −1 outside. Features
 * are kept within what the fit has seen, so that nothing new makes a score run away. Immutable and thread-safe.
 */
final class PixelClassifier {

    private static final double RIDGE = 0.01;
    /** The constant alone is free; so little only keeps the equations solvable. */
    private static final double RIDGE_OF_CONSTANT = 1e-9;

    private final FeatureScale scale;
    private final double[] constantAndLinear;
    /** [i][j] for j from i on. */
    private final double[][] products;

    private PixelClassifier(final FeatureScale scale, final double[] weights) {
        this.scale = scale;
        final int features = scale.features();
        constantAndLinear = new double[features + 1];
        System.arraycopy(weights, 0, constantAndLinear, 1, features);
        constantAndLinear[0] = weights[weights.length - 1];
        products = new double[features][features];
        int at = features;
        for (int i = 0; i < features; i++) {
            for (int j = i; j < features; j++) products[i][j] = weights[at++];
        }
    }

    /**
     * @param scale of all features
     * @param parts sums over training pixels, made with this scale
     * @param shares how much each of them weighs
     */
    static PixelClassifier fitted(final FeatureScale scale, final List<NormalEquations> parts, final double[] shares) {
        final int terms = scale.terms();
        final double[][] matrix = new double[terms][terms];
        final double[] right = new double[terms];
        for (int p = 0; p < shares.length; p++) parts.get(p).addTo(matrix, right, shares[p]);
        for (int i = 0; i < terms; i++) {
            matrix[i][i] += i < terms - 1 ? RIDGE : RIDGE_OF_CONSTANT;
            for (int j = 0; j < i; j++) matrix[j][i] = matrix[i][j];
        }
        final ArrayRealVector vector = new ArrayRealVector(right, false);
        return new PixelClassifier(scale, new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-9, 0).getSolver().solve(vector).toArray());
    }

    /** @return by pixel, above 0 where it looks like an object: about 1 inside objects, about −1 outside */
    Plane score(final PixelFeatures features, final int widthPx) {
        final float[] scores = new float[features.pixels()];
        final int count = scale.features();
        final double[] pixel = new double[count];
        for (int p = 0; p < scores.length; p++) {
            features.read(p, pixel);
            scale.standardise(pixel);
            double sum = constantAndLinear[0];
            for (int i = 0; i < count; i++) {
                double inner = constantAndLinear[i + 1];
                final double[] row = products[i];
                for (int j = i; j < count; j++) inner += row[j] * pixel[j];
                sum += pixel[i] * inner;
            }
            scores[p] = (float) sum;
        }
        return new Plane(scores, widthPx);
    }
}
