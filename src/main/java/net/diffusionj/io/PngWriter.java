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

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Encodes one picture as PNG (W3C, Portable Network Graphics, second edition): 8 or 16 bits, grey or RGB, not interlaced, with the settings in an
 * uncompressed {@code iTXt} chunk under {@link #KEYWORD} and, for a generated image, its {@link GeneratedMark} in another. Stateless and thread-safe.
 */
final class PngWriter {

    /** Keyword of the text chunk. */
    static final String KEYWORD = "DiffusionJ";

    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int FILTER_NONE = 0;
    private static final int FILTER_SUB = 1;
    private static final int FILTER_UP = 2;
    private static final int LONGEST_CHUNK = 1 << 20;

    private PngWriter() {}

    /** @param planes pixels
     *  @return why a PNG cannot hold them, in a sentence; empty if it can */
    static Optional<String> refusal(final Planes planes) {
        if ((planes.depth() == Planes.Depth.UINT8 || planes.depth() == Planes.Depth.UINT16) && (planes.channels() == 1 || planes.channels() == 3)) {
            return Optional.empty();
        }
        return Optional.of("PNG holds unsigned 8-bit or 16-bit pixels of 1 or 3 channels, and the image has " + planes.channels()
            + (planes.channels() == 1 ? " channel" : " channels") + " of " + planes.depth() + '.');
    }

    /** The planes have 1 or 3 channels of unsigned 8 or 16 bits. */
    static void write(final OutputStream target, final Planes planes, final int image, final Map<String, String> settings) throws IOException {
        final DataOutputStream out = new DataOutputStream(target);
        out.write(SIGNATURE);
        final ByteArrayOutputStream header = new ByteArrayOutputStream();
        final DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(planes.width());
        fields.writeInt(planes.height());
        fields.write(8 * planes.depth().bytes);
        fields.write(planes.channels() == 1 ? GREY : RGB);
        fields.write(new byte[3]);
        chunk(out, "IHDR", header.toByteArray(), 0, header.size());
        if (!settings.isEmpty()) text(out, KEYWORD, SettingsText.format(settings).getBytes(StandardCharsets.UTF_8));
        final Optional<GeneratedMark> mark = GeneratedMark.of(settings);
        if (mark.isPresent()) text(out, XmpPacket.PNG_KEYWORD, XmpPacket.write(mark.get()));
        final byte[] pixels = compressed(planes, image);
        for (int start = 0; start < pixels.length; start += LONGEST_CHUNK) {
            chunk(out, "IDAT", pixels, start, Math.min(LONGEST_CHUNK, pixels.length - start));
        }
        chunk(out, "IEND", new byte[0], 0, 0);
        out.flush();
    }

    private static void text(final DataOutputStream out, final String keyword, final byte[] utf8) throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(keyword.getBytes(StandardCharsets.ISO_8859_1));
        // End of the keyword, not compressed, no method, no language, no translated keyword.
        text.write(new byte[5]);
        text.write(utf8);
        chunk(out, "iTXt", text.toByteArray(), 0, text.size());
    }

    private static byte[] compressed(final Planes planes, final int image) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
            final int pixelBytes = planes.channels() * planes.depth().bytes;
            byte[] above = new byte[planes.width() * pixelBytes];
            byte[] row = new byte[above.length];
            final byte[][] filtered = new byte[FILTER_UP + 1][above.length];
            for (int y = 0; y < planes.height(); y++) {
                fill(row, planes, image, y);
                filter(row, above, pixelBytes, filtered);
                final int best = best(filtered);
                deflater.write(best);
                deflater.write(filtered[best]);
                final byte[] swap = above;
                above = row;
                row = swap;
            }
        }
        return bytes.toByteArray();
    }

    private static void fill(final byte[] row, final Planes planes, final int image, final int y) {
        final int bytes = planes.depth().bytes;
        for (int channel = 0; channel < planes.channels(); channel++) {
            final Object array = planes.array(image, channel);
            for (int x = 0; x < planes.width(); x++) {
                final int at = (x * planes.channels() + channel) * bytes;
                if (bytes == 1) {
                    row[at] = ((byte[]) array)[y * planes.width() + x];
                }
                else {
                    final short value = ((short[]) array)[y * planes.width() + x];
                    row[at] = (byte) (value >> 8);
                    row[at + 1] = (byte) value;
                }
            }
        }
    }

    private static void filter(final byte[] row, final byte[] above, final int pixelBytes, final byte[][] filtered) {
        for (int i = 0; i < row.length; i++) {
            filtered[FILTER_NONE][i] = row[i];
            filtered[FILTER_SUB][i] = (byte) (row[i] - (i < pixelBytes ? 0 : row[i - pixelBytes]));
            filtered[FILTER_UP][i] = (byte) (row[i] - above[i]);
        }
    }

    /** The filter whose output is nearest to zero: the heuristic that the PNG specification recommends (12.8). */
    private static int best(final byte[][] filtered) {
        int best = FILTER_NONE;
        long smallest = Long.MAX_VALUE;
        for (int candidate = 0; candidate < filtered.length; candidate++) {
            long sum = 0;
            for (final byte value : filtered[candidate]) {
                sum += Math.abs(value);
            }
            if (sum < smallest) {
                smallest = sum;
                best = candidate;
            }
        }
        return best;
    }

    private static void chunk(final DataOutputStream out, final String type, final byte[] data, final int start, final int length)
        throws IOException {
        final byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        final CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data, start, length);
        out.writeInt(length);
        out.write(name);
        out.write(data, start, length);
        out.writeInt((int) crc.getValue());
    }
}
