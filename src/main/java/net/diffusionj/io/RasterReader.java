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
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

import net.diffusionj.InvalidInputException;

/**
 * PNG, BMP and GIF through the JDK's readers, value for value: no colour management, transparency dropped, a palette of greys resolved to one channel,
 * a palette of colours to three, unless ImageJ takes it for false colours. What a header claims is checked before the JDK allocates it. Stateless and
 * thread-safe.
 */
final class RasterReader {

    private RasterReader() {}

    /**
     * @param file an existing PNG
     * @throws IOException if the file is damaged
     */
    static ImageFile readPng(final Path file) throws IOException {
        ReadLimits.checkFile(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return readPng(PngFile.read(in, Files.size(file)), file);
        }
    }

    /**
     * @param png taken apart
     * @param name of it, for messages
     * @throws IOException if its pixels are damaged
     */
    static ImageFile readPng(final PngFile png, final Object name) throws IOException {
        final ByteArrayInputStream bytes = new ByteArrayInputStream(png.decodable().array(), 0, png.decodable().limit());
        try (ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
            final ImageFile picture = toFile(decode(in, "PNG", name), png.paletteEntries() > 0 ? png.paletteEntries() : ColourTable.FULL);
            return new ImageFile(picture.image(), picture.metadata().withSettings(SettingsText.parse(png.text())));
        }
    }

    /**
     * @param file an existing BMP
     * @throws IOException if the file is damaged
     */
    static ImageFile readBmp(final Path file) throws IOException {
        BmpHeader.check(file);
        try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
            return toFile(decode(in, "BMP", file), ColourTable.FULL);
        }
    }

    /**
     * @param file an existing GIF
     * @throws IOException if the file is damaged
     */
    static ImageFile readGif(final Path file) throws IOException {
        final GifScreen screen = GifScreen.of(file);
        if (screen.frames() > 1) {
            throw new InvalidInputException(file + " is an animation of " + screen.frames()
                + " pictures. Expected one: save the one you want as PNG or TIFF.");
        }
        try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
            final BufferedImage frame = decode(in, "GIF", file);
            return screen.isFilled() ? toFile(frame, ColourTable.FULL) : new ImageFile(screen.place(frame).toImg(), ImageMetadata.NONE);
        }
    }

    private static BufferedImage decode(final ImageInputStream in, final String format, final Object file) throws IOException {
        final Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new InvalidInputException(file + " is a " + format + " image, which this Java cannot read. Save it as TIFF.");
        }
        final ImageReader reader = readers.next();
        try {
            reader.setInput(in, true, true);
            return reader.read(0);
        }
        catch (final IOException e) {
            throw new IOException("the " + format + " data are damaged or cut off (" + e.getMessage() + ")", e);
        }
        catch (final RuntimeException e) {
            // The JDK's readers meet damaged files with unchecked exceptions of many kinds.
            throw new IOException("the " + format + " data are damaged (" + e.getMessage() + ")", e);
        }
        finally {
            reader.dispose();
        }
    }

    /** The JDK may fill a palette up to 256 entries: {@code entries} are the file's own. */
    private static ImageFile toFile(final BufferedImage image, final int entries) {
        if (image.getColorModel() instanceof final IndexColorModel model) {
            final ColourTable table = tableOf(model);
            if (!table.isGrey() && entries == ColourTable.FULL && table.isFalseColour()) {
                return new ImageFile(new Planes(Planes.Depth.UINT8, image.getWidth(), image.getHeight(), 1, List.of(indices(image))).toImg(),
                    ImageMetadata.NONE.withTables(List.of(table)));
            }
            return new ImageFile(fromColours(image, table.isGrey()).toImg(), ImageMetadata.NONE);
        }
        final boolean plain = image.getRaster().getSampleModel() instanceof ComponentSampleModel;
        return new ImageFile((plain ? fromSamples(image) : fromColours(image, false)).toImg(), ImageMetadata.NONE);
    }

    private static ColourTable tableOf(final IndexColorModel model) {
        final byte[][] colours = new byte[3][model.getMapSize()];
        model.getReds(colours[0]);
        model.getGreens(colours[1]);
        model.getBlues(colours[2]);
        return new ColourTable(colours[0], colours[1], colours[2]);
    }

    private static byte[] indices(final BufferedImage image) {
        final byte[] values = new byte[image.getWidth() * image.getHeight()];
        final int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getSamples(0, y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++) {
                values[y * row.length + x] = (byte) row[x];
            }
        }
        return values;
    }

    private static Planes fromSamples(final BufferedImage image) {
        final Raster raster = image.getRaster();
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

    private static Planes fromColours(final BufferedImage image, final boolean grey) {
        final int width = image.getWidth();
        final int height = image.getHeight();
        final byte[][] planes = new byte[grey ? 1 : 3][width * height];
        final int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < planes.length; channel++) {
                    planes[channel][y * width + x] = (byte) (row[x] >> 16 - 8 * channel);
                }
            }
        }
        return new Planes(Planes.Depth.UINT8, width, height, planes.length, List.of((Object[]) planes));
    }
}
