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
package net.diffusionj.pipeline;

import java.util.OptionalLong;

/** How many images go through the UNet at once, and whether one can be decoded meanwhile: what memory allows. */
final class GroupSize {

    /** More at once gain nothing: four images of 512 x 512 with a factor of 8. */
    private static final int MOST_LATENT_PIXELS = 4 * 64 * 64;
    /** Share of the free memory that one model call may take. */
    private static final double SHARE = 0.5;
    /** Stable Diffusion 1.x's largest attention: scores and their softmax, 8 heads, float32, for every pair of latent pixels. */
    private static final long BYTES_PER_PAIR = 2L * 8 * Float.BYTES;
    /** The rest of its activations: some 30 maps of 320 channels alive at once, float32. */
    private static final long BYTES_PER_PIXEL = 30L * 320 * Float.BYTES;

    /** Some 10 maps of 256 channels alive at once at the end of Stable Diffusion's decoder, float32. */
    private static final long BYTES_PER_DECODED_PIXEL = 10L * 256 * Float.BYTES;

    private GroupSize() {}

    /**
     * Chooses by what Stable Diffusion's UNet needs; for smaller ones that is too careful, and if it is not careful enough the memory ladder splits calls.
     *
     * @param latentPixels of one image
     * @param passes model passes per image and step: 2 with guidance
     * @param freeBytes memory that could be taken; empty if unknown
     * @return at least 1
     */
    static int choose(final int latentPixels, final int passes, final OptionalLong freeBytes) {
        final long most = Math.max(1, MOST_LATENT_PIXELS / latentPixels);
        if (freeBytes.isEmpty()) return (int) most;
        return (int) Math.max(1, Math.min(most, freeBytes.getAsLong() * SHARE / unetBytes(passes, latentPixels)));
    }

    /**
     * @param rows model passes at once
     * @param latentPixels of one image
     * @param imagePixels of one image
     * @param freeBytes memory that could be taken
     * @return whether an image can be decoded while the UNet runs
     */
    static boolean bothFit(final int rows, final int latentPixels, final long imagePixels, final long freeBytes) {
        final double decoder = BYTES_PER_DECODED_PIXEL * (double) imagePixels;
        return freeBytes * SHARE >= unetBytes(rows, latentPixels) + decoder;
    }

    private static double unetBytes(final int rows, final int latentPixels) {
        return rows * (BYTES_PER_PAIR * (double) latentPixels * latentPixels + BYTES_PER_PIXEL * (double) latentPixels);
    }
}
