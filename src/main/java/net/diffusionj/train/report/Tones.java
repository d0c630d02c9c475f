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
package net.diffusionj.train.report;

import java.util.List;

/**
 * How bright pictures are, and how much of them is foreground. Stateless otherwise.
 *
 * @param meanGrey 0 (black) to 255
 * @param foreground share of the pixels above the threshold, 0 to 1
 */
record Tones(double meanGrey, double foreground) {

    private static final int LEVELS = 256;

    /**
     * @param pictures [3, height, width] each, −1 to 1
     * @param threshold 0 to 255, what is above it is foreground
     * @return their tones, all together
     */
    static Tones of(final List<float[]> pictures, final int threshold) {
        long pixels = 0;
        double sum = 0;
        long above = 0;
        for (final float[] picture : pictures) {
            final int size = picture.length / 3;
            for (int i = 0; i < size; i++) {
                final double grey = grey(picture, i, size);
                sum += grey;
                if (grey > threshold) above++;
            }
            pixels += size;
        }
        return new Tones(sum / pixels, (double) above / pixels);
    }

    private static double grey(final float[] picture, final int at, final int size) {
        return ((double) picture[at] + picture[size + at] + picture[2 * size + at] + 3) / 6 * (LEVELS - 1);
    }

    /**
     * @param pictures as above
     * @return the threshold that parts their pixels best (Otsu, 1979)
     */
    static int threshold(final List<float[]> pictures) {
        final long[] histogram = new long[LEVELS];
        long pixels = 0;
        double sum = 0;
        for (final float[] picture : pictures) {
            final int size = picture.length / 3;
            for (int i = 0; i < size; i++) histogram[(int) Math.min(LEVELS - 1L, Math.max(0, Math.round(grey(picture, i, size))))]++;
        }
        for (int level = 0; level < LEVELS; level++) {
            pixels += histogram[level];
            sum += (double) level * histogram[level];
        }
        int best = 0;
        double bestVariance = -1;
        long below = 0;
        double sumBelow = 0;
        for (int level = 0; level < LEVELS - 1; level++) {
            below += histogram[level];
            sumBelow += (double) level * histogram[level];
            if (below == 0 || below == pixels) continue;
            final double apart = sumBelow / below - (sum - sumBelow) / (pixels - below);
            final double variance = (double) below * (pixels - below) * apart * apart;
            if (variance > bestVariance) {
                bestVariance = variance;
                best = level;
            }
        }
        return best;
    }
}
