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
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pages of a TIFF file and their bytes, uncompressed. ImageJ's own decoder takes the end of a damaged file for black pixels and may wait for
 * ever on damaged compressed data, so this looks first: every offset is checked against the file, and every strip against the length it must have.
 * <p>
 * Reads strips without compression, or with LZW, Deflate or PackBits, with or without horizontal differencing (TIFF 6.0, sections 3 and 14).
 * </p>
 */
final class TiffPages {

    private static final int SUBFILE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANAR = 284;
    private static final int PREDICTOR = 317;
    private static final int TILE_WIDTH = 322;
    private static final int SAMPLE_FORMAT = 339;

    private static final int SHORT = 3;
    private static final int MOST_PAGES = 1 << 20;

    private final RandomAccessFile file;
    private final boolean littleEndian;
    private final List<Page> pages = new ArrayList<>();

    /** One picture of the file. Values are the tags' own. */
    record Page(int width, int height, int bits, int samples, int compression, int predictor, int planar, int photometric, int sampleFormat,
        int rowsPerStrip, long[] offsets, long[] byteCounts) {

        /** Bytes of one row of one strip: of all samples, or of one where each has planes of its own. */
        long rowBytes() {
            return ((long) width * bits * (planar == 2 ? 1 : samples) + 7) / 8;
        }

        long bytes() {
            return rowBytes() * height * (planar == 2 ? samples : 1);
        }

        boolean sameKind(final Page other) {
            return width == other.width && height == other.height && bits == other.bits && samples == other.samples && planar == other.planar
                && sampleFormat == other.sampleFormat && photometric == other.photometric;
        }
    }

    /**
     * @param file open for reading; the caller closes it
     * @throws IOException if it is no TIFF file, is damaged, or of a kind that is not read here; the message says which
     */
    TiffPages(final RandomAccessFile file) throws IOException {
        this.file = file;
        need(0, 8);
        file.seek(0);
        littleEndian = file.readUnsignedShort() == 0x4949;
        final int magic = readShort();
        if (magic == 43) {
            throw new IOException("it is a BigTIFF, which ImageJ does not read: save it as a TIFF of less than 4 GB");
        }
        if (magic != 42) {
            throw new IOException("it has no TIFF header");
        }
        final Set<Long> seen = new HashSet<>();
        for (long at = readInt(); at != 0;) {
            if (!seen.add(at) || seen.size() > MOST_PAGES) {
                throw new IOException("its list of pages runs in a circle");
            }
            at = readPage(at);
        }
        if (pages.isEmpty()) {
            throw new IOException("it has no picture");
        }
    }

    List<Page> pages() {
        return pages;
    }

    private long readPage(final long at) throws IOException {
        need(at, 2);
        file.seek(at);
        final int entries = readShort();
        need(at + 2, 12L * entries + 4);
        final Map<Integer, long[]> tags = new HashMap<>();
        for (int entry = 0; entry < entries; entry++) {
            final long entryAt = at + 2 + 12L * entry;
            file.seek(entryAt);
            final int tag = readShort();
            final int type = readShort();
            final long count = readInt();
            final boolean wanted = tag == SUBFILE || tag == SAMPLE_FORMAT || tag == PREDICTOR || tag == TILE_WIDTH || tag >= WIDTH && tag <= PLANAR;
            final int size = type == SHORT ? 2 : type == 4 ? 4 : 0;
            if (wanted && size > 0 && count > 0) {
                if (count * size > 4) {
                    final long valuesAt = readInt();
                    need(valuesAt, count * size);
                    file.seek(valuesAt);
                }
                final long[] values = new long[(int) count];
                for (int i = 0; i < values.length; i++) {
                    values[i] = size == 2 ? readShort() : readInt();
                }
                tags.put(tag, values);
            }
        }
        // Bit 0 marks a smaller copy of another page.
        if ((first(tags, SUBFILE, 0) & 1) == 0) {
            pages.add(check(tags));
        }
        file.seek(at + 2 + 12L * entries);
        return readInt();
    }

