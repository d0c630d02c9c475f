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

/**
 * Turns a mask into shares of the new picture: 0 outside the mask, 1 deep inside, and a ramp between that lies wholly inside, so that no pixel outside is
 * touched. The border of the picture is not a border of the mask. Stateless.
 */
final class InwardFeather {

    /** Of a small mask the ramp takes at most this share of the way to its innermost pixel, so that its middle is still new. */
    private static final double LARGEST_SHARE = 0.5;

    private InwardFeather() {}

    /**
     * @param inside [heightPx, widthPx] row-major
     * @param widthPx width of the mask
     * @param rampPx over how many pixels the new picture comes in, at least 0
     * @return per pixel, the share of the new picture: exactly 0 outside, above 0 inside
     */
    static float[] shares(final boolean[] inside, final int widthPx, final double rampPx) {
        final float[] distances = distances(inside, widthPx);
        float deepest = 0;
        for (final float distance : distances) deepest = Math.max(deepest, distance);
        // The innermost pixel of a one-pixel mask is one pixel away from the outside: no ramp at all.
        final double ramp = Math.min(rampPx + 1, Math.max(1, deepest * LARGEST_SHARE));
        for (int i = 0; i < distances.length; i++) distances[i] = (float) Math.min(1, distances[i] / ramp);
        return distances;
    }

    /** Distance of every pixel inside to the nearest one outside, in pixels, within 8 % (G. Borgefors 1986, weights 3 and 4 in two passes). */
    private static float[] distances(final boolean[] inside, final int widthPx) {
        final int heightPx = inside.length / widthPx;
        final int far = 3 * (widthPx + heightPx + 1);
        final int[] thirds = new int[inside.length];
        for (int i = 0; i < inside.length; i++) thirds[i] = inside[i] ? far : 0;
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) relax(thirds, widthPx, heightPx, x, y, -1);
        }
        for (int y = heightPx - 1; y >= 0; y--) {
            for (int x = widthPx - 1; x >= 0; x--) relax(thirds, widthPx, heightPx, x, y, 1);
        }
        final float[] distances = new float[inside.length];
        for (int i = 0; i < distances.length; i++) distances[i] = thirds[i] / 3f;
        return distances;
    }

    /** Looks at the neighbours that the pass has seen already: those in the row before and the one before in the row. */
    private static void relax(final int[] thirds, final int widthPx, final int heightPx, final int x, final int y, final int before) {
        final int at = y * widthPx + x;
        if (thirds[at] == 0) return;
        int least = thirds[at];
        final boolean hasColumn = x + before >= 0 && x + before < widthPx;
        final boolean hasOtherColumn = x - before >= 0 && x - before < widthPx;
        if (hasColumn) least = Math.min(least, thirds[at + before] + 3);
        if (y + before >= 0 && y + before < heightPx) {
            final int row = at + before * widthPx;
            least = Math.min(least, thirds[row] + 3);
            if (hasColumn) least = Math.min(least, thirds[row + before] + 4);
            if (hasOtherColumn) least = Math.min(least, thirds[row - before] + 4);
        }
        thirds[at] = least;
    }
}
