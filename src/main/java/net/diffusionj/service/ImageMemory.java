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
package net.diffusionj.service;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.Framing;

/** Checks before the work whether an image fits into Java's memory: the model's own memory does not grow with it, since it sees tiles. Stateless. */
final class ImageMemory {

    /** Values of all channels in one array, which Java indexes by an int. */
    private static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;
    /** Planes of floats beside the images that are made: the source's three, those of the image being decoded and cut out, and one being read. */
    private static final int SHARED_PLANES = 10;
    /** Planes of floats that every image of a batch takes: decoded, in the source's size and tone, and as it is returned. */
    private static final int PLANES_PER_IMAGE = 9;
    private static final double BYTES_PER_GB = 1e9;

    private ImageMemory() {}

    /**
     * @param framing size of the image, there and as the model sees it
     * @param images how many are made
     * @param heapBytes what Java may take
     * @throws InvalidInputException if it will not do; names the size and the way out
     */
    static void check(final Framing framing, final int images, final long heapBytes) {
        final boolean asItIs = framing.scaledWidthPx() == framing.sourceWidthPx() && framing.scaledHeightPx() == framing.sourceHeightPx();
        check(Math.max(framing.pixels(), (long) framing.sourceWidthPx() * framing.sourceHeightPx()), images, heapBytes,
            "The image of " + framing.sourceWidthPx() + " x " + framing.sourceHeightPx() + " pixels"
                + (asItIs ? "" : ", scaled to " + framing.scaledWidthPx() + " x " + framing.scaledHeightPx() + ','),
            "Start from a part of the image, or use a smaller scale or fit model");
    }

    /**
     * @param size of an image that is made from text; of a batch, of one of them
     * @param heapBytes what Java may take
     * @throws InvalidInputException if it will not do; names the size and the way out
     */
    static void check(final WorkingSize size, final long heapBytes) {
        check((long) size.widthPx() * size.heightPx(), 1, heapBytes, "An image of " + size.widthPx() + " x " + size.heightPx() + " pixels",
            "Ask for a smaller width and height");
    }

    private static void check(final long pixels, final int images, final long heapBytes, final String what, final String wayOut) {
        final double bytes = (double) Float.BYTES * pixels * (SHARED_PLANES + (double) PLANES_PER_IMAGE * images);
        final boolean indexed = pixels * images <= MOST_PIXELS;
        if (bytes <= heapBytes && indexed) return;
        throw new InvalidInputException(what + (images > 1 ? " in a batch of " + images : "") + " is too large: it takes about " + gigabytes(bytes)
            + " GB of Java memory, and " + gigabytes(heapBytes) + " GB may be used. " + wayOut + (images > 1 ? ", or a smaller batch" : "")
            + (indexed ? ", or give Java more memory (-Xmx; in ImageJ, Edit > Options > Memory & Threads...)." : "."));
    }

    private static String gigabytes(final double bytes) {
        final double gigabytes = bytes / BYTES_PER_GB;
        return gigabytes < 10 ? Double.toString(Math.max(1, Math.round(gigabytes * 10)) / 10.0) : Long.toString(Math.round(gigabytes));
    }
}