    private Page check(final Map<Integer, long[]> tags) throws IOException {
        if (tags.containsKey(TILE_WIDTH)) {
            throw new IOException("its pixels are in tiles, which ImageJ does not read: save it in strips, or open it with Bio-Formats");
        }
        final long[] offsets = tags.getOrDefault(STRIP_OFFSETS, new long[0]);
        final long height = first(tags, HEIGHT, 0);
        final Page page = new Page((int) first(tags, WIDTH, 0), (int) height, (int) first(tags, BITS, 1), (int) first(tags, SAMPLES, 1),
            (int) first(tags, COMPRESSION, 1), (int) first(tags, PREDICTOR, 1), (int) first(tags, PLANAR, 1), (int) first(tags, PHOTOMETRIC, 1),
            (int) first(tags, SAMPLE_FORMAT, 1), (int) Math.min(first(tags, ROWS_PER_STRIP, height), height), offsets,
            tags.getOrDefault(STRIP_BYTES, new long[0]));
        if (page.width < 1 || page.height < 1 || page.rowsPerStrip < 1 || (long) page.width * page.height > Planes.MOST_VALUES) {
            throw new IOException("it claims a size of " + page.width + " x " + height);
        }
        if (page.samples != 1 && page.samples != 3 && page.samples != 4) {
            throw new IOException("it has " + page.samples + " samples a pixel; 1, 3 or 4 are read here");
        }
        if (page.predictor > 2 || page.predictor == 2 && page.bits != 8 && page.bits != 16) {
            throw new IOException("its predictor " + page.predictor + " with " + page.bits + " bits is not read here: save it uncompressed");
        }
        if (!TiffStrips.isKnown(page.compression)) {
            throw new IOException("its compression " + page.compression + " is not read here: save it uncompressed");
        }
        final long strips = ((long) page.height + page.rowsPerStrip - 1) / page.rowsPerStrip * (page.planar == 2 ? page.samples : 1);
        if (offsets.length != strips || offsets.length != page.byteCounts.length) {
            throw new IOException("it should have " + strips + " strips and lists " + offsets.length + " places and " + page.byteCounts.length
                + " lengths for them");
        }
        for (int i = 0; i < offsets.length; i++) {
            need(offsets[i], page.byteCounts[i]);
        }
        return page;
    }

    /** Gives the bytes of a page as the file's header describes them, uncompressed, strip after strip. */
    byte[] read(final Page page) throws IOException {
        if (page.bytes() > Planes.MOST_VALUES) {
            throw new IOException("one page has " + page.bytes() + " bytes, more than 2^31");
        }
        final byte[] all = new byte[(int) page.bytes()];
        final int stripsEach = page.offsets.length / (page.planar == 2 ? page.samples : 1);
        int at = 0;
        for (int strip = 0; strip < page.offsets.length; strip++) {
            final int rows = Math.min(page.rowsPerStrip, page.height - strip % stripsEach * page.rowsPerStrip);
            final int wanted = Math.toIntExact(page.rowBytes() * rows);
            final byte[] stored = new byte[Math.toIntExact(page.byteCounts[strip])];
            file.seek(page.offsets[strip]);
            file.readFully(stored);
            final byte[] bytes = TiffStrips.decompress(stored, page.compression, wanted);
            if (bytes.length < wanted) {
                throw new IOException("its strip " + (strip + 1) + " holds " + bytes.length + " bytes instead of " + wanted);
            }
            System.arraycopy(bytes, 0, all, at, wanted);
            at += wanted;
        }
        if (page.predictor == 2) {
            undoDifferences(all, page);
        }
        return all;
    }

    /** For a stack whose planes follow the first one without a list of their own, as ImageJ writes it beyond the first page. */
    byte[] readAfterFirst(final int plane) throws IOException {
        final Page page = pages.get(0);
        final long at = page.offsets[0] + plane * page.bytes();
        need(at, page.bytes());
        final byte[] bytes = new byte[Math.toIntExact(page.bytes())];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    private void undoDifferences(final byte[] all, final Page page) {
        final int step = (page.planar == 2 ? 1 : page.samples) * page.bits / 8;
        final int rowBytes = (int) page.rowBytes();
        final int low = littleEndian ? 0 : 1;
        for (int row = 0; row < all.length; row += rowBytes) {
            for (int i = row + step; i < row + rowBytes; i += page.bits / 8) {
                if (page.bits == 8) {
                    all[i] += all[i - step];
                }
                else {
                    final int sum = (all[i + low] & 0xff | all[i + 1 - low] << 8) + (all[i - step + low] & 0xff | all[i - step + 1 - low] << 8);
                    all[i + low] = (byte) sum;
                    all[i + 1 - low] = (byte) (sum >> 8);
                }
            }
        }
    }

    private static long first(final Map<Integer, long[]> tags, final int tag, final long otherwise) {
        return Arrays.stream(tags.getOrDefault(tag, new long[] {otherwise})).findFirst().orElse(otherwise);
    }

    private void need(final long at, final long bytes) throws IOException {
        if (at < 0 || bytes < 0 || at + bytes > file.length()) {
            throw new IOException("it is truncated: it ends at byte " + file.length() + ", but its contents go on to byte " + (at + bytes));
        }
    }

    private int readShort() throws IOException {
        final int value = file.readUnsignedShort();
        return littleEndian ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
    }

    private long readInt() throws IOException {
        final int value = file.readInt();
        return Integer.toUnsignedLong(littleEndian ? Integer.reverseBytes(value) : value);
    }
}
