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

import java.util.Arrays;
import java.util.List;

/**
 * A patch of an image, by its mean and the powers of its bands.
 *
 * @param mean grey value
 * @param low power of structures of 4 pixels and more
 * @param mid of about 2 to 4 pixels
 * @param high of about 2 pixels
 */
record NoisePatch(double mean, double low, double mid, double high) {

    private static final int LEAST_STEP_PX = 4;
    private static final double NEAR_WHITE = 0.8;

    /**
     * Cuts a plane into patches. Those that touch black or white, where values were cut off, tell nothing of noise and are left out.
     *
     * @param patches gets them
     * @param plane row-major
     * @param widthPx its width
     * @param black smallest value that was cut off
     * @param white largest value that was cut off
     * @param most so many at most, evenly spread
     */
    static void addAll(final List<NoisePatch> patches, final double[] plane, final int widthPx, final double black, final double white, final int most) {
        final int side = PatchBands.SIDE_PX;
        final int heightPx = plane.length / widthPx;
        // Among patches near white those without a cut pixel are the ones whose noise happened to be small.
        final double brightest = Arrays.stream(plane).anyMatch(value -> value >= white) ? NEAR_WHITE * white : Double.POSITIVE_INFINITY;
        final int stepPx = Math.max((int) Math.ceil(Math.sqrt((double) plane.length / Math.max(most, 1))), LEAST_STEP_PX);
        for (int y = 0; y + side <= heightPx; y += stepPx) {
            for (int x = 0; x + side <= widthPx; x += stepPx) {
                final int start = y * widthPx + x;
                double sum = 0;
                boolean cut = false;
                for (int i = 0; i < side * side; i++) {
                    final double value = plane[start + i / side * widthPx + i % side];
                    sum += value;
                    cut |= value <= black || value >= white || !Double.isFinite(value);
                }
                if (cut || sum / (side * side) > brightest) continue;
                final double[][] powers = PatchBands.powers(plane, start, widthPx);
                patches.add(new NoisePatch(sum / (side * side), PatchBands.LOW.mean(powers), PatchBands.MID.mean(powers), PatchBands.HIGH.mean(powers)));
            }
        }
    }
}
