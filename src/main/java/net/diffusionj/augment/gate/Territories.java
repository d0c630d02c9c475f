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

import net.diffusionj.labels.LabelImage;

/**
 * Which object every pixel is nearest to, and how near: touching objects are told apart by their own labels. Distances are carried from neighbour to
 * neighbour in two passes (Danielsson 1980), exact but for rare fractions of a pixel. Immutable; arrays are never written.
 */
final class Territories {

    private static final int[][] BEFORE = {{-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
    private static final int[][] ALONG = {{1, 0}};

    /** [heightPx, widthPx] row-major: place of the nearest object in the labels' list; −1 where there is no object at all. */
    private final int[] owners;
    private final float[] distancesPx;

    Territories(final LabelImage labels) {
        final int widthPx = labels.widthPx();
        final int heightPx = labels.heightPx();
        final int[] ids = labels.toArray();
        final int[] nearest = new int[ids.length];
        for (int i = 0; i < ids.length; i++) nearest[i] = ids[i] == 0 ? -1 : i;
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) take(nearest, x, y, widthPx, heightPx, BEFORE, 1);
            for (int x = widthPx - 1; x >= 0; x--) take(nearest, x, y, widthPx, heightPx, ALONG, 1);
        }
        for (int y = heightPx - 1; y >= 0; y--) {
            for (int x = widthPx - 1; x >= 0; x--) take(nearest, x, y, widthPx, heightPx, BEFORE, -1);
            for (int x = 0; x < widthPx; x++) take(nearest, x, y, widthPx, heightPx, ALONG, -1);
        }
        owners = new int[ids.length];
        distancesPx = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            owners[i] = nearest[i] < 0 ? -1 : labels.indexOf(ids[nearest[i]]);
            distancesPx[i] = nearest[i] < 0 ? Float.POSITIVE_INFINITY : (float) Math.sqrt(squared(nearest[i], i % widthPx, i / widthPx, widthPx));
        }
    }

    int owner(final int pixel) {
        return owners[pixel];
    }

    float distancePx(final int pixel) {
        return distancesPx[pixel];
    }

    private static void take(final int[] nearest, final int x, final int y, final int widthPx, final int heightPx, final int[][] steps, final int sign) {
        final int here = y * widthPx + x;
        for (final int[] step : steps) {
            final int nx = x + sign * step[0];
            final int ny = y + sign * step[1];
            if (nx < 0 || ny < 0 || nx >= widthPx || ny >= heightPx) continue;
            final int candidate = nearest[ny * widthPx + nx];
            if (candidate >= 0 && (nearest[here] < 0 || squared(candidate, x, y, widthPx) < squared(nearest[here], x, y, widthPx))) nearest[here] = candidate;
        }
    }

    private static long squared(final int pixel, final int x, final int y, final int widthPx) {
        final long dx = pixel % widthPx - x;
        final long dy = pixel / widthPx - y;
        return dx * dx + dy * dy;
    }
}
