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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Adds an XMP packet to a TIFF that ImageJ's encoder writes, which knows no tag for it. The picture is encoded twice: once to learn its length and its
 * first directory, once for the file. Behind the end come the packet and that directory again, with the packet's tag; the header points there. Not
 * thread-safe.
 */
final class TiffXmp {

    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 12;
    private static final int BYTE = 1;
    /** Room for the first directory, which ImageJ writes right behind the header: it has fewer than 30 entries. */
    private static final int KEPT_BYTES = 1 << 12;

    private TiffXmp() {}

    /** Encodes a TIFF, the same bytes each time. */
    @FunctionalInterface
    interface Encoder {
        void write(OutputStream out) throws IOException;
    }

    /**
     * @param out gets the file
     * @param encoder writes a TIFF whose first directory follows its header
     * @param packet an XMP packet
     * @throws IOException if writing fails, or the TIFF has no room for the packet
     */
    static void write(final OutputStream out, final Encoder encoder, final byte[] packet) throws IOException {
        final Start start = new Start();
        encoder.write(start);
        final ByteBuffer head = ByteBuffer.wrap(start.kept).order(start.kept[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        final int entries = Short.toUnsignedInt(head.getShort(HEADER_BYTES));
        final int directoryEnd = HEADER_BYTES + Short.BYTES + entries * ENTRY_BYTES + Integer.BYTES;
        if (head.getInt(Integer.BYTES) != HEADER_BYTES || directoryEnd > start.kept.length)
            throw new IOException("the TIFF's directory is not behind its header");
        // Offsets are even, as TIFF 6.0 wants them.
        final long packetAt = start.length + start.length % 2;
        final long directoryAt = packetAt + packet.length + packet.length % 2;
        if (directoryAt > TiffWriter.MOST_BYTES) throw new IOException("the TIFF has no room for the mark of a generated image");
        head.putInt(Integer.BYTES, (int) directoryAt);
        final Headed whole = new Headed(out, Arrays.copyOf(start.kept, HEADER_BYTES));
        encoder.write(whole);
        if (whole.at != start.length) throw new IOException("the TIFF was first " + start.length + " and then " + whole.at + " bytes long");
        out.write(new byte[(int) (packetAt - start.length)]);
        out.write(packet);
        out.write(new byte[packet.length % 2]);
        out.write(directory(head, entries, packet.length, (int) packetAt));
    }

    private static byte[] directory(final ByteBuffer head, final int entries, final int packetBytes, final int packetAt) {
        final ByteBuffer out = ByteBuffer.allocate(Short.BYTES + (entries + 1) * ENTRY_BYTES + Integer.BYTES).order(head.order());
        out.putShort((short) (entries + 1));
        boolean put = false;
        for (int i = 0; i < entries; i++) {
            final int at = HEADER_BYTES + Short.BYTES + i * ENTRY_BYTES;
            // Tags stand in their order.
            if (!put && Short.toUnsignedInt(head.getShort(at)) > XmpPacket.TIFF_TAG) put = putTag(out, packetBytes, packetAt);
            out.put(head.array(), at, ENTRY_BYTES);
        }
        if (!put) putTag(out, packetBytes, packetAt);
        return out.putInt(head.getInt(HEADER_BYTES + Short.BYTES + entries * ENTRY_BYTES)).array();
    }

    private static boolean putTag(final ByteBuffer out, final int packetBytes, final int packetAt) {
        out.putShort((short) XmpPacket.TIFF_TAG).putShort((short) BYTE).putInt(packetBytes).putInt(packetAt);
        return true;
    }

    /** Keeps the first bytes and counts all. */
    private static final class Start extends OutputStream {
        private final byte[] kept = new byte[KEPT_BYTES];
        private long length;

        @Override
        public void write(final int value) {
            if (length < kept.length) kept[(int) length] = (byte) value;
            length++;
        }

        @Override
        public void write(final byte[] bytes, final int from, final int count) {
            if (length < kept.length) System.arraycopy(bytes, from, kept, (int) length, (int) Math.min(count, kept.length - length));
            length += count;
        }
    }

    /** Passes everything on, the first bytes replaced. Does not close what it writes to. */
    private static final class Headed extends OutputStream {
        private final OutputStream out;
        private final byte[] header;
        private long at;

        private Headed(final OutputStream out, final byte[] header) {
            this.out = out;
            this.header = header;
        }

        @Override
        public void write(final int value) throws IOException {
            out.write(at < header.length ? header[(int) at] : value);
            at++;
        }

        @Override
        public void write(final byte[] bytes, final int from, final int count) throws IOException {
            int first = 0;
            while (first < count && at < header.length) write(bytes[from + first++]);
            out.write(bytes, from + first, count - first);
            at += count - first;
        }
    }
}
