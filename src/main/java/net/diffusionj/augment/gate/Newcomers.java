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

import net.diffusionj.augment.planes.Plane;
import net.diffusionj.labels.ConnectedComponents;
import net.diffusionj.labels.LabelImage;
import net.diffusionj.labels.LabelledObject;

/**
 * Objects in an output that no label has. What the source shows there too, such as an object that nobody labelled, is not new. Stateless.
 */
final class Newcomers {

    /** So near to a label, foreground belongs to its object. */
    private static final double BESIDE_PX = 2.5;
    /** This share of a newcomer's pixels was background in the source. */
    private static final double NEW_SHARE = 0.5;

    private Newcomers() {}

    /**
     * @param leastAreaPx of its core: without the outermost pixels
     * @param leastScore mean score of the core
     */
    static int count(final Plane source, final Plane output, final Territories territories, final double leastAreaPx, final double leastScore) {
        final int widthPx = output.widthPx();
        final boolean[] core = new boolean[output.values().length];
        for (int i = 0; i < core.length; i++) core[i] = territories.distancePx(i) > BESIDE_PX && inside(output, i);
        final LabelImage pieces = ConnectedComponents.of(core, widthPx);
        final double[] sums = new double[pieces.ids().size()];
        final int[] fresh = new int[sums.length];
        final int[] ids = pieces.toArray();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) continue;
            sums[ids[i] - 1] += output.values()[i];
            if (source.values()[i] <= 0) fresh[ids[i] - 1]++;
        }
        int count = 0;
        for (final LabelledObject piece : pieces.objects()) {
            final int index = piece.id() - 1;
            final boolean isNew = fresh[index] >= NEW_SHARE * piece.areaPx();
            if (isNew && piece.areaPx() >= leastAreaPx && sums[index] >= leastScore * piece.areaPx()) count++;
        }
        return count;
    }

    /** Foreground with foreground on all four sides, so that thin rims and single pixels are no objects. */
    private static boolean inside(final Plane scores, final int pixel) {
        final int widthPx = scores.widthPx();
        final float[] values = scores.values();
        final int x = pixel % widthPx;
        return values[pixel] > 0 && (x == 0 || values[pixel - 1] > 0) && (x == widthPx - 1 || values[pixel + 1] > 0)
            && (pixel < widthPx || values[pixel - widthPx] > 0) && (pixel + widthPx >= values.length || values[pixel + widthPx] > 0);
    }
}
