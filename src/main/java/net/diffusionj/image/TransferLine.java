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

import java.util.List;

/**
 * A straight line of variance over mean that rises or is level. Immutable.
 *
 * @param slope 0 or more
 * @param intercept variance where the mean is 0; may be negative, as an offset makes it
 */
record TransferLine(double slope, double intercept) {

    private static final int ROUNDS = 30;
    /** Beyond so many times its own spread a point is texture rather than noise (Huber). */
    private static final double TRUSTED = 1.5;
    /** Spread of a variance that one patch of 21 high frequencies gives, as a part of it: the square root of 2/21. */
    private static final double SPREAD_OF_A_PATCH = Math.sqrt(2.0 / 21);

    /**
     * What was measured at one brightness.
     *
     * @param mean grey value
     * @param variance of the noise there
     * @param patches that it is the mean of, at least 1
     */
    record Point(double mean, double variance, int patches) {}

    /** @param points at least one
     *  @return the line that fits them best, by least squares weighted by each point's own spread, with outliers held down */
    static TransferLine through(final List<Point> points) {
        TransferLine line = new TransferLine(0, points.stream().mapToDouble(Point::variance).min().orElseThrow());
        final double floor = Math.max(points.stream().mapToDouble(Point::variance).max().orElseThrow() * 1e-3, Double.MIN_NORMAL);
        for (int round = 0; round < ROUNDS; round++) {
            final double[] weights = new double[points.size()];
            for (int i = 0; i < weights.length; i++) {
                final Point point = points.get(i);
                // In the first round there is no line yet to take the expected variance from.
                final double expected = Math.max(round == 0 ? point.variance() : line.at(point.mean()), floor);
                final double spread = expected * (SPREAD_OF_A_PATCH / Math.sqrt(point.patches()) + 0.02);
                final double off = round == 0 ? 0 : Math.abs(point.variance() - line.at(point.mean())) / spread;
                weights[i] = Math.min(1, TRUSTED / Math.max(off, 1e-9)) / (spread * spread);
            }
            line = weighted(points, weights);
        }
        return line;
    }

    private static TransferLine weighted(final List<Point> points, final double[] weights) {
        double sum = 0;
        double mean = 0;
        double variance = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            mean += weights[i] * points.get(i).mean();
            variance += weights[i] * points.get(i).variance();
        }
        mean /= sum;
        variance /= sum;
        double both = 0;
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
            final double off = points.get(i).mean() - mean;
            both += weights[i] * off * (points.get(i).variance() - variance);
            squares += weights[i] * off * off;
        }
        final double slope = squares == 0 ? 0 : Math.max(both / squares, 0);
        return new TransferLine(slope, variance - slope * mean);
    }

    /** @param mean grey value
     *  @return the variance of the noise there */
    double at(final double mean) {
        return slope * mean + intercept;
    }
}
