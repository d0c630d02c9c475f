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

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The samples of a JPEG as the JDK's decoder unpacks them, without any conversion of colours, so that no ICC profile is applied. What the decoder
 * merely warns of, an end that comes too early or damaged data, is an error here. Stateless and thread-safe.
 */
final class JpegRaster {

    private static final int END = 0xd9;

    private JpegRaster() {}

    /**
     * @param jpeg a whole JPEG
     * @param header its markers
     * @return one array for each component, each [height, width]
     * @throws IOException if it is damaged
     */
    static byte[][] read(final byte[] jpeg, final JpegHeader header) throws IOException {
        ReadLimits.checkRatio(header.width(), header.height(), (double) header.width() * header.height(), jpeg.length, JpegHeader.MOST_RATIO);
        ReadLimits.checkSize(header.width(), header.height(), header.components().length, 1);
        final ImageReader reader = ImageIO.getImageReadersByFormatName("JPEG").next();
        final List<String> warnings = new ArrayList<>();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            final Raster raster = reader.readRaster(0, null);
            // Stray bytes before a marker do not harm pixels; many cameras write some.
            for (final String warning : warnings) {
                if (!warning.contains("extraneous bytes")) {
                    throw new IOException("its JPEG data are damaged or cut off (" + warning + ")");
                }
            }
            if (header.progressive() && !JpegScans.areComplete(jpeg, header)) {
                throw new IOException("its JPEG data are cut off: the finest of its scans are missing");
            }
            return split(raster, header);
        }
        catch (final RuntimeException e) {
            // The JDK's reader meets damaged files with unchecked exceptions of many kinds.
            throw new IOException("its JPEG data are damaged (" + e.getMessage() + ")", e);
        }
        finally {
            reader.dispose();
        }
    }

    private static byte[][] split(final Raster raster, final JpegHeader header) throws IOException {
        if (raster.getNumBands() != header.components().length || raster.getWidth() != header.width() || raster.getHeight() != header.height()) {
            throw new IOException("its JPEG data are damaged (another size or number of components than announced)");
        }
        final byte[][] planes = new byte[raster.getNumBands()][header.width() * header.height()];
        final int[] row = new int[header.width()];
        for (int band = 0; band < planes.length; band++) {
            for (int y = 0; y < header.height(); y++) {
                raster.getSamples(0, y, header.width(), 1, band, row);
                for (int x = 0; x < row.length; x++) {
                    planes[band][y * row.length + x] = (byte) row[x];
                }
            }
        }
        return planes;
    }

    /**
     * Reads a strip or tile of a TIFF file (Adobe's TIFF Technical Note 2).
     *
     * @param tables JPEG tables of the whole page; empty without
     * @param block the block's own JPEG
     * @param width of the block
     * @param height of the block
     * @param samples together in the block
     * @return [height, width, sample]
     * @throws IOException if it is damaged or has another size
     */
    static byte[] ofBlock(final byte[] tables, final byte[] block, final int width, final int height, final int samples) throws IOException {
        final byte[] whole = withTables(tables, block);
        final JpegHeader header = JpegHeader.of(whole);
        if (header.width() < width || header.height() < height || header.width() > width + 64 || header.height() > height + 64
            || header.components().length != samples) {
            throw new IOException("a JPEG block in it has " + header.width() + " x " + header.height() + " pixels of " + header.components().length
                + " samples instead of " + width + " x " + height + " of " + samples);
        }
        final byte[][] planes = read(whole, header);
        final byte[] all = new byte[width * height * samples];
        for (int i = 0; i < all.length; i++) {
            final int pixel = i / samples;
            all[i] = planes[i % samples][pixel / width * header.width() + pixel % width];
        }
        return all;
    }

    private static byte[] withTables(final byte[] tables, final byte[] block) {
        final int end = tables.length >= 2 && (tables[tables.length - 1] & 0xff) == END ? tables.length - 2 : tables.length;
        if (end <= 2 || block.length < 2) {
            return block;
        }
        final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tables, 0, end);
        whole.write(block, 2, block.length - 2);
        return whole.toByteArray();
    }
}
