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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;

/** Finds the limits of an image's intensities. */
final class IntensityStatistics {

    /** Of the whole range, at least this much lies between the limits. */
    private static final double LEAST_SHARE = 0.25;

    private IntensityStatistics() {}

    static IntensityMapping limits(final SourcePlanes planes, final RealType<?> type, final LimitChoice choice) {
        if (choice.bytesAsTheyAre() && isInteger(type, 8)) {
            return IntensityMapping.joint(type.getMinValue(), type.getMaxValue());
        }
        final List<double[]> found = new ArrayList<>();
        if (choice.lowPercent() == 0 && choice.highPercent() == 100) {
            for (int channel = 0; channel < planes.channels(); channel++) {
                found.add(planes.minAndMax(channel));
            }
            if (!choice.perChannel()) {
                final double min = found.stream().mapToDouble(range -> range[0]).min().orElseThrow();
                final double max = found.stream().mapToDouble(range -> range[1]).max().orElseThrow();
                found.clear();
                found.add(new double[] {min, max});
            }
        }
        else {
            percentiles(planes, choice, found);
        }
        return new IntensityMapping(found.stream().map(range -> toLimits(range, type)).toList());
    }

    /** Returns the one value that all pixels have, where a mapping's limits come from the type for want of a range. */
    static Optional<Double> guessedFrom(final SourcePlanes planes, final RealType<?> type, final IntensityMapping mapping) {
        final IntensityMapping.Limits first = mapping.of(0);
        final boolean likeGuessed = isInteger(type, 16) ? first.low() == type.getMinValue() && first.high() == type.getMaxValue()
            : first.low() == 0 || first.high() == 1;
        if (isInteger(type, 8) || !likeGuessed) {
            return Optional.empty();
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int channel = 0; channel < planes.channels(); channel++) {
            final double[] range = planes.minAndMax(channel);
            min = Math.min(min, range[0]);
            max = Math.max(max, range[1]);
            if (min < max || !mapping.of(channel).equals(toLimits(range, type))) {
                return Optional.empty();
            }
        }
        return Optional.of(min);
    }

    private static void percentiles(final SourcePlanes planes, final LimitChoice choice, final List<double[]> found) {
        double[] values = new double[0];
        for (int channel = 0; channel < planes.channels(); channel++) {
            final double[] plane = planes.readDoubles(channel);
            if (choice.perChannel()) {
                found.add(percentilesOf(plane, choice));
            }
            else if (channel == 0) {
                values = plane;
            }
            else {
                values = Arrays.copyOf(values, Math.addExact(values.length, plane.length));
                System.arraycopy(plane, 0, values, values.length - plane.length, plane.length);
            }
        }
        if (!choice.perChannel()) {
            found.add(percentilesOf(values, choice));
        }
    }

    private static double[] percentilesOf(final double[] values, final LimitChoice choice) {
        Arrays.sort(values);
        final double low = percentile(values, choice.lowPercent());
        final double range = values[values.length - 1] - values[0];
        return new double[] {low, Math.max(percentile(values, choice.highPercent()), Math.min(low + LEAST_SHARE * range, values[values.length - 1]))};
    }

    /** Between two ranks straight, as {@code numpy.percentile} does by default (Hyndman and Fan 1996, definition 7). */
    private static double percentile(final double[] sorted, final double percent) {
        final double rank = percent / 100 * (sorted.length - 1);
        final int below = (int) rank;
        final double next = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (rank - below) * (next - sorted[below]);
    }

    private static IntensityMapping.Limits toLimits(final double[] range, final RealType<?> type) {
        if (range[0] < range[1]) {
            return new IntensityMapping.Limits(range[0], range[1]);
        }
        if (isInteger(type, 16)) {
            return new IntensityMapping.Limits(type.getMinValue(), type.getMaxValue());
        }
        return new IntensityMapping.Limits(Math.min(range[0], 0), Math.max(range[1], 1));
    }

    private static boolean isInteger(final RealType<?> type, final int mostBits) {
        return type instanceof IntegerType<?> && type.getBitsPerPixel() <= mostBits;
    }
}
