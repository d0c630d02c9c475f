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

import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

import net.diffusionj.augment.planes.Plane;

/** A square of complex numbers, whose side is a power of two, and its Fourier transform, scaled as numpy's. Not thread-safe. */
final class Fourier {

    private final int sidePx;
    private final double[][] real;
    private final double[][] imaginary;

    private Fourier(final int sidePx) {
        this.sidePx = sidePx;
        real = new double[sidePx][sidePx];
        imaginary = new double[sidePx][sidePx];
    }

    /** @return the transform of a square plane */
    static Fourier of(final Plane plane) {
        final Fourier out = new Fourier(plane.widthPx());
        for (int y = 0; y < out.sidePx; y++) {
            for (int x = 0; x < out.sidePx; x++) out.real[y][x] = plane.at(x, y);
        }
        out.transform(TransformType.FORWARD);
        return out;
    }

    /** @return the modulus of what is left behind a filter, transformed back */
    Plane modulusBehind(final float[] filter) {
        final Fourier filtered = new Fourier(sidePx);
        for (int y = 0; y < sidePx; y++) {
            for (int x = 0; x < sidePx; x++) {
                filtered.real[y][x] = real[y][x] * filter[y * sidePx + x];
                filtered.imaginary[y][x] = imaginary[y][x] * filter[y * sidePx + x];
            }
        }
        filtered.transform(TransformType.INVERSE);
        final float[] modulus = new float[sidePx * sidePx];
        for (int i = 0; i < modulus.length; i++)
            modulus[i] = (float) Math.hypot(filtered.real[i / sidePx][i % sidePx], filtered.imaginary[i / sidePx][i % sidePx]);
        return new Plane(modulus, sidePx);
    }

    /** @return the sum, over all frequencies, of the squared modulus behind a filter */
    double energyBehind(final float[] filter) {
        double sum = 0;
        for (int y = 0; y < sidePx; y++) {
            for (int x = 0; x < sidePx; x++) {
                final double weight = filter[y * sidePx + x];
                sum += weight * weight * (real[y][x] * real[y][x] + imaginary[y][x] * imaginary[y][x]);
            }
        }
        return sum;
    }

    private void transform(final TransformType direction) {
        for (int y = 0; y < sidePx; y++) {
            FastFourierTransformer.transformInPlace(new double[][] {real[y], imaginary[y]}, DftNormalization.STANDARD, direction);
        }
        final double[][] column = new double[2][sidePx];
        for (int x = 0; x < sidePx; x++) {
            for (int y = 0; y < sidePx; y++) {
                column[0][y] = real[y][x];
                column[1][y] = imaginary[y][x];
            }
            FastFourierTransformer.transformInPlace(column, DftNormalization.STANDARD, direction);
            for (int y = 0; y < sidePx; y++) {
                real[y][x] = column[0][y];
                imaginary[y][x] = column[1][y];
            }
        }
    }
}
