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
package net.diffusionj.service.record;

import java.util.Arrays;

/**
 * The slope of a series and how sure it is, by ranks, so that single values far off do not count: the median of the slopes between all pairs (Theil 1950, Sen
 * 1968), with the confidence interval that Sen gives from the variance of Kendall's statistic, n(n - 1)(2n + 5) / 18. Immutable.
 *
 * @param slope change from one value to the next
 * @param low lower end of the interval
 * @param high upper end
 */
record Trend(double slope, double low, double high) {

    /** The standard normal distribution's 99.5 % point: 99 % lie between this and its negative. */
    static final double Z_99 = 2.5758;
    /** Its 99.9 % point: one value in a thousand lies above. */
    static final double Z_999_ONE_SIDED = 3.0902;

    /**
     * @param values at least four, at equal distances
     * @param z how wide the interval is to be, in standard deviations of Kendall's statistic
     * @return the trend
     */
    static Trend of(final double[] values, final double z) {
        final int n = values.length;
        if (n < 4) throw new IllegalArgumentException(n + " values make no trend");
        final double[] slopes = new double[n * (n - 1) / 2];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) slopes[count++] = (values[j] - values[i]) / (j - i);
        }
        Arrays.sort(slopes);
        final double half = z * Math.sqrt(n * (n - 1.0) * (2 * n + 5) / 18);
        final int low = (int) Math.rint((count - half) / 2) - 1;
        final int high = (int) Math.rint((count + half) / 2);
        return new Trend(sortedMedian(slopes), low < 0 ? Double.NEGATIVE_INFINITY : slopes[low], high >= count ? Double.POSITIVE_INFINITY : slopes[high]);
    }

    /**
     * How much larger later values are than earlier ones: the shift of Hodges and Lehmann (1963), with the lower end of its interval from the variance of
     * Mann and Whitney's statistic, mn(m + n + 1) / 12.
     *
     * @param earlier some values
     * @param later others
     * @param z how sure the lower end is to be, in standard deviations of that statistic
     * @return the median of all differences, and the interval
     */
    static Trend shift(final double[] earlier, final double[] later, final double z) {
        final double[] differences = new double[earlier.length * later.length];
        int count = 0;
        for (final double before : earlier) {
            for (final double after : later) differences[count++] = after - before;
        }
        Arrays.sort(differences);
        final double half = z * Math.sqrt(count * (earlier.length + later.length + 1) / 12.0);
        final int low = (int) Math.rint(count / 2.0 - half) - 1;
        final int high = (int) Math.rint(count / 2.0 + half);
        return new Trend(sortedMedian(differences), low < 0 ? Double.NEGATIVE_INFINITY : differences[low],
            high >= count ? Double.POSITIVE_INFINITY : differences[high]);
    }

    /** @param values at least one; not changed
     *  @return the middle one */
    static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sortedMedian(sorted);
    }

    private static double sortedMedian(final double[] sorted) {
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
