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

import java.util.Arrays;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.SourcePlanes;
import net.imglib2.RandomAccessibleInterval;

/** The values of an image by channel, as doubles. Shares its arrays within the package, which nobody writes. */
record Picture(double[][] channels, int widthPx) {

    static Picture of(final RandomAccessibleInterval<?> image, final String what) {
        try {
            final SourcePlanes planes = SourcePlanes.of(image);
            planes.checkFinite();
            final double[][] channels = new double[planes.channels()][];
            for (int c = 0; c < channels.length; c++) channels[c] = planes.readDoubles(c);
            return new Picture(channels, planes.widthPx());
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException("The quality of the " + what + " cannot be measured. " + e.getMessage(), e);
        }
    }

    int heightPx() {
        return channels[0].length / widthPx;
    }

    void checkLike(final Picture other) {
        if (widthPx != other.widthPx || channels[0].length != other.channels[0].length || channels.length != other.channels.length) {
            throw new InvalidInputException("The output has " + other + " and its source " + this + ". Only images of one size and kind can be compared.");
        }
    }

    /** Largest value less smallest, over all channels; 1 for an image of one value, so that a difference counts as it is. */
    double range() {
        final double low = least();
        final double high = Arrays.stream(channels).flatMapToDouble(Arrays::stream).max().orElseThrow();
        return high > low ? high - low : 1;
    }

    /** Smallest value of all channels. */
    double least() {
        return Arrays.stream(channels).flatMapToDouble(Arrays::stream).min().orElseThrow();
    }

    /** Mean of the channels. */
    double[] brightness() {
        if (channels.length == 1) return channels[0];
        final double[] out = new double[channels[0].length];
        for (final double[] channel : channels) {
            for (int i = 0; i < out.length; i++) out[i] += channel[i] / channels.length;
        }
        return out;
    }

    @Override
    public String toString() {
        return widthPx + " x " + heightPx() + " pixels with " + channels.length + (channels.length == 1 ? " channel" : " channels");
    }
}
