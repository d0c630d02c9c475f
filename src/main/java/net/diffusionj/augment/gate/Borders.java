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

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

import net.diffusionj.augment.planes.Plane;
import net.diffusionj.labels.LabelImage;

/**
 * What lies between neighbours: along the line that is equally far from both, scores are lower than in the objects, or the two look like one. Finds neighbours
 * that a source keeps apart and an output does not. Immutable and thread-safe.
 */
final class Borders {

    /** Neighbours are at most twice this apart. */
    private static final double NEAR_PX = 5;
    private static final int FEWEST_PIXELS = 6;
    /** By so much of an object's contrast the line must be lower in the source, or nothing can be said. */
    private static final double CLEAR = 0.3;
    /** And by this share of what it was lower in the source, in the output. */
    private static final double LEFT = 0.4;

    private final LabelImage labels;
    private final Map<Long, Line> lines = new HashMap<>();

    /** Pixels of one border, and the places of both objects in the labels' list. */
    private record Line(int first, int second, Set<Integer> pixels) {}

    Borders(final LabelImage labels, final Territories territories) {
        this.labels = labels;
        final int widthPx = labels.widthPx();
        for (int y = 0; y < labels.heightPx(); y++) {
            for (int x = 0; x < widthPx; x++) {
                final int pixel = y * widthPx + x;
                if (x + 1 < widthPx) add(territories, pixel, pixel + 1);
                if (y + 1 < labels.heightPx()) add(territories, pixel, pixel + widthPx);
            }
        }
        lines.values().removeIf(line -> line.pixels.size() < FEWEST_PIXELS);
    }

    private void add(final Territories territories, final int pixel, final int next) {
        final int a = territories.owner(pixel);
        final int b = territories.owner(next);
        if (a == b || a < 0 || territories.distancePx(pixel) > NEAR_PX || territories.distancePx(next) > NEAR_PX) return;
        final Line line = lines.computeIfAbsent((long) Math.min(a, b) << Integer.SIZE | Math.max(a, b),
            key -> new Line(Math.min(a, b), Math.max(a, b), new TreeSet<>()));
        line.pixels.add(pixel);
        line.pixels.add(next);
    }

    /**
     * @param there by place in the labels' list, whether the object is there in the output; nothing is said of those that are not
     * @return places of objects that have become one with a neighbour
     */
    Set<Integer> vanished(final Plane source, final Plane output, final IntPredicate there) {
        final double[] sourceInside = inside(source);
        final double[] outputInside = inside(output);
        final Set<Integer> joined = new TreeSet<>();
        for (final Line line : lines.values()) {
            if (!there.test(line.first) || !there.test(line.second)) continue;
            final double before = dip(source, line, sourceInside);
            if (before >= CLEAR && dip(output, line, outputInside) < LEFT * before) {
                joined.add(line.first);
                joined.add(line.second);
            }
        }
        return joined;
    }

    private static double dip(final Plane scores, final Line line, final double[] inside) {
        double sum = 0;
        for (final int pixel : line.pixels) sum += scores.values()[pixel];
        return Math.min(inside[line.first], inside[line.second]) - sum / line.pixels.size();
    }

    private double[] inside(final Plane scores) {
        final double[] sums = new double[labels.ids().size()];
        final int[] ids = labels.toArray();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != 0) sums[labels.indexOf(ids[i])] += scores.values()[i];
        }
        for (int index = 0; index < sums.length; index++) sums[index] /= labels.objects().get(index).areaPx();
        return sums;
    }
}
