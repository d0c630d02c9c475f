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
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The screen that the frames of a GIF are drawn on: what the JDK's reader leaves out.
 *
 * @param width of the screen in pixels
 * @param height of the screen in pixels
 * @param frames how many pictures there are
 * @param left of the first frame on the screen
 * @param top of the first frame on the screen
 * @param frameWidth of the first frame
 * @param frameHeight of the first frame
 */
record GifScreen(int width, int height, int frames, int left, int top, int frameWidth, int frameHeight) {

    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int TRAILER = 0x3b;
    /** A code of 12 bits stands for at most 4,096 pixels. */
    private static final int MOST_RATIO = 4096;

    /**
     * @param file an existing GIF
     * @return its screen
     * @throws IOException if it is cut off, which the JDK's reader would pass over, has no picture, or claims an impossible size
     */
    static GifScreen of(final Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(6);
            final int width = word(in);
            final int height = word(in);
            skipPalette(in, in.readUnsignedByte(), 2);
            int[] first = null;
            int frames = 0;
            int kind = in.readUnsignedByte();
            while (kind == EXTENSION || kind == FRAME) {
                if (kind == EXTENSION) {
                    in.skipNBytes(1);
                    blocks(in);
                }
                else {
                    final int[] frame = {word(in), word(in), word(in), word(in)};
                    skipPalette(in, in.readUnsignedByte(), 0);
                    final int bits = in.readUnsignedByte();
                    final byte[] codes = blocks(in);
                    final long pixels = (long) frame[2] * frame[3];
                    ReadLimits.checkRatio(frame[2], frame[3], pixels, codes.length, MOST_RATIO);
                    final long stored = GifCodes.pixels(codes, bits, pixels);
                    if (stored < pixels) {
                        throw new IOException("it is truncated: it has " + stored + " of its " + pixels + " pixels");
                    }
                    first = first == null ? frame : first;
                    frames++;
                }
                // Some files have zeros between their parts, and some have no end mark; nothing is lost.
                do {
                    kind = in.read();
                }
                while (kind == 0);
            }
            if (kind != TRAILER && kind != -1) {
                throw new IOException("the GIF data are damaged (a block of unknown kind " + kind + ")");
            }
            if (first == null) {
                throw new IOException("it is a GIF without a picture");
            }
            ReadLimits.checkSize(first[2], first[3], 3, 1);
            ReadLimits.checkSize(width, height, 3, 1);
            return new GifScreen(width, height, frames, first[0], first[1], first[2], first[3]);
        }
        catch (final EOFException e) {
            throw new IOException("it is truncated: it ends inside its pictures", e);
        }
    }

    /** Whether the frame is as large as the screen. */
    boolean isFilled() {
        return left == 0 && top == 0 && frameWidth == width && frameHeight == height;
    }

    /** Puts the frame on the screen, which is black, as ImageJ has it; what lies beyond it is cut off. */
    Planes place(final BufferedImage frame) {
        final byte[][] planes = new byte[3][width * height];
        for (int y = 0; y < frame.getHeight() && top + y < height; y++) {
            for (int x = 0; x < frame.getWidth() && left + x < width; x++) {
                final int colour = frame.getRGB(x, y);
                for (int channel = 0; channel < planes.length; channel++) {
                    planes[channel][(top + y) * width + left + x] = (byte) (colour >> 16 - 8 * channel);
                }
            }
        }
        return new Planes(Planes.Depth.UINT8, width, height, planes.length, List.of((Object[]) planes));
    }

    private static void skipPalette(final DataInputStream in, final int flags, final int between) throws IOException {
        in.skipNBytes(between + ((flags & 0x80) == 0 ? 0 : 3L << (flags & 7) + 1));
    }

    private static byte[] blocks(final DataInputStream in) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int size = in.readUnsignedByte(); size > 0; size = in.readUnsignedByte()) {
            final byte[] block = new byte[size];
            in.readFully(block);
            bytes.write(block);
        }
        return bytes.toByteArray();
    }

    private static int word(final DataInputStream in) throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }
}
