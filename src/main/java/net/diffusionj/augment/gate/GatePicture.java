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

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.planes.Plane;
import net.diffusionj.image.SourcePlanes;
import net.imglib2.RandomAccessibleInterval;

/**
 * A picture in the intensity range of its source: about 0 where the source is darkest, about 1 where it is brightest, by channel. An output is seen in its
 * source's range, so that what has become darker or paler is seen to have. Immutable; planes are shared within the package and never written.
 *
 * @param channels 1 or 3 planes of the same size
 * @param range by which they were scaled
 */
record GatePicture(Plane[] channels, Range range) {

    /** How far beyond the source's own range values count, as a share of it. */
    private static final double BEYOND = 0.5;
    private static final double LOW = 0.01;
    private static final double HIGH = 0.998;

    /**
     * What 0 and 1 stand for.
     *
     * @param low by channel
     * @param high by channel, above low
     */
    record Range(double[] low, double[] high) {}

    /** @return a source in its own range */
    static GatePicture ofSource(final RandomAccessibleInterval<?> image) {
        final double[][] planes = read(image, "source");
        final double[] low = new double[planes.length];
        final double[] high = new double[planes.length];
        for (int c = 0; c < planes.length; c++) {
            final double[] sorted = planes[c].clone();
            Arrays.sort(sorted);
            low[c] = sorted[(int) (LOW * (sorted.length - 1))];
            high[c] = sorted[(int) Math.ceil(HIGH * (sorted.length - 1))];
            // An image of one value has no range; whatever differs from it later lies beyond.
            if (!(high[c] > low[c])) high[c] = low[c] + Math.max(1e-6, Math.abs(low[c]) * 1e-6);
        }
        return scaled(planes, (int) image.dimension(0), new Range(low, high));
    }

    /** @return an output of this picture, in this picture's range */
    GatePicture ofOutput(final RandomAccessibleInterval<?> image) {
        final double[][] planes = read(image, "output");
        if (image.dimension(0) != widthPx() || planes[0].length != channels[0].values().length) {
            throw new InvalidInputException("The output has " + image.dimension(0) + " x " + image.dimension(1) + " pixels and its source " + widthPx() + " x "
                + heightPx() + ". The gate compares images of the same size.");
        }
        if (planes.length != channels.length) {
            throw new InvalidInputException("The output has " + planes.length + (planes.length == 1 ? " channel" : " channels") + " and its source "
                + channels.length + ". The gate compares images of the same kind.");
        }
        return scaled(planes, widthPx(), range);
    }

    int widthPx() {
        return channels[0].widthPx();
    }

    int heightPx() {
        return channels[0].heightPx();
    }

    /** @return mean of the channels */
    Plane brightness() {
        if (channels.length == 1) return channels[0];
        final float[] sum = new float[channels[0].values().length];
        for (final Plane channel : channels) {
            for (int i = 0; i < sum.length; i++) sum[i] += channel.values()[i] / channels.length;
        }
        return new Plane(sum, widthPx());
    }

    private static double[][] read(final RandomAccessibleInterval<?> image, final String what) {
        try {
            final SourcePlanes planes = SourcePlanes.of(image);
            planes.checkFinite();
            final double[][] out = new double[planes.channels()][];
            for (int c = 0; c < out.length; c++) out[c] = planes.readDoubles(c);
            return out;
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException("The gate cannot measure the " + what + ". " + e.getMessage(), e);
        }
    }

    private static GatePicture scaled(final double[][] planes, final int widthPx, final Range range) {
        final Plane[] channels = new Plane[planes.length];
        for (int c = 0; c < planes.length; c++) {
            final double low = range.low[c];
            final double span = range.high[c] - low;
            final float[] out = new float[planes[c].length];
            for (int i = 0; i < out.length; i++) out[i] = (float) Math.max(-BEYOND, Math.min(1 + BEYOND, (planes[c][i] - low) / span));
            channels[c] = new Plane(out, widthPx);
        }
        return new GatePicture(channels, range);
    }
}
