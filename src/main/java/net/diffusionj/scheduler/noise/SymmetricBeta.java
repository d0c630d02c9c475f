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
package net.diffusionj.scheduler.noise;

/**
 * The beta distribution with two equal shape parameters. Its distribution function is the regularised incomplete beta function, by the
 * continued fraction of the <a href="https://dlmf.nist.gov/8.17.E22">Digital Library of Mathematical Functions, 8.17.22</a>; quantiles are
 * found by bisection. Immutable.
 */
final class SymmetricBeta {

    private static final int TERMS = 200;
    private static final int HALVINGS = 120;
    private static final double TINY = 1e-300;
    private static final double ENOUGH = 1e-16;

    private final double shape;
    private final double normalisation;

    SymmetricBeta(final double shape) {
        this.shape = shape;
        // Half of a symmetric distribution lies below 1/2, which fixes the constant without a gamma function.
        this.normalisation = 2 * unnormalised(0.5);
    }

    /** @return the value below which a share {@code probability}, 0 to 1, of the distribution lies */
    double quantile(final double probability) {
        if (probability > 0.5) {
            return 1 - quantile(1 - probability);
        }
        double low = 0;
        double high = 0.5;
        for (int i = 0; i < HALVINGS && probability > 0; i++) {
            final double middle = (low + high) / 2;
            if (unnormalised(middle) / normalisation < probability) {
                low = middle;
            }
            else {
                high = middle;
            }
        }
        return probability > 0 ? (low + high) / 2 : 0;
    }

    /** The incomplete beta function for x up to 1/2, by Lentz's algorithm. */
    private double unnormalised(final double x) {
        double c = 1;
        double d = 1 / notZero(1 - 2 * shape * x / (shape + 1));
        double fraction = d;
        for (int m = 1; m <= TERMS; m++) {
            final double even = m * (shape - m) * x / ((shape + 2 * m - 1) * (shape + 2 * m));
            d = 1 / notZero(1 + even * d);
            c = notZero(1 + even / c);
            fraction *= d * c;
            final double odd = -(shape + m) * (2 * shape + m) * x / ((shape + 2 * m) * (shape + 2 * m + 1));
            d = 1 / notZero(1 + odd * d);
            c = notZero(1 + odd / c);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < ENOUGH) {
                break;
            }
        }
        return Math.pow(x, shape) * Math.pow(1 - x, shape) / shape * fraction;
    }

    private static double notZero(final double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
