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

import net.imglib2.RandomAccessibleInterval;

/**
 * Compares an output with its source. Everything is taken in the source's own range, from its smallest to its largest value, so that 8, 12 and 16 bits give
 * the same numbers; a source of one value counts as having the range 1. Works from one pixel on. Stateless and thread-safe.
 */
public final class QualityMeasures {

    private QualityMeasures() {}

    /**
     * @param source x and y, or x, y and 1 or 3 channels, or ARGB; finite values
     * @param output of the same size and channels
     * @return how they compare; the distances to other outputs and to the other sources are NaN
     * @throws net.diffusionj.InvalidInputException if sizes or channels differ, an image is a stack, or a pixel is NaN or infinite
     */
    public static Quality of(final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output) {
        final Picture before = Picture.of(source, "source");
        final Picture after = Picture.of(output, "output");
        before.checkLike(after);
        final double range = before.range();
        return new Quality(StructuralSimilarity.of(before, after, range), psnrDb(before, after, range), histogramDistance(before, after, range),
            FineStructure.of(before).distance(FineStructure.of(after)), Double.NaN, Double.NaN);
    }

    /**
     * @param image as for {@link #of}
     * @return by what near copies of it are known
     * @throws net.diffusionj.InvalidInputException if the image is a stack, or a pixel is NaN or infinite
     */
    public static FineStructure fineStructure(final RandomAccessibleInterval<?> image) {
        return FineStructure.of(Picture.of(image, "image"));
    }

    private static double psnrDb(final Picture source, final Picture output, final double range) {
        double sum = 0;
        long count = 0;
        for (int c = 0; c < source.channels().length; c++) {
            final double[] a = source.channels()[c];
            final double[] b = output.channels()[c];
            for (int i = 0; i < a.length; i++) {
                final double difference = (a[i] - b[i]) / range;
                sum += difference * difference;
            }
            count += a.length;
        }
        return sum == 0 ? Double.POSITIVE_INFINITY : -10 * Math.log10(sum / count);
    }

    /** The earth mover's distance of two histograms with as many entries is the mean distance of their sorted values. */
    private static double histogramDistance(final Picture source, final Picture output, final double range) {
        double sum = 0;
        for (int c = 0; c < source.channels().length; c++) {
            final double[] a = source.channels()[c].clone();
            final double[] b = output.channels()[c].clone();
            Arrays.sort(a);
            Arrays.sort(b);
            double distance = 0;
            for (int i = 0; i < a.length; i++) distance += Math.abs(a[i] - b[i]);
            sum += distance / a.length / range;
        }
        return sum / source.channels().length;
    }
}
