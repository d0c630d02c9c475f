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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Makes TIFF files of every layout, sample and compression from values, by the specification and without the code under test. */
final class TiffBuilder {

    static final int SHORT = 3;
    static final int LONG = 4;
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8};

    private final ByteOrder order;
    private final boolean big;
    private final List<TreeMap<Integer, Value>> pages = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private record Value(int type, int count, byte[] bytes) {}

    TiffBuilder(final ByteOrder order, final boolean big) {
        this.order = order;
        this.big = big;
        data.writeBytes(new byte[big ? 16 : 8]);
    }

    TiffBuilder() {
        this(ByteOrder.LITTLE_ENDIAN, false);
    }

    /** Begins a page. */
    TiffBuilder page(final int width, final int height) {
        pages.add(new TreeMap<>());
        return tag(256, LONG, width).tag(257, LONG, height);
    }

    TiffBuilder tag(final int tag, final int type, final long... values) {
        final ByteBuffer bytes = ByteBuffer.allocate(values.length * SIZES[type]).order(order);
        for (final long value : values) {
            switch (type) {
                case SHORT -> bytes.putShort((short) value);
                case LONG -> bytes.putInt((int) value);
                default -> bytes.put((byte) value);
            }
        }
        return raw(tag, type, values.length, bytes.array());
    }

    TiffBuilder text(final int tag, final String text) {
        final byte[] bytes = (text + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return raw(tag, 2, bytes.length, bytes);
    }

    TiffBuilder fraction(final int tag, final int numerator, final int denominator) {
        return raw(tag, 5, 1, ByteBuffer.allocate(8).order(order).putInt(numerator).putInt(denominator).array());
    }

    TiffBuilder raw(final int tag, final int type, final int count, final byte[] bytes) {
        pages.get(pages.size() - 1).put(tag, new Value(type, count, bytes));
        return this;
    }

    /** Gives the page its strips (273, 279) or tiles (324, 325). */
    TiffBuilder blocks(final boolean tiled, final List<byte[]> blocks) {
        final long[] offsets = new long[blocks.size()];
        final long[] lengths = new long[blocks.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = data.size();
            lengths[i] = blocks.get(i).length;
            data.writeBytes(blocks.get(i));
        }
        return tag(tiled ? 324 : 273, LONG, offsets).tag(tiled ? 325 : 279, LONG, lengths);
    }

    TiffBuilder without(final int tag) {
        pages.get(pages.size() - 1).remove(tag);
        return this;
    }

    /** One strip without compression. */
    TiffBuilder strip(final int... bytes) {
        final byte[] strip = new byte[bytes.length];
        for (int i = 0; i < strip.length; i++) {
            strip[i] = (byte) bytes[i];
        }
        return blocks(false, List.of(strip));
    }

    byte[] build() {
        final int offsetBytes = big ? 8 : 4;
        final int entryBytes = big ? 20 : 12;
        final ByteArrayOutputStream tail = new ByteArrayOutputStream();
        final long first = data.size();
        for (int page = 0; page < pages.size(); page++) {
            final TreeMap<Integer, Value> tags = pages.get(page);
            final long start = first + tail.size();
            final long head = big ? 8 : 2;
            long extraAt = start + head + (long) entryBytes * tags.size() + offsetBytes;
            final ByteArrayOutputStream extra = new ByteArrayOutputStream();
            final ByteBuffer table = ByteBuffer.allocate((int) (extraAt - start)).order(order);
            if (big) table.putLong(tags.size());
            else table.putShort((short) tags.size());
            for (final var entry : tags.entrySet()) {
                final Value value = entry.getValue();
                table.putShort((short) (int) entry.getKey()).putShort((short) value.type);
                if (big) table.putLong(value.count);
                else table.putInt(value.count);
                if (value.bytes.length <= offsetBytes) {
                    table.put(java.util.Arrays.copyOf(value.bytes, offsetBytes));
                }
                else {
                    if (big) table.putLong(extraAt);
                    else table.putInt((int) extraAt);
                    extra.writeBytes(value.bytes);
                    extraAt += value.bytes.length;
                }
            }
            final long next = page + 1 < pages.size() ? extraAt : 0;
            if (big) table.putLong(next);
            else table.putInt((int) next);
            tail.writeBytes(table.array());
            tail.writeBytes(extra.toByteArray());
        }
        final byte[] file = java.util.Arrays.copyOf(data.toByteArray(), (int) first + tail.size());
        System.arraycopy(tail.toByteArray(), 0, file, (int) first, tail.size());
        final ByteBuffer header = ByteBuffer.wrap(file).order(order);
        header.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d)).putShort((short) (big ? 43 : 42));
        if (big) header.putShort((short) 8).putShort((short) 0).putLong(first);
        else header.putInt((int) first);
        return file;
    }

    /** Values to bytes: of whole bytes in the file's order, others from the highest bit on, each row beginning a byte. */
    static byte[] pack(final long[][] rows, final int bits, final ByteOrder order) {
        final int rowBytes = (rows[0].length * bits + 7) / 8;
        final byte[] packed = new byte[rows.length * rowBytes];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < rows[row].length; i++) {
                for (int bit = 0; bit < bits; bit++) {
                    final boolean whole = bits % 8 == 0 && order == ByteOrder.LITTLE_ENDIAN;
                    final int place = whole ? bits - 8 - bit / 8 * 8 + bit % 8 : bit;
                    if ((rows[row][i] >> bits - 1 - bit & 1) != 0) {
                        final int at = i * bits + place;
                        packed[row * rowBytes + at / 8] |= (byte) (0x80 >> at % 8);
                    }
                }
            }
        }
        return packed;
    }

    /** Each value as the difference to the one {@code step} before. */
    static void difference(final long[][] rows, final int step, final int bits) {
        for (final long[] row : rows) {
            for (int i = row.length - 1; i >= step; i--) {
                row[i] = row[i] - row[i - step] & (bits == 64 ? -1 : (1L << bits) - 1);
            }
        }
    }

    /** Adobe's predictor 3. */
    static byte[] floatDifferences(final long[][] rows, final int step, final int bits) {
        final int size = bits / 8;
        final int rowBytes = rows[0].length * size;
        final byte[] all = new byte[rows.length * rowBytes];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < rows[row].length; i++) {
                for (int k = 0; k < size; k++) {
                    all[row * rowBytes + k * rows[row].length + i] = (byte) (rows[row][i] >> 8 * (size - 1 - k));
                }
            }
            for (int i = rowBytes - 1; i >= step; i--) {
                all[row * rowBytes + i] -= all[row * rowBytes + i - step];
            }
        }
        return all;
    }

    static byte[] compress(final byte[] bytes, final int compression) {
        return switch (compression) {
            case TiffStrips.LZW -> lzw(bytes);
            case TiffStrips.DEFLATE, TiffStrips.OLD_DEFLATE -> deflate(bytes);
            case TiffStrips.PACK_BITS -> packBits(bytes);
            default -> bytes;
        };
    }

    static byte[] deflate(final byte[] bytes) {
        final Deflater deflater = new Deflater(9);
        deflater.setInput(bytes);
        deflater.finish();
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final byte[] buffer = new byte[1 << 13];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** Codes of 9 bits alone: the table is cleared before it needs more. */
    private static byte[] lzw(final byte[] bytes) {
        final long[] codes = new long[bytes.length + bytes.length / 200 + 2];
        int at = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (i % 200 == 0) codes[at++] = 256;
            codes[at++] = bytes[i] & 0xff;
        }
        codes[at++] = 257;
        return pack(new long[][] {java.util.Arrays.copyOf(codes, at)}, 9, ByteOrder.BIG_ENDIAN);
    }

    private static byte[] packBits(final byte[] bytes) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i += 100) {
            final int count = Math.min(100, bytes.length - i);
            out.write(count - 1);
            out.write(bytes, i, count);
        }
        return out.toByteArray();
    }
}
