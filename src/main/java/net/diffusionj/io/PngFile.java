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

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A PNG taken apart: every chunk's checksum is tested, and what a decoder needs for the stored values is kept, nothing else. No profile, gamma or
 * transparency can change the values then, and no text chunk can unfold into memory.
 *
 * @param width in pixels
 * @param height in pixels
 * @param paletteEntries how many colours the palette has; 0 without
 * @param decodable a PNG of the header, the palette and the pixels alone, in an array of its own from its first byte on
 * @param text our own text; empty without
 * @param xmpChunk the chunk of an XMP packet as it stands; empty without. Not copied
 */
record PngFile(int width, int height, int paletteEntries, ByteBuffer decodable, String text, byte[] xmpChunk) {

    private static final List<String> NEEDED = List.of("IHDR", "PLTE", "IDAT", "IEND");
    private static final int HEADER_BYTES = 13;
    private static final int PALETTE = 3;
    /** Deflate: 258 bytes in 2 bits. */
    private static final int MOST_RATIO = 1040;

    /**
     * @param in a PNG from its first byte on
     * @param length of the file in bytes
     * @throws IOException if it ends early, a checksum is wrong, or its size is impossible; the message says which
     */
    static PngFile read(final DataInputStream in, final long length) throws IOException {
        final ByteBuffer kept = ByteBuffer.allocate((int) Math.min(length, Planes.MOST_VALUES));
        in.skipNBytes(PngWriter.SIGNATURE.length);
        kept.put(PngWriter.SIGNATURE);
        ByteBuffer header = null;
        String text = "";
        byte[] xmp = {};
        long left = length - PngWriter.SIGNATURE.length;
        long pixels = 0;
        int entries = 0;
        String type = "";
        while (!type.equals("IEND")) {
            final byte[] start = in.readNBytes(2 * Integer.BYTES);
            left -= 3 * Integer.BYTES;
            final long size = start.length < 2 * Integer.BYTES ? 0 : Integer.toUnsignedLong(ByteBuffer.wrap(start).getInt());
            if (start.length < 2 * Integer.BYTES || size > left) {
                throw new IOException("it is truncated: it ends inside its chunk" + (type.isEmpty() ? "" : " after " + type));
            }
            left -= size;
            type = new String(start, Integer.BYTES, Integer.BYTES, StandardCharsets.ISO_8859_1);
            final byte[] chunk = new byte[(int) Math.min(size, Planes.MOST_VALUES)];
            in.readFully(chunk);
            final byte[] sum = new byte[Integer.BYTES];
            in.readFully(sum);
            check(type, start, chunk, sum);
            if (type.equals("IHDR")) {
                header = header(chunk);
            }
            else if (header == null) {
                throw new IOException("it does not begin with a header (IHDR)");
            }
            entries = type.equals("PLTE") ? chunk.length / 3 : entries;
            pixels += type.equals("IDAT") ? size : 0;
            if (NEEDED.contains(type)) {
                kept.put(start);
                kept.put(chunk);
                kept.put(sum);
            }
            else if (type.equals("iTXt")) {
                text = text.isEmpty() ? PngText.textOf(chunk) : text;
                // Taken apart by those who want it: a damaged one does not make the pixels unreadable.
                xmp = xmp.length == 0 && PngText.isUnder(chunk, XmpPacket.PNG_KEYWORD) ? chunk : xmp;
            }
            else if (Character.isUpperCase(type.charAt(0))) {
                throw new IOException("it needs the chunk '" + shown(type) + "', which is not read here");
            }
        }
        checkSize(header, pixels);
        return new PngFile(header.getInt(0), header.getInt(4), entries, kept.flip(), text, xmp);
    }

    private static void check(final String type, final byte[] start, final byte[] chunk, final byte[] sum) throws IOException {
        final CRC32 crc = new CRC32();
        crc.update(start, Integer.BYTES, Integer.BYTES);
        crc.update(chunk);
        if ((int) crc.getValue() != ByteBuffer.wrap(sum).getInt()) {
            throw new IOException("its chunk '" + shown(type) + "' is damaged: the checksum is wrong");
        }
    }

    private static ByteBuffer header(final byte[] chunk) throws IOException {
        if (chunk.length != HEADER_BYTES) {
            throw new IOException("its header has " + chunk.length + " bytes instead of " + HEADER_BYTES);
        }
        return ByteBuffer.wrap(chunk);
    }

    private static void checkSize(final ByteBuffer header, final long stored) throws IOException {
        final long width = Integer.toUnsignedLong(header.getInt(0));
        final long height = Integer.toUnsignedLong(header.getInt(4));
        final int bits = header.get(8);
        final int samples = switch (header.get(9)) {
            case 0, PALETTE -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> throw new IOException("it claims a colour type of " + header.get(9));
        };
        if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) {
            throw new IOException("it claims " + bits + " bits a sample");
        }
        ReadLimits.checkRatio(width, height, (double) width * height * samples * bits / 8, stored, MOST_RATIO);
        // A palette becomes three channels.
        ReadLimits.checkSize(width, height, header.get(9) == PALETTE ? 3 : samples, bits == 16 ? 2 : 1);
    }

    private static String shown(final String type) {
        return type.replaceAll("[^a-zA-Z]", "?");
    }
}
