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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One directory of a TIFF file: the tags of one page. Values are read when they are asked for, each checked against the file first (TIFF 6.0, section
 * 2, and BigTIFF). Not thread-safe.
 */
final class TiffTags {

    private static final int BYTE = 1;
    private static final int ASCII = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int UNDEFINED = 7;
    private static final int DIRECTORY = 13;
    private static final int LONG8 = 16;
    private static final int DIRECTORY8 = 18;
    private static final int MOST_PAGES = 1 << 20;

    private final TiffInput input;
    private final Map<Integer, Entry> entries;

    /** Where a tag's values lie. */
    private record Entry(int type, long count, long at) {}

    private TiffTags(final TiffInput input, final Map<Integer, Entry> entries) {
        this.input = input;
        this.entries = entries;
    }

    /**
     * Lists the directories of a file.
     *
     * @param input the file
     * @return one for each page, in order; at least one
     * @throws IOException if there is none, or their list is damaged
     */
    static List<TiffTags> all(final TiffInput input) throws IOException {
        final List<TiffTags> all = new ArrayList<>();
        final Set<Long> seen = new HashSet<>();
        for (long at = input.firstDirectory(); at != 0;) {
            if (!seen.add(at) || seen.size() > MOST_PAGES) {
                throw new IOException("its list of pages runs in a circle");
            }
            final Map<Integer, Entry> entries = new HashMap<>();
            at = read(input, at, entries);
            all.add(new TiffTags(input, entries));
        }
        if (all.isEmpty()) {
            throw new IOException("it has no picture");
        }
        return all;
    }

    /** Returns the place of the next directory, or 0. */
    private static long read(final TiffInput input, final long at, final Map<Integer, Entry> entries) throws IOException {
        final boolean big = input.isBig();
        final ByteBuffer head = input.buffer(at, big ? Long.BYTES : Short.BYTES);
        final long count = big ? head.getLong() : Short.toUnsignedInt(head.getShort());
        final int size = big ? 20 : 12;
        final long first = at + head.capacity();
        if (count < 0 || count > 0xffff) {
            throw new IOException("one of its pages claims " + Long.toUnsignedString(count) + " tags");
        }
        final ByteBuffer table = input.buffer(first, count * size + (big ? Long.BYTES : Integer.BYTES));
        for (int i = 0; i < count; i++) {
            final int tag = Short.toUnsignedInt(table.getShort(i * size));
            final int type = Short.toUnsignedInt(table.getShort(i * size + 2));
            final long values = big ? table.getLong(i * size + 4) : Integer.toUnsignedLong(table.getInt(i * size + 4));
            final int inline = big ? Long.BYTES : Integer.BYTES;
            final int valueAt = i * size + size - inline;
            final boolean fits = sizeOf(type) > 0 && values >= 0 && values <= inline / sizeOf(type);
            final long place = fits ? first + valueAt : big ? table.getLong(valueAt) : Integer.toUnsignedLong(table.getInt(valueAt));
            entries.put(tag, new Entry(type, values, place));
        }
        final int last = (int) count * size;
        return big ? table.getLong(last) : Integer.toUnsignedLong(table.getInt(last));
    }

    private static int sizeOf(final int type) {
        return switch (type) {
            case BYTE, ASCII, 6, UNDEFINED -> 1;
            case SHORT, 8 -> 2;
            case LONG, 9, 11, DIRECTORY -> 4;
            case RATIONAL, 10, 12, LONG8, 17, DIRECTORY8 -> 8;
            default -> 0;
        };
    }

    boolean has(final int tag) {
        return entries.containsKey(tag);
    }

    /** Returns whole numbers; none where the tag is missing or holds something else. */
    long[] numbers(final int tag) throws IOException {
        final Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        final int size = sizeOf(entry.type);
        final boolean whole = switch (entry.type) {
            case BYTE, SHORT, LONG, DIRECTORY, LONG8, DIRECTORY8 -> true;
            default -> false;
        };
        if (!whole) {
            return new long[0];
        }
        final ByteBuffer bytes = bytes(entry);
        final long[] values = new long[(int) entry.count];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (size) {
                case 1 -> Byte.toUnsignedInt(bytes.get());
                case 2 -> Short.toUnsignedInt(bytes.getShort());
                case 4 -> Integer.toUnsignedLong(bytes.getInt());
                default -> bytes.getLong();
            };
        }
        return values;
    }

    /** Returns the first number of a tag, or another where it is missing. */
    long number(final int tag, final long otherwise) throws IOException {
        final Entry entry = entries.get(tag);
        if (entry == null || entry.count < 1) {
            return otherwise;
        }
        final long[] values = new TiffTags(input, Map.of(tag, new Entry(entry.type, 1, entry.at))).numbers(tag);
        return values.length == 0 ? otherwise : values[0];
    }

    /** Returns fractions; 0 for one without a denominator. */
    double[] fractions(final int tag) throws IOException {
        final Entry entry = entries.get(tag);
        if (entry == null || entry.type != RATIONAL) {
            return new double[0];
        }
        final ByteBuffer bytes = bytes(entry);
        final double[] values = new double[(int) entry.count];
        for (int i = 0; i < values.length; i++) {
            final double numerator = Integer.toUnsignedLong(bytes.getInt());
            final long denominator = Integer.toUnsignedLong(bytes.getInt());
            values[i] = denominator == 0 ? 0 : numerator / denominator;
        }
        return values;
    }

    /** Returns bytes of any meaning; empty where the tag is missing. */
    byte[] raw(final int tag) throws IOException {
        final Entry entry = entries.get(tag);
        return entry == null || sizeOf(entry.type) != 1 ? new byte[0] : bytes(entry).array();
    }

    /** Returns text up to its first zero: UTF-8, as most programs write it, or else Latin-1; empty where the tag is missing. */
    String text(final int tag) throws IOException {
        final byte[] bytes = raw(tag);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        final String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer bytes(final Entry entry) throws IOException {
        // The product of a count of 64 bits may overflow; no file is as long as half of that.
        if (entry.count < 0 || entry.count > Long.MAX_VALUE / Long.BYTES) {
            throw new IOException("one of its tags claims " + Long.toUnsignedString(entry.count) + " values");
        }
        return input.buffer(entry.at, entry.count * sizeOf(entry.type));
    }
}
