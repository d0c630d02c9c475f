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

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

import net.diffusionj.InvalidInputException;

/**
 * PNG, JPEG, BMP and GIF through the JDK's readers, value for value: no colour management, transparency dropped, palettes resolved, a palette of greys
 * to one channel. Stateless and thread-safe.
 */
final class RasterReader {

    private RasterReader() {}

    /**
     * @param file an existing file
     * @param format PNG, JPEG, BMP or GIF
     * @throws IOException if the file is damaged
     */
    static Planes read(final Path file, final String format) throws IOException {
        final Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new InvalidInputException(file + " is a " + format + " image, which this Java cannot read. Save it as TIFF or PNG.");
        }
        final ImageReader reader = readers.next();
        try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
            reader.setInput(in);
            if (format.equals("GIF") && reader.getNumImages(true) > 1) {
                throw new InvalidInputException(file + " is an animation of " + reader.getNumImages(true)
                    + " pictures. Expected one: save the one you want as PNG or TIFF.");
            }
            return toPlanes(reader.read(0));
        }
        catch (final RuntimeException e) {
            if (e instanceof InvalidInputException) {
                throw e;
            }
            // The JDK's readers meet damaged files with unchecked exceptions of many kinds.
            throw new IOException("the " + format + " data are damaged (" + e.getMessage() + ")", e);
        }
        finally {
            reader.dispose();
        }
    }

    private static Planes toPlanes(final BufferedImage image) {
        final Raster raster = image.getRaster();
        final boolean plain = raster.getSampleModel() instanceof ComponentSampleModel && !(image.getColorModel() instanceof IndexColorModel);
        if (!plain) {
            return fromColours(image);
        }
        final int depthBits = raster.getSampleModel().getSampleSize(0);
        final boolean wide = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT && depthBits > 8;
        final int channels = raster.getNumBands() < 3 ? 1 : 3;
        final Object[] arrays = new Object[channels];
        final int width = image.getWidth();
        final int[] row = new int[width];
        for (int channel = 0; channel < channels; channel++) {
            final byte[] bytes = new byte[wide ? 0 : width * image.getHeight()];
            final short[] shorts = new short[wide ? width * image.getHeight() : 0];
            for (int y = 0; y < image.getHeight(); y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, channel, row);
                for (int x = 0; x < width; x++) {
                    if (wide) {
                        shorts[y * width + x] = (short) row[x];
                    }
                    else {
                        bytes[y * width + x] = (byte) row[x];
                    }
                }
            }
            arrays[channel] = wide ? shorts : bytes;
        }
        return new Planes(wide ? Planes.Depth.UINT16 : Planes.Depth.UINT8, width, image.getHeight(), channels, List.of(arrays));
    }

    private static Planes fromColours(final BufferedImage image) {
        final int width = image.getWidth();
        final int height = image.getHeight();
        final byte[][] planes = new byte[3][width * height];
        boolean grey = image.getColorModel() instanceof IndexColorModel;
        final int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                final int i = y * width + x;
                planes[0][i] = (byte) (row[x] >> 16);
                planes[1][i] = (byte) (row[x] >> 8);
                planes[2][i] = (byte) row[x];
                grey &= planes[0][i] == planes[1][i] && planes[1][i] == planes[2][i];
            }
        }
        final List<Object> arrays = grey ? List.of(planes[0]) : List.of(planes[0], planes[1], planes[2]);
        return new Planes(Planes.Depth.UINT8, width, height, arrays.size(), arrays);
    }
}
