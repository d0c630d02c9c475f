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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.InvalidInputException;

/**
 * Pictures as bytes instead of files, for those who send them over a network: PNG out, PNG and JPEG in. What a header claims is held against a limit before
 * anything is unpacked, and no message names a file. Stateless and thread-safe.
 */
public final class ImageBytes {

    private static final int PNG_SIZE_AT = 16;

    private ImageBytes() {}

    /**
     * Writes each picture as {@link ImageFiles#write} would write its file, byte for byte.
     *
     * @param image x, y; x, y, channel; or x, y, channel, image: unsigned 8 or 16 bits, 1 or 3 channels
     * @param settings how it was made
     * @return one PNG for each picture
     * @throws InvalidInputException if a PNG cannot hold such pixels
     */
    public static List<byte[]> png(final RandomAccessibleInterval<?> image, final Map<String, String> settings) {
        final Planes planes = Planes.of(image);
        PngWriter.refusal(planes).ifPresent(why -> {
            throw new InvalidInputException(why);
        });
        final List<byte[]> pictures = new ArrayList<>();
        for (int index = 0; index < planes.images(); index++) {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                PngWriter.write(bytes, planes, index, settings);
            }
            catch (final IOException e) {
                throw new IllegalStateException("memory cannot fail to be written to", e);
            }
            pictures.add(bytes.toByteArray());
        }
        return pictures;
    }

    /**
     * @param bytes a PNG or a JPEG
     * @param mostPixels width times height that is accepted
     * @param what it is, to begin messages with: "The mask"
     * @return the picture; the settings of a PNG of ours are in its metadata
     * @throws InvalidInputException if it is neither, is damaged, or claims more pixels
     */
    public static ImageFile read(final byte[] bytes, final long mostPixels, final String what) {
        try {
            return switch (FileKind.of(Arrays.copyOf(bytes, Math.min(bytes.length, FileKind.BYTES)))) {
                case PNG -> png(bytes, mostPixels, what);
                case JPEG -> jpeg(bytes, mostPixels, what);
                default -> throw new InvalidInputException(what + " should be a PNG or a JPEG, but "
                    + (bytes.length == 0 ? "is empty." : "begins with other bytes. Send the whole file, in base64."));
            };
        }
        catch (final IOException e) {
            throw new InvalidInputException(what + " cannot be read: " + Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()) + '.', e);
        }
    }

    private static ImageFile png(final byte[] bytes, final long mostPixels, final String what) throws IOException {
        if (bytes.length < PNG_SIZE_AT + 2 * Integer.BYTES) throw new IOException("it is truncated");
        final ByteBuffer size = ByteBuffer.wrap(bytes, PNG_SIZE_AT, 2 * Integer.BYTES);
        checkSize(Integer.toUnsignedLong(size.getInt()), Integer.toUnsignedLong(size.getInt()), mostPixels, what);
        return RasterReader.readPng(PngFile.read(new DataInputStream(new ByteArrayInputStream(bytes)), bytes.length), what);
    }

    private static ImageFile jpeg(final byte[] bytes, final long mostPixels, final String what) throws IOException {
        final JpegHeader header = JpegHeader.of(bytes);
        checkSize(header.width(), header.height(), mostPixels, what);
        return new ImageFile(JpegReader.read(bytes, header).toImg(), ImageMetadata.NONE);
    }

    private static void checkSize(final long width, final long height, final long mostPixels, final String what) {
        if ((double) width * height > mostPixels) {
            throw new InvalidInputException(what + " has " + width + " x " + height + " pixels, more than the " + mostPixels
                + " that are accepted here. Send a smaller image.");
        }
    }
}
