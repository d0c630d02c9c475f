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
package net.diffusionj.labels;

import java.util.function.IntPredicate;

/**
 * Finds the connected pieces of a mask; pixels that touch at a side or a corner are connected. Pieces are numbered from 1 in reading order, whatever the
 * shape of the pieces. Takes time in proportion to the pixels. Stateless.
 */
public final class ConnectedComponents {

    private ConnectedComponents() {}

    /**
     * @param inside [heightPx, widthPx] row-major; not changed
     * @param widthPx at least 1
     * @return every piece as an object
     */
    public static LabelImage of(final boolean[] inside, final int widthPx) {
        return LabelImage.ofIds(label(i -> inside[i], inside.length, widthPx), widthPx);
    }

    static LabelImage of(final int[] mask, final int widthPx) {
        return LabelImage.ofIds(label(i -> mask[i] != 0, mask.length, widthPx), widthPx);
    }

    private static int[] label(final IntPredicate inside, final int length, final int widthPx) {
        final int[] ids = new int[length];
        final int[] waiting = new int[length];
        int pieces = 0;
        for (int start = 0; start < length; start++) {
            if (ids[start] != 0 || !inside.test(start)) continue;
            ids[start] = ++pieces;
            int count = 0;
            waiting[count++] = start;
            while (count > 0) {
                final int pixel = waiting[--count];
                final int x = pixel % widthPx;
                final int y = pixel / widthPx;
                for (int ny = Math.max(0, y - 1); ny <= y + 1 && ny * (long) widthPx < length; ny++) {
                    for (int nx = Math.max(0, x - 1); nx <= Math.min(widthPx - 1, x + 1); nx++) {
                        final int next = ny * widthPx + nx;
                        if (ids[next] != 0 || !inside.test(next)) continue;
                        ids[next] = pieces;
                        waiting[count++] = next;
                    }
                }
            }
        }
        return ids;
    }
}
