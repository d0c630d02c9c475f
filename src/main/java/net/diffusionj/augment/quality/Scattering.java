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

import net.diffusionj.augment.planes.Plane;

/**
 * First- and second-order scattering statistics of a square field: {@code scattering} of {@code scripts/microdiff/evaluate/features.py}. Immutable; made
 * once for a side and shared by threads.
 */
final class Scattering {

    private static final double[] SCALES = {0.36, 0.22, 0.13, 0.075, 0.04};
    private static final int DIRECTIONS = 4;
    static final int COUNT = 45;

    private final int sidePx;
    /** [scale * directions + direction][frequency y, frequency x], one-sided in frequency. */
    private final float[][] bank;

    Scattering(final int sidePx) {
        this.sidePx = sidePx;
        bank = new float[SCALES.length * DIRECTIONS][sidePx * sidePx];
        for (int f = 0; f < bank.length; f++) {
            final double centre = SCALES[f / DIRECTIONS];
            final double angle = Math.PI * (f % DIRECTIONS) / DIRECTIONS;
            for (int i = 0; i < sidePx * sidePx; i++) {
                final double fx = frequency(i % sidePx);
                final double fy = frequency(i / sidePx);
                final double along = fx * Math.cos(angle) + fy * Math.sin(angle) - centre;
                final double across = -fx * Math.sin(angle) + fy * Math.cos(angle);
                bank[f][i] = (float) Math.exp(-(along * along / (2 * square(0.38 * centre)) + across * across / (2 * square(0.55 * centre))));
            }
        }
    }

    private double frequency(final int index) {
        return (double) (index < (sidePx + 1) / 2 ? index : index - sidePx) / sidePx;
    }

    private static double square(final double value) {
        return value * value;
    }

    /** Writes {@link #COUNT} numbers from a place on. */
    void write(final Plane field, final float[] out, final int start) {
        final Fourier transformed = Fourier.of(field);
        final Plane[] moduli = new Plane[bank.length];
        for (int f = 0; f < bank.length; f++) moduli[f] = transformed.modulusBehind(bank[f]);
        final int scales = SCALES.length;
        for (int scale = 0; scale < scales; scale++) {
            double mean = 0;
            double spread = 0;
            double low = Double.POSITIVE_INFINITY;
            double high = 0;
            for (int d = 0; d < DIRECTIONS; d++) {
                final Plane modulus = moduli[scale * DIRECTIONS + d];
                final double level = modulus.mean();
                mean += level / DIRECTIONS;
                spread += modulus.spread() / DIRECTIONS;
                low = Math.min(low, level);
                high = Math.max(high, level);
            }
            out[start + scale] = logarithm(mean);
            out[start + scales + scale] = logarithm(spread);
            out[start + 2 * scales + scale] = logarithm(high - low);
        }
        int at = start + 3 * scales;
        for (int scale = 0; scale < scales - 1; scale++) {
            writeSecond(Fourier.of(moduli[scale * DIRECTIONS]), Fourier.of(moduli[scale * DIRECTIONS + 2]), scale, out, at);
            at += 3 * (scales - 1 - scale);
        }
    }

    /** How a band's strength varies in space, over coarser bands: along its own direction, across it and askew. */
    private void writeSecond(final Fourier first, final Fourier third, final int scale, final float[] out, final int start) {
        final int coarser = SCALES.length - 1 - scale;
        for (int k = 0; k < coarser; k++) {
            final int band = (scale + 1 + k) * DIRECTIONS;
            out[start + k] = logarithm((energy(first, band) + energy(third, band + 2)) / 2);
            out[start + coarser + k] = logarithm((energy(first, band + 2) + energy(third, band)) / 2);
            out[start + 2 * coarser + k] =
                logarithm((energy(first, band + 1) + energy(first, band + 3) + energy(third, band + 1) + energy(third, band + 3)) / 4);
        }
    }

    private double energy(final Fourier modulus, final int filter) {
        return Math.sqrt(modulus.energyBehind(bank[filter])) / (sidePx * sidePx);
    }

    private static float logarithm(final double value) {
        return (float) Math.log(value + 1e-4);
    }
}
