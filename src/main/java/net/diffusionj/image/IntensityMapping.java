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
package net.diffusionj.image;

import java.util.ArrayList;
import java.util.List;

import net.diffusionj.InvalidInputException;

/**
 * How pixel values become model values and return: {@code low} is −1, {@code high} is 1, straight in between. Values outside are clipped on the
 * way in, so the mapping is invertible from {@code low} to {@code high}. Immutable.
 *
 * @param limits one for all channels, or one for each of three
 */
public record IntensityMapping(List<Limits> limits) {

    /** 0 to 255: what other Stable Diffusion programs do with 8-bit images. */
    public static final IntensityMapping BYTES = joint(0, 255);

    private static final String BETWEEN = "..";
    private static final String NEXT = "; ";

    /** Copies and counts the limits. */
    public IntensityMapping {
        limits = List.copyOf(limits);
        if (limits.size() != 1 && limits.size() != 3) {
            throw new IllegalArgumentException("expected limits for all channels or for each of 3, found " + limits.size());
        }
    }

    /**
     * The two values between which a channel lives.
     *
     * @param low becomes −1
     * @param high becomes 1; above {@code low}
     */
    public record Limits(double low, double high) {

        /** Checks that both are finite and in order. */
        public Limits {
            if (!(high > low) || !Double.isFinite(low) || !Double.isFinite(high - low)) {
                throw new InvalidInputException("Intensity limits must be two different finite numbers, the lower first, not " + low + " and " + high
                    + ".");
            }
        }

        /**
         * @param value a pixel's value
         * @return −1 to 1
         */
        public float toModel(final double value) {
            final float unit = (float) ((value - low) / (high - low));
            return 2f * Math.min(Math.max(unit, 0f), 1f) - 1f;
        }

        /**
         * @param model a model value; clipped to −1 to 1
         * @return the pixel's value, not rounded
         */
        public double toPixel(final double model) {
            final double unit = Math.min(Math.max(model / 2 + 0.5, 0), 1);
            return low + unit * (high - low);
        }
    }

    /**
     * @param low becomes −1
     * @param high becomes 1
     * @return the same limits for all channels
     * @throws InvalidInputException unless both are finite and {@code low} is below {@code high}
     */
    public static IntensityMapping joint(final double low, final double high) {
        return new IntensityMapping(List.of(new Limits(low, high)));
    }

    /**
     * @param channel 0 to 2
     * @return the limits of that channel
     */
    public Limits of(final int channel) {
        return limits.get(limits.size() == 1 ? 0 : channel);
    }

    /** @return for settings: {@code 0.0..255.0}, or three of them with {@code ; } between; {@link #parse} gives an equal mapping */
    public String toText() {
        final List<String> parts = new ArrayList<>();
        limits.forEach(limit -> parts.add(limit.low() + BETWEEN + limit.high()));
        return String.join(NEXT, parts);
    }

    /**
     * @param text what {@link #toText} gave, or what a user typed in that form
     * @return the mapping
     * @throws InvalidInputException if the text has another form
     */
    public static IntensityMapping parse(final String text) {
        final List<Limits> limits = new ArrayList<>();
        for (final String part : text.split(";", -1)) {
            final int between = part.indexOf(BETWEEN);
            try {
                limits.add(new Limits(Double.parseDouble(part.substring(0, Math.max(between, 0)).strip()),
                    Double.parseDouble(part.substring(between + BETWEEN.length()).strip())));
            }
            catch (final NumberFormatException e) {
                throw unreadable(text, e);
            }
        }
        if (limits.size() != 1 && limits.size() != 3) {
            throw unreadable(text, null);
        }
        return new IntensityMapping(limits);
    }

    private static InvalidInputException unreadable(final String text, final NumberFormatException cause) {
        return new InvalidInputException("Expected intensity limits such as 0..255, or three of them as 0..255; 0..4095; 0..255, not '" + text + "'.",
            cause);
    }
}
