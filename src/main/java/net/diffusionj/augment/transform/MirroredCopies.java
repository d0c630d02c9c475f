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
package net.diffusionj.augment.transform;

import java.util.Arrays;

/**
 * Objects that a warp has mirrored in from outside of the picture. One that touches its original is one object with it, as the picture shows; one that lies
 * apart is another object and gets a number of its own. Stateless.
 */
final class MirroredCopies {

    private MirroredCopies() {}

    /**
     * @param ids [height, width] row-major; not changed
     * @param inside whether the pixel comes from within the picture
     * @param widthPx width
     * @return the ids, with new ones for connected pieces that come wholly from outside
     */
    static int[] renumber(final int[] ids, final boolean[] inside, final int widthPx) {
        final int[] numbered = ids.clone();
        final boolean[] seen = new boolean[ids.length];
        final int[] piece = new int[ids.length];
        int next = Arrays.stream(ids).max().orElse(0) + 1;
        for (int start = 0; start < ids.length; start++) {
            if (ids[start] == 0 || seen[start]) continue;
            final int count = gather(ids, start, widthPx, seen, piece);
            if (Arrays.stream(piece, 0, count).anyMatch(pixel -> inside[pixel])) continue;
            for (int i = 0; i < count; i++) numbered[piece[i]] = next;
            next++;
        }
        return numbered;
    }

    /** @return number of pixels that are connected with the first, at sides or corners, and have its id; they stand in {@code piece} */
    private static int gather(final int[] ids, final int start, final int widthPx, final boolean[] seen, final int[] piece) {
        int count = 0;
        piece[count++] = start;
        seen[start] = true;
        for (int i = 0; i < count; i++) {
            final int x = piece[i] % widthPx;
            final int y = piece[i] / widthPx;
            for (int ny = Math.max(0, y - 1); ny <= Math.min(ids.length / widthPx - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(widthPx - 1, x + 1); nx++) {
                    final int pixel = ny * widthPx + nx;
                    if (seen[pixel] || ids[pixel] != ids[start]) continue;
                    seen[pixel] = true;
                    piece[count++] = pixel;
                }
            }
        }
        return count;
    }
}
