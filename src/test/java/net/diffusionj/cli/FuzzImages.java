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
package net.diffusionj.cli;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.imageio.ImageIO;

/** Small sound images of every kind that img2img reads, to be damaged. */
final class FuzzImages {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 32;

    private FuzzImages() {}

    /** @return content by file name */
    static Map<String, byte[]> all() throws IOException {
        final Map<String, byte[]> images = new LinkedHashMap<>();
        for (final String type : new String[] {"8-bit", "16-bit", "32-bit", "RGB"}) {
            final ImagePlus image = IJ.createImage("fuzz", type + " ramp", WIDTH, HEIGHT, type.equals("16-bit") ? 3 : 1);
            image.setProperty("Info", "made to be damaged: \u00B5m");
            image.getCalibration().setUnit("\u00B5m");
            image.getCalibration().pixelWidth = 0.25;
            images.put("imagej-" + type + ".tif", new FileSaver(image).serialize());
        }
        for (final int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_BYTE_INDEXED}) {
            for (final String format : new String[] {"png", "tif", "gif", "jpg", "bmp"}) {
                final byte[] written = written(type, format);
                if (written.length > 0) images.put("imageio-" + type + '.' + format, written);
            }
        }
        images.put("array.npy", npy());
        return images;
    }

    private static byte[] written(final int type, final String format) throws IOException {
        final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) image.setRGB(x, y, 0xFF000000 | x * 6 << 16 | y * 7 << 8 | (x ^ y) * 3);
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        return ImageIO.write(image, format, out) ? out.toByteArray() : new byte[0];
    }

    private static byte[] npy() {
        final String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + HEIGHT + ", " + WIDTH + ", 3), }";
        final String padded = header + " ".repeat(117 - header.length()) + '\n';
        final ByteBuffer file = ByteBuffer.allocate(10 + padded.length() + WIDTH * HEIGHT * 3).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0).putShort((short) padded.length());
        file.put(padded.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; file.hasRemaining(); i++) file.put((byte) i);
        return file.array();
    }
}
