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

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Neighbourhood;
import net.diffusionj.augment.planes.Plane;

/**
 * The declared features of {@code scripts/microdiff/evaluate/features.py}, number for number: what a square picture looks like, in 124 numbers, nothing of
 * which is learned. Immutable and thread-safe.
 */
final class DeclaredFeatures {

    private static final double[] CURVATURE_SIGMAS_PX = {1, 2, 3.5, 6};
    private static final int SHAPE_BINS = 9;
    private static final int[] SQUARES_PX = {3, 5, 7, 11, 17, 25};
    static final int OF_FIELD = Scattering.COUNT + 4 * (SHAPE_BINS + 1) + 2 * 6 + 7;

    private final int sidePx;
    private final Scattering scattering;

    /** @param sidePx of the pictures, a power of two */
    DeclaredFeatures(final int sidePx) {
        if (sidePx < 2 || Integer.bitCount(sidePx) != 1) throw new IllegalArgumentException("the side of a field is a power of two, not " + sidePx);
        this.sidePx = sidePx;
        scattering = new Scattering(sidePx);
    }

    /**
     * @param channels three planes [sidePx, sidePx] of 0 to 255
     * @return {@code picture_features}: 124 numbers
     */
    float[] ofPicture(final float[][] channels) {
        final float[] colours = ColourFeatures.of(channels);
        final float[] out = new float[OF_FIELD + colours.length];
        write(mainColour(channels), out);
        System.arraycopy(colours, 0, out, OF_FIELD, colours.length);
        return out;
    }

    /**
     * @param field of 0 to 255
     * @return {@code field_features}: 104 numbers
     */
    float[] ofField(final Plane field) {
        final float[] out = new float[OF_FIELD];
        write(field, out);
        return out;
    }

    private void write(final Plane raw, final float[] out) {
        if (raw.widthPx() != sidePx || raw.heightPx() != sidePx) throw new IllegalArgumentException("the field has another side than " + sidePx);
        final Plane field = normalised(raw);
        scattering.write(field, out, 0);
        int at = Scattering.COUNT;
        for (final double sigmaPx : CURVATURE_SIGMAS_PX) {
            writeShape(field, sigmaPx, out, at);
            at += SHAPE_BINS + 1;
        }
        final double mean = field.mean();
        final double spread = field.spread();
        for (final int side : SQUARES_PX) {
            final Plane opened = Neighbourhood.largest(Neighbourhood.smallest(field, side), side);
            final Plane closed = Neighbourhood.smallest(Neighbourhood.largest(field, side), side);
            out[at] = (float) ((opened.mean() - mean) / (spread + 1e-3));
            out[at + SQUARES_PX.length] = (float) ((closed.mean() - mean) / (spread + 1e-3));
            at++;
        }
        at += SQUARES_PX.length;
        for (final double level : field.quantiles(0.1, 0.3, 0.5, 0.7, 0.9)) out[at++] = (float) level;
        double cubes = 0;
        for (final float value : field.values()) cubes += (value - mean) * (value - mean) * (value - mean);
        out[at++] = (float) spread;
        out[at] = (float) (cubes / field.values().length / Math.max(spread * spread * spread, 1e-6));
    }

    /** Slightly blurred and in its own range; an empty field stays near 0. */
    private static Plane normalised(final Plane raw) {
        final Plane field = new Gaussian(0.8).smooth(raw);
        final double[] limits = field.quantiles(0.02, 0.999);
        final double range = Math.max(limits[1] - limits[0], 8);
        final float[] values = field.values();
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.max(-0.2, Math.min(1.2, (values[i] - limits[0]) / range));
        return field;
    }

    /** Shares of the curvedness in bins from pit to peak, and the logarithm of its mean. */
    private static void writeShape(final Plane field, final double sigmaPx, final float[] out, final int start) {
        final Gaussian gaussian = new Gaussian(sigmaPx, 3);
        final float[] xx = gaussian.derivative(field, 2, 0).values();
        final float[] yy = gaussian.derivative(field, 0, 2).values();
        final float[] xy = gaussian.derivative(field, 1, 1).values();
        final double[] shares = new double[SHAPE_BINS];
        final double scale = sigmaPx * sigmaPx;
        double sum = 0;
        for (int i = 0; i < xx.length; i++) {
            final double mean = -scale * (xx[i] + yy[i]) / 2;
            final double difference = scale * Math.hypot((xx[i] - yy[i]) / 2, xy[i]);
            final double index = Math.atan2(mean, difference) * (2 / Math.PI);
            final double curved = Math.hypot(mean, difference);
            shares[Math.min(SHAPE_BINS - 1, (int) ((index + 1) / 2 * SHAPE_BINS))] += curved;
            sum += curved;
        }
        for (int bin = 0; bin < SHAPE_BINS; bin++) out[start + bin] = (float) Math.sqrt(shares[bin] / Math.max(sum, 1e-6));
        out[start + SHAPE_BINS] = (float) Math.log(sum / xx.length + 1e-4);
    }

    /** The picture along the colour in which its pixels differ most; brighter stays brighter, and a grey picture keeps its range. */
    private Plane mainColour(final float[][] channels) {
        final double[] direction = new EigenDecomposition(new Array2DRowRealMatrix(ColourFeatures.covariance(channels))).getEigenvector(0).toArray();
        final double sum = direction[0] + direction[1] + direction[2];
        final double length = Math.abs(direction[0]) + Math.abs(direction[1]) + Math.abs(direction[2]);
        final float[] out = new float[channels[0].length];
        for (int c = 0; c < direction.length; c++) {
            final float weight = (float) (direction[c] * (sum < 0 ? -1 : 1) / length);
            for (int i = 0; i < out.length; i++) out[i] += channels[c][i] * weight;
        }
        return new Plane(out, sidePx);
    }
}
