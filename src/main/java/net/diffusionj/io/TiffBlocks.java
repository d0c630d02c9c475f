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

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the strips or tiles of a page into one plane for each sample: uncompresses, undoes differences (TIFF 6.0, section 14, and Adobe's predictor 3),
 * and leaves the meaning of the samples to {@link TiffColours}. The page must have been checked by {@link TiffSupport}. Not thread-safe.
 */
final class TiffBlocks {

    private final TiffPage page;
    private final TiffInput input;
    private final byte[] jpegTables;

    /**
     * @param page checked
     * @param input its file
     * @param jpegTables of the page; empty without
     */
    TiffBlocks(final TiffPage page, final TiffInput input, final byte[] jpegTables) {
        this.page = page;
        this.input = input;
        this.jpegTables = jpegTables;
    }

    /**
     * @return {@code colours()} arrays, each [height, width] of the page's depth; values as they are stored
     * @throws IOException if the data are damaged
     */
    List<Object> read() throws IOException {
        final List<Object> planes = new ArrayList<>();
        for (int i = 0; i < page.colours(); i++) {
            planes.add(page.depth().newArray(page.width() * page.height()));
        }
        final int each = page.blocksAcross() * page.blocksDown();
        for (int group = 0; group < (page.planar() == 2 ? page.colours() : 1); group++) {
            for (int block = 0; block < each; block++) {
                final int down = block / page.blocksAcross();
                final int rows = page.rowsOf(down);
                final byte[] bytes = uncompressed(group * each + block, rows);
                final int x = block % page.blocksAcross() * page.blockWidth();
                if (page.isSubsampled()) {
                    SubsampledYcbcr.spread(bytes, page, x, down * page.blockHeight(), rows, planes);
                }
                else {
                    final List<Object> targets = page.planar() == 2 ? planes.subList(group, group + 1) : planes;
                    TiffSamples.unpack(bytes, page, x, down * page.blockHeight(), rows, targets);
                }
            }
        }
        return planes;
    }

    private byte[] uncompressed(final int block, final int rows) throws IOException {
        final byte[] stored = input.read(page.offsets()[block], page.byteCounts()[block]);
        final int wanted = Math.toIntExact(page.blockBytes(rows));
        if (page.compression() == TiffPage.JPEG) {
            return JpegRaster.ofBlock(jpegTables, stored, page.blockWidth(), rows, page.samplesTogether());
        }
        if (page.reversed()) {
            for (int i = 0; i < stored.length; i++) {
                stored[i] = (byte) (Integer.reverse(stored[i]) >> 24);
            }
        }
        final byte[] bytes = TiffStrips.decompress(stored, page.compression(), wanted);
        if (bytes.length < wanted) {
            throw new IOException("its " + (page.tiled() ? "tile " : "strip ") + (block + 1) + " holds " + bytes.length + " bytes instead of " + wanted);
        }
        final int rowBytes = (int) page.rowBytes();
        for (int row = 0; row < rows && page.predictor() > 1; row++) {
            if (page.predictor() == 2) {
                undoDifferences(bytes, row * rowBytes, rowBytes);
            }
            else {
                undoFloatDifferences(bytes, row * rowBytes, rowBytes);
            }
        }
        return bytes;
    }

    private void undoDifferences(final byte[] bytes, final int start, final int rowBytes) {
        final int size = page.bits() / 8;
        final int step = page.samplesTogether() * size;
        final boolean little = page.order() == ByteOrder.LITTLE_ENDIAN;
        for (int i = start + step; i < start + rowBytes; i += size) {
            int carry = 0;
            for (int k = 0; k < size; k++) {
                final int at = i + (little ? k : size - 1 - k);
                final int sum = (bytes[at] & 0xff) + (bytes[at - step] & 0xff) + carry;
                bytes[at] = (byte) sum;
                carry = sum >> 8;
            }
        }
    }

    /** The highest bytes of all values of a row come first, then the next, and each byte is stored as the difference to the one before. */
    private void undoFloatDifferences(final byte[] bytes, final int start, final int rowBytes) {
        final int size = page.bits() / 8;
        final int step = page.samplesTogether();
        for (int i = start + step; i < start + rowBytes; i++) {
            bytes[i] += bytes[i - step];
        }
        final int values = rowBytes / size;
        final byte[] row = new byte[rowBytes];
        for (int value = 0; value < values; value++) {
            for (int k = 0; k < size; k++) {
                final int at = page.order() == ByteOrder.LITTLE_ENDIAN ? size - 1 - k : k;
                row[value * size + at] = bytes[start + k * values + value];
            }
        }
        System.arraycopy(row, 0, bytes, start, rowBytes);
    }
}
