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
package net.diffusionj.io;

import java.util.List;

/** YCbCr with less chroma than luma, uncompressed in units of several pixels (TIFF 6.0, section 21). Stateless and thread-safe. */
final class SubsampledYcbcr {

    private SubsampledYcbcr() {}

    /**
     * Gives every pixel the chroma of its unit.
     *
     * @param bytes of a block: for each unit its luma values, then one Cb and one Cr
     * @param page what it belongs to
     * @param left of the block in the page
     * @param top of the block in the page
     * @param rows of the block
     * @param planes Y, Cb and Cr as bytes, filled in
     */
    static void spread(final byte[] bytes, final TiffPage page, final int left, final int top, final int rows, final List<Object> planes) {
        final int across = page.subsampling()[0];
        final int down = page.subsampling()[1];
        final int units = (page.blockWidth() + across - 1) / across;
        final int unitBytes = across * down + 2;
        for (int row = 0; row < rows && top + row < page.height(); row++) {
            for (int column = 0; column < page.blockWidth() && left + column < page.width(); column++) {
                final int unit = (row / down * units + column / across) * unitBytes;
                final int to = (top + row) * page.width() + left + column;
                ((byte[]) planes.get(0))[to] = bytes[unit + row % down * across + column % across];
                ((byte[]) planes.get(1))[to] = bytes[unit + unitBytes - 2];
                ((byte[]) planes.get(2))[to] = bytes[unit + unitBytes - 1];
            }
        }
    }
}
