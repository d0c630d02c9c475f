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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What ImageJ writes into a TIFF file beside the pixels: lines {@code key=value} in the description, and in tags of its own Info, display ranges,
 * look-up tables and properties ({@code ij.io.TiffEncoder}). Every count is checked against the bytes that are there. Immutable.
 *
 * @param isImageJ whether ImageJ wrote the file, or somebody who writes as it does
 * @param description keys and values
 * @param info text of <i>Show Info</i>; empty without
 * @param ranges smallest and largest value shown, for each channel
 * @param tables look-up tables of channels
 * @param properties of the image
 */
record ImageJTags(boolean isImageJ, Map<String, String> description, String info, List<DisplayRange> ranges, List<ColourTable> tables,
    Map<String, String> properties) {

    private static final int DESCRIPTION = 270;
    private static final int COUNTS = 50838;
    private static final int DATA = 50839;
    private static final int MAGIC = 0x494a494a;
    private static final int INFO = 0x696e666f;
    private static final int RANGES = 0x72616e67;
    private static final int TABLES = 0x6c757473;
    private static final int PROPERTIES = 0x70726f70;
    private static final int TABLE_BYTES = 3 * ColourTable.FULL;
    private static final String PREFIX = "ImageJ=";

    /**
     * @param tags of the first page
     * @param order of the file
     * @throws IOException if a count is larger than what is there
     */
    static ImageJTags of(final TiffTags tags, final ByteOrder order) throws IOException {
        final String text = tags.text(DESCRIPTION);
        final boolean imageJ = text.startsWith(PREFIX);
        final Map<String, String> description = imageJ ? lines(text) : Map.of();
        String info = "";
        final List<DisplayRange> ranges = new ArrayList<>();
        final List<ColourTable> tables = new ArrayList<>();
        final Map<String, String> properties = new HashMap<>();
        for (final Part part : parts(tags.numbers(COUNTS), tags.raw(DATA), order)) {
            switch (part.kind) {
                case INFO -> info = text(part.bytes.get(0), order);
                case RANGES -> {
                    final ByteBuffer values = part.bytes.get(0).order(order);
                    while (values.remaining() >= 2 * Double.BYTES) {
                        addRange(ranges, values.getDouble(), values.getDouble());
                    }
                }
                case TABLES -> {
                    for (final ByteBuffer table : part.bytes) {
                        if (table.remaining() == TABLE_BYTES) {
                            tables.add(new ColourTable(third(table), third(table), third(table)));
                        }
                    }
                }
                case PROPERTIES -> {
                    for (int i = 0; i + 1 < part.bytes.size(); i += 2) {
                        properties.put(text(part.bytes.get(i), order), text(part.bytes.get(i + 1), order));
                    }
                }
                default -> {}
            }
        }
        return new ImageJTags(imageJ, description, info, ranges, tables, properties);
    }

    /** What lies under one kind. */
    private record Part(int kind, List<ByteBuffer> bytes) {}

    private static List<Part> parts(final long[] counts, final byte[] data, final ByteOrder order) throws IOException {
        final List<Part> parts = new ArrayList<>();
        if (counts.length == 0 || counts[0] < 12 || counts[0] > data.length || ByteBuffer.wrap(data).order(order).getInt() != MAGIC) {
            return parts;
        }
        final ByteBuffer header = ByteBuffer.wrap(data, 4, (int) counts[0] - 4).order(order);
        int at = (int) counts[0];
        int next = 1;
        while (header.remaining() >= 2 * Integer.BYTES) {
            final int kind = header.getInt();
            final long many = Integer.toUnsignedLong(header.getInt());
            if (many < 1 || many > counts.length - next) {
                throw new IOException("its ImageJ metadata are damaged: they claim " + many + " parts of one kind, and list " + (counts.length - next));
            }
            final List<ByteBuffer> bytes = new ArrayList<>();
            for (long i = 0; i < many; i++) {
                final long length = counts[next++];
                if (length < 0 || length > data.length - at) {
                    throw new IOException("its ImageJ metadata are damaged: one part claims " + length + " bytes, and " + (data.length - at) + " are left");
                }
                bytes.add(ByteBuffer.wrap(data, at, (int) length).slice());
                at += (int) length;
            }
            parts.add(new Part(kind, bytes));
        }
        return parts;
    }

    /** ImageJ writes text as UTF-16 in the file's byte order. */
    private static String text(final ByteBuffer bytes, final ByteOrder order) {
        return (order == ByteOrder.LITTLE_ENDIAN ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE).decode(bytes.duplicate()).toString();
    }

    private static byte[] third(final ByteBuffer table) {
        final byte[] bytes = new byte[ColourTable.FULL];
        table.get(bytes);
        return bytes;
    }

    private static void addRange(final List<DisplayRange> ranges, final double min, final double max) {
        if (Double.isFinite(min) && Double.isFinite(max) && min <= max) {
            ranges.add(new DisplayRange(min, max));
        }
    }

    private static Map<String, String> lines(final String text) {
        final Map<String, String> found = new HashMap<>();
        for (final String line : text.split("\\R")) {
            final int end = line.indexOf('=');
            if (end > 0) {
                found.put(line.substring(0, end).strip(), SettingsText.unescape(line.substring(end + 1).strip()));
            }
        }
        return found;
    }

    /** Returns a number of the description, or another where it is missing or not a number. */
    double number(final String key, final double otherwise) {
        try {
            return Double.parseDouble(description.getOrDefault(key, ""));
        }
        catch (final NumberFormatException e) {
            return otherwise;
        }
    }

    /** Returns the unit of length; empty if there is none. */
    String unit() {
        return description.getOrDefault("unit", "");
    }

    /** What ImageJ shows as black and white: of each channel, or of all. */
    List<DisplayRange> shown() {
        if (!ranges.isEmpty()) {
            return ranges;
        }
        final List<DisplayRange> one = new ArrayList<>();
        if (description.containsKey("min") && description.containsKey("max")) {
            addRange(one, number("min", Double.NaN), number("max", Double.NaN));
        }
        return one;
    }

    /** Whether ImageJ holds signed values moved up by 32768, which it notes as a calibration. */
    boolean isMovedSigned() {
        return number("c0", 0) == -32768 && number("c1", 0) == 1;
    }
}
