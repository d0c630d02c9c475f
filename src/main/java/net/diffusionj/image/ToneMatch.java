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

import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;

/**
 * Brings the background and the range of a result back to those of its source: models return pictures a little too dark or flat. One straight line for all
 * pixels and channels, through the values below which a quarter and 99 of 100 pixels lie, so that nothing is drawn that the model has not drawn.
 * <p>
 * Not thread-safe: made for one source.
 * </p>
 */
final class ToneMatch {

    private static final double LOW_SHARE = 0.25;
    private static final double HIGH_SHARE = 0.99;
    /** What differs by more than this is another picture, not an error of tone. */
    private static final double LARGEST_GAIN = 1.25;

    private static final int BINS = 1 << 15;
    /** Counted are values of −2 to 2; a decoder's overshoot lies well within. */
    private static final float REACH = 2;

    private final double low;
    private final double high;
    private final int channels;

    /**
     * @param source [channels][pixels], −1 to 1
     */
    ToneMatch(final float[]... source) {
        final long[] counts = new long[BINS];
        for (final float[] plane : source) {
            for (final float value : plane) counts[bin(value)]++;
        }
        low = quantile(counts, LOW_SHARE);
        high = quantile(counts, HIGH_SHARE);
        channels = source.length;
    }

    /**
     * @param made pictures of the source's size
     * @param share of the correction to make, 0 to 1
     * @return the pictures, corrected each by itself; a copy
     */
    DecodedPixels of(final DecodedPixels made, final double share) {
        final int plane = made.widthPx() * made.heightPx();
        final float[] out = new float[made.values().length];
        for (int image = 0; image < made.images(); image++) {
            final int first = image * SourcePixels.CHANNELS * plane;
            final long[] counts = counts(made.values(), first, plane);
            final double from = quantile(counts, LOW_SHARE);
            final double range = quantile(counts, HIGH_SHARE) - from;
            final double wanted = Math.min(Math.max((high - low) / Math.max(range, 1e-9), 1 / LARGEST_GAIN), LARGEST_GAIN);
            final double gain = 1 + share * ((high > low ? wanted : 1) - 1);
            final double offset = share * (low - from) + (1 - gain) * from;
            for (int i = first; i < first + SourcePixels.CHANNELS * plane; i++) out[i] = (float) (gain * made.values()[i] + offset);
        }
        return new DecodedPixels(out, made.images(), made.heightPx(), made.widthPx());
    }

    /** A source of one channel gets the mean of the model's three, so that is what is compared. */
    private long[] counts(final float[] values, final int first, final int plane) {
        final long[] counts = new long[BINS];
        if (channels == SourcePixels.CHANNELS) {
            for (int i = first; i < first + SourcePixels.CHANNELS * plane; i++) counts[bin(values[i])]++;
        }
        else {
            for (int i = first; i < first + plane; i++) counts[bin((values[i] + values[i + plane] + values[i + 2 * plane]) / SourcePixels.CHANNELS)]++;
        }
        return counts;
    }

    private static int bin(final float value) {
        return (int) Math.min(Math.max((value + REACH) / (2 * REACH) * BINS, 0), BINS - 1);
    }

    /** To the middle of a bin, a part in 10,000 of the model's range. */
    private static double quantile(final long[] counts, final double share) {
        long all = 0;
        for (final long count : counts) all += count;
        long below = 0;
        int bin = 0;
        while (bin < BINS - 1 && below + counts[bin] < share * all) below += counts[bin++];
        return (bin + 0.5) / BINS * 2 * REACH - REACH;
    }
}
