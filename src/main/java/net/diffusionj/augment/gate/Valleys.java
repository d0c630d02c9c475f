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
import java.util.List;

import net.diffusionj.augment.planes.Plane;

/**
 * How much lower a picture is along the lines between neighbours than in the objects beside them. "Lower" is what the source's own line is: a dark line
 * between bright nuclei, a bright one between dark cells, another colour in stained tissue. What an output has left of it says whether two objects are still
 * two. Immutable and thread-safe.
 */
final class Valleys {

    /** By so much of an object's contrast to the background a line must differ in the source, or nothing can be said. */
    private static final double CLEAR = 0.15;
    /** And by so much of the range. */
    private static final double CLEAR_OF_RANGE = 0.03;
    /** Neighbours join over a bridge, so this part of a line counts: where it is shallowest. */
    private static final double WEAKEST = 0.2;
    /** Where a source has a bridge itself, the whole line is measured. That changes less when two become one, so what is lost of it counts more. */
    private static final double WHOLE_LINE = 1.5;

    private final Borders borders;
    private final boolean bridges;
    /** By line, then by plane: what lower means, of length 1. */
    private final double[][] directions;
    private final Depth[] inSource;
    private final double[] contrasts;

    private record Depth(double weakest, double mean) {}

    /**
     * @param borders where to look
     * @param bridges whether a line is measured where it is shallowest, as is right for brightness; scores change along a line without reason
     * @param source smoothed planes
     * @param background a common value of each plane where no object is
     */
    Valleys(final Borders borders, final boolean bridges, final List<Plane> source, final double[] background) {
        this.borders = borders;
        this.bridges = bridges;
        final int count = borders.lines().size();
        directions = new double[count][];
        inSource = new Depth[count];
        contrasts = new double[count];
        for (int i = 0; i < count; i++) {
            final Borders.Line line = borders.lines().get(i);
            directions[i] = direction(line, source);
            inSource[i] = depth(line, source, directions[i]);
            contrasts[i] = level(line, source, directions[i]) - product(directions[i], background);
        }
    }

    /**
     * @param output planes as the source's
     * @param line its place in the list of borders
     * @return share of the source's depth that is left, 1 at most; 1 where the source shows no valley
     */
    double left(final List<Plane> output, final int line) {
        final Depth before = inSource[line];
        final double clear = Math.max(CLEAR * contrasts[line], CLEAR_OF_RANGE);
        // The whole line is at least as deep as its shallowest part.
        if (before.mean < clear) return 1;
        final Depth after = depth(borders.lines().get(line), output, directions[line]);
        if (!bridges) return Math.min(1, after.mean / before.mean);
        return Math.min(1, before.weakest >= clear ? after.weakest / before.weakest : 1 - WHOLE_LINE * (1 - after.mean / before.mean));
    }

    private static double[] direction(final Borders.Line line, final List<Plane> planes) {
        final double[] direction = new double[planes.size()];
        double length = 0;
        for (int p = 0; p < direction.length; p++) {
            final float[] values = planes.get(p).values();
            direction[p] = (mean(values, line.inFirst()) + mean(values, line.inSecond())) / 2 - mean(values, line.pixels());
            length += direction[p] * direction[p];
        }
        for (int p = 0; p < direction.length; p++) direction[p] /= Math.max(Math.sqrt(length), Double.MIN_NORMAL);
        return direction;
    }

    /** Of the object that stands out less. */
    private static double level(final Borders.Line line, final List<Plane> planes, final double[] direction) {
        return Math.min(mean(planes, direction, line.inFirst()), mean(planes, direction, line.inSecond()));
    }

    private static Depth depth(final Borders.Line line, final List<Plane> planes, final double[] direction) {
        final double level = level(line, planes, direction);
        final double[] along = Arrays.stream(line.pixels()).mapToDouble(pixel -> at(planes, direction, pixel)).sorted().toArray();
        final int weakest = Math.max(2, (int) (along.length * WEAKEST));
        return new Depth(level - Arrays.stream(along, along.length - weakest, along.length).average().orElseThrow(),
            level - Arrays.stream(along).average().orElseThrow());
    }

    private static double mean(final List<Plane> planes, final double[] direction, final int[] pixels) {
        double sum = 0;
        for (final int pixel : pixels) sum += at(planes, direction, pixel);
        return sum / pixels.length;
    }

    private static double mean(final float[] values, final int[] pixels) {
        double sum = 0;
        for (final int pixel : pixels) sum += values[pixel];
        return sum / pixels.length;
    }

    private static double at(final List<Plane> planes, final double[] direction, final int pixel) {
        double sum = 0;
        for (int p = 0; p < direction.length; p++) sum += direction[p] * planes.get(p).values()[pixel];
        return sum;
    }

    private static double product(final double[] a, final double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
