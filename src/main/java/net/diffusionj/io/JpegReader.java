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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads JPEG as ImageJ does: the stored colours, whatever ICC profile stands beside them; one component is grey. CMYK and YCCK, which ImageJ does not
 * read, are read where Adobe's marker says how their inks are stored. Stateless and thread-safe.
 */
final class JpegReader {

    private JpegReader() {}

    /**
     * @param file an existing file
     * @return its picture, 1 or 3 channels of bytes
     * @throws IOException if the file is damaged, cut off, or of a kind that is not read
     */
    static Planes read(final Path file) throws IOException {
        ReadLimits.checkFile(file);
        final byte[] jpeg = Files.readAllBytes(file);
        return read(jpeg, JpegHeader.of(jpeg));
    }

    /**
     * @param jpeg all of its bytes
     * @param header of it
     * @return its picture, 1 or 3 channels of bytes
     * @throws IOException if it is damaged, cut off, or of a kind that is not read
     */
    static Planes read(final byte[] jpeg, final JpegHeader header) throws IOException {
        final int components = header.components().length;
        if (components == 2 || components > 4) {
            throw new IOException("it is a JPEG of " + components + " components, which is not read here");
        }
        if (components == 4 && header.adobe() != 0 && header.adobe() != 2) {
            throw new IOException("it is a CMYK JPEG without Adobe's marker, so how its inks are stored is unknown; save it as an RGB JPEG or as TIFF");
        }
        final byte[][] planes = JpegRaster.read(jpeg, header);
        if (components == 3 && header.isYcc() || header.adobe() == 2 && components == 4) {
            Ycc.toRgb(planes);
        }
        if (components == 4) {
            invertedInks(planes, header.adobe() == 2);
        }
        final List<Object> channels = List.of(Arrays.copyOf((Object[]) planes, Math.min(components, 3)));
        return new Planes(Planes.Depth.UINT8, header.width(), header.height(), channels.size(), channels);
    }

    /** Adobe stores 255 for no ink; in YCCK the three colours come out as inks, so they are turned round first. */
    private static void invertedInks(final byte[][] planes, final boolean ycck) {
        for (int ink = 0; ink < 3; ink++) {
            for (int i = 0; i < planes[ink].length; i++) {
                final int light = ycck ? 255 - (planes[ink][i] & 0xff) : planes[ink][i] & 0xff;
                planes[ink][i] = (byte) Math.round(light * (planes[3][i] & 0xff) / 255f);
            }
        }
    }
}
