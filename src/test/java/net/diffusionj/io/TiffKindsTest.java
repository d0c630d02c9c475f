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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every sample, layout and colour of TIFF, against the values that each file was made from; long because the writer of odd files lies here
 * too. */
class TiffKindsTest {

    private static final int WIDTH = 21;
    private static final int HEIGHT = 19;

    @TempDir
    Path folder;

    private final Random random = new Random(5);

    /** How a file is laid out. */
    private record Layout(ByteOrder order, boolean big, boolean tiled, boolean planar, int compression, int predictor) {}

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "1, 3", "1, 4", "1, 6", "1, 8", "1, 10", "1, 12", "1, 14", "1, 16", "1, 24", "1, 32", "2, 8", "2, 12", "2, 16", "2, 32",
        "3, 16", "3, 32", "3, 64"})
    void readsEveryLayoutOfEverySample(final int format, final int bits) throws IOException {
        int read = 0;
        for (final ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (final int compression : new int[] {1, 5, 8, 32946, 32773}) {
                for (int predictor = 1; predictor <= 3; predictor++) {
                    final boolean differs = compression == 5 || compression == 8;
                    final boolean whole = bits % 8 == 0 && bits != 24;
                    if (predictor == 2 && !(differs && whole) || predictor == 3 && !(differs && format == 3)) continue;
                    for (int kind = 0; kind < 8; kind++) {
                        for (final int samples : new int[] {1, 3}) {
                            final Layout layout = new Layout(order, (kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, compression, predictor);
                            if (samples == 1 && layout.planar) continue;
                            check(layout, format, bits, samples);
                            read++;
                        }
                    }
                }
            }
        }
        assertTrue(read >= 120, "read " + read);
    }

    private void check(final Layout layout, final int format, final int bits, final int samples) throws IOException {
        final long[][] values = new long[HEIGHT][WIDTH * samples];
        for (final long[] row : values) {
            for (int i = 0; i < row.length; i++) {
                row[i] = sample(format, bits);
            }
        }
        final Path file = folder.resolve("kind.tif");
        Files.write(file, file(values, layout, format, bits, samples));
        final Planes found = Planes.of(ImageFiles.read(file).image());
        final String what = layout + ", format " + format + ", bits " + bits + ", samples " + samples;
        assertEquals(samples, found.channels(), what);
        assertEquals(depth(format, bits), found.depth(), what);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int s = 0; s < samples; s++) {
                    double expected = meaning(values[y][x * samples + s], format, bits);
                    if (bits < 8 && samples == 1) expected = Math.rint(expected * 255 / ((1 << bits) - 1));
                    assertEquals(expected, found.valueAt(s, y * WIDTH + x), what + " at " + x + ", " + y);
                }
            }
        }
    }

    private long sample(final int format, final int bits) {
        if (format == 3) {
            final double value = random.nextInt(8) == 0 ? random.nextGaussian() * 1e-6 : random.nextGaussian() * 1000;
            return bits == 16 ? random.nextInt(0x7c00) | random.nextInt(2) << 15 : bits == 32 ? Float.floatToRawIntBits((float) value) & 0xffffffffL
                : Double.doubleToRawLongBits(value);
        }
        return random.nextLong() & (1L << bits) - 1;
    }

    private static double meaning(final long raw, final int format, final int bits) {
        if (format == 3) {
            if (bits == 64) return (float) Double.longBitsToDouble(raw);
            if (bits == 32) return Float.intBitsToFloat((int) raw);
            final int exponent = (int) raw >> 10 & 31;
            final double size = exponent == 0 ? (raw & 1023) * Math.pow(2, -24) : (1024 + (raw & 1023)) * Math.pow(2, exponent - 25);
            return (raw & 0x8000) == 0 ? size : -size;
        }
        final long value = format == 2 && (raw >> bits - 1 & 1) != 0 ? raw - (1L << bits) : raw;
        return bits > 16 ? (float) value : value;
    }

    private static Planes.Depth depth(final int format, final int bits) {
        if (format == 3 || bits > 16) return Planes.Depth.FLOAT32;
        return format == 2 ? Planes.Depth.INT16 : bits > 8 ? Planes.Depth.UINT16 : Planes.Depth.UINT8;
    }

    private static byte[] file(final long[][] values, final Layout layout, final int format, final int bits, final int samples) {
        final int blockWidth = layout.tiled ? 16 : WIDTH;
        final int blockHeight = layout.tiled ? 16 : 7;
        final List<byte[]> blocks = new ArrayList<>();
        for (int plane = 0; plane < (layout.planar ? samples : 1); plane++) {
            for (int top = 0; top < HEIGHT; top += blockHeight) {
                for (int left = 0; left < WIDTH; left += blockWidth) {
                    final int together = layout.planar ? 1 : samples;
                    final long[][] rows = new long[layout.tiled ? blockHeight : Math.min(blockHeight, HEIGHT - top)][blockWidth * together];
                    for (int y = 0; y < rows.length && top + y < HEIGHT; y++) {
                        for (int x = 0; x < blockWidth && left + x < WIDTH; x++) {
                            for (int s = 0; s < together; s++) {
                                rows[y][x * together + s] = values[top + y][(left + x) * samples + (layout.planar ? plane : s)];
                            }
                        }
                    }
                    if (layout.predictor == 2) TiffBuilder.difference(rows, together, bits);
                    final byte[] bytes = layout.predictor == 3 ? TiffBuilder.floatDifferences(rows, together, bits)
                        : TiffBuilder.pack(rows, bits, layout.order);
                    blocks.add(TiffBuilder.compress(bytes, layout.compression));
                }
            }
        }
        final TiffBuilder file = new TiffBuilder(layout.order, layout.big).page(WIDTH, HEIGHT).blocks(layout.tiled, blocks);
        if (layout.tiled) file.tag(322, TiffBuilder.SHORT, blockWidth).tag(323, TiffBuilder.SHORT, blockHeight);
        else file.tag(278, TiffBuilder.SHORT, blockHeight);
        final long[] each = new long[samples];
        Arrays.fill(each, bits);
        final long[] formats = new long[samples];
        Arrays.fill(formats, format);
        return file.tag(258, TiffBuilder.SHORT, each).tag(259, TiffBuilder.SHORT, layout.compression).tag(262, TiffBuilder.SHORT, samples == 1 ? 1 : 2)
            .tag(277, TiffBuilder.SHORT, samples).tag(284, TiffBuilder.SHORT, layout.planar ? 2 : 1).tag(317, TiffBuilder.SHORT, layout.predictor)
            .tag(339, TiffBuilder.SHORT, formats).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 10, 12, 14, 16, 24})
    void whiteAtZeroIsTurnedRoundOverTheFilesOwnBits(final int bits) throws IOException {
        final long most = (1L << bits) - 1;
        final byte[] row = TiffBuilder.pack(new long[][] {{0, 1, most}}, bits, ByteOrder.LITTLE_ENDIAN);
        final double unit = bits < 8 ? 255.0 / most : 1;
        assertValues(grey(bits, 0, row).build(), most * unit, (most - 1) * unit, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 12, 16})
    void theLowestBitMayComeFirst(final int bits) throws IOException {
        final long most = (1L << bits) - 1;
        final byte[] row = TiffBuilder.pack(new long[][] {{0, 1, most}}, bits, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) (Integer.reverse(row[i] & 0xff) >>> 24);
        }
        assertValues(grey(bits, 1, row).tag(266, TiffBuilder.SHORT, 2).build(), 0, bits == 1 ? 255 : 1, bits == 1 ? 255 : most);
    }

    @Test
    void lengthsOfUncompressedStripsMayBeLeftOut() throws IOException {
        assertValues(new TiffBuilder().page(3, 1).strip(7, 8, 9).tag(258, TiffBuilder.SHORT, 8).without(279).build(), 7, 8, 9);
        final byte[] cut = new TiffBuilder().page(300, 1).strip(7, 8, 9).tag(258, TiffBuilder.SHORT, 8).without(279).build();
        assertTrue(assertThrows(InvalidInputException.class, () -> read(cut)).getMessage().contains("truncated"));
    }

    @Test
    void cmykIsMadeRgbAsImageJDoes() throws IOException {
        final long[][] inks = {{0, 0, 0, 0, 255, 0, 128, 0, 10, 200, 30, 100}};
        assertValues(colours(3, 8, 5, 4, TiffBuilder.pack(inks, 8, ByteOrder.LITTLE_ENDIAN)).build(), 255, 0, 149, 255, 255, 34, 255, 127, 137);
        final long[][] wide = {{0, 0, 0, 0, 65535, 0, 32768, 0, 2570, 51400, 7710, 25700}};
        final Planes found = read(colours(3, 16, 5, 4, TiffBuilder.pack(wide, 16, ByteOrder.LITTLE_ENDIAN)).build());
        for (int i = 0; i < 9; i++) {
            final double ink = wide[0][i % 3 * 4 + i / 3] / 65535.0;
            assertEquals((1 - ink) * (1 - wide[0][i % 3 * 4 + 3] / 65535.0) * 65535, found.valueAt(i / 3, i % 3), 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 2", "2, 2", "4, 1", "4, 4"})
    void ycbcrIsMadeRgbWhateverItsChromaIsDividedBy(final int across, final int down) throws IOException {
        final int unitsAcross = (5 + across - 1) / across;
        final int unitsDown = (3 + down - 1) / down;
        final byte[] units = new byte[unitsAcross * unitsDown * (across * down + 2)];
        random.nextBytes(units);
        final byte[] file = new TiffBuilder().page(5, 3).blocks(false, List.of(units)).tag(258, TiffBuilder.SHORT, 8, 8, 8).tag(262, TiffBuilder.SHORT, 6)
            .tag(277, TiffBuilder.SHORT, 3).tag(530, TiffBuilder.SHORT, across, down).build();
        final Planes found = read(file);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                final int unit = (y / down * unitsAcross + x / across) * (across * down + 2);
                final double luma = units[unit + y % down * across + x % across] & 0xff;
                final double blue = (units[unit + across * down] & 0xff) - 128;
                final double red = (units[unit + across * down + 1] & 0xff) - 128;
                assertEquals(clamp(luma + 1.402 * red), found.valueAt(0, 5 * y + x), 1);
                assertEquals(clamp(luma - 0.344136 * blue - 0.714136 * red), found.valueAt(1, 5 * y + x), 1);
                assertEquals(clamp(luma + 1.772 * blue), found.valueAt(2, 5 * y + x), 1);
            }
        }
    }

    private static double clamp(final double value) {
        return Math.max(0, Math.min(255, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void palettesOfColoursAreResolvedAndThoseOfGreysGiveOneChannel(final int bits) throws IOException {
        final int entries = 1 << bits;
        for (final boolean grey : new boolean[] {false, true}) {
            final long[] map = new long[3 * entries];
            for (int i = 0; i < map.length; i++) {
                map[i] = grey && i >= entries ? map[i % entries] : random.nextInt(65536);
            }
            final long[] indices = {0, entries - 1, entries / 2};
            final byte[] file = grey(bits, 3, TiffBuilder.pack(new long[][] {indices}, bits, ByteOrder.LITTLE_ENDIAN)).tag(320, TiffBuilder.SHORT, map)
                .build();
            final Planes found = read(file);
            assertEquals(grey ? 1 : 3, found.channels());
            for (int channel = 0; channel < found.channels(); channel++) {
                for (int x = 0; x < 3; x++) {
                    assertEquals(map[channel * entries + (int) indices[x]] >> 8, found.valueAt(channel, x));
                }
            }
        }
    }

    @Test
    void transparencyIsDroppedAndOtherSamplesAreChannels() throws IOException {
        final byte[] two = {1, 2, 3, 4, 5, 6};
        assertValues(colours(3, 8, 1, 2, two).tag(338, TiffBuilder.SHORT, 1).build(), 1, 3, 5);
        assertValues(colours(3, 8, 1, 2, two).tag(338, TiffBuilder.SHORT, 2).build(), 1, 3, 5);
        assertValues(colours(3, 8, 1, 2, two).build(), 1, 3, 5);
        assertValues(colours(3, 8, 1, 2, two).tag(338, TiffBuilder.SHORT, 0).build(), 1, 3, 5, 2, 4, 6);
        final byte[] four = {1, 2, 3, 9, 4, 5, 6, 9, 7, 8, 9, 9};
        assertValues(colours(3, 8, 2, 4, four).tag(338, TiffBuilder.SHORT, 1).build(), 1, 4, 7, 2, 5, 8, 3, 6, 9);
    }

    @Test
    void theFirstPictureIsReadWhateverTheOtherPagesAre() throws IOException {
        final TiffBuilder thumbnail = grey(8, 1, new byte[] {9, 9, 9}).tag(254, TiffBuilder.LONG, 1).page(3, 1).tag(258, TiffBuilder.SHORT, 8)
            .strip(1, 2, 3);
        assertValues(thumbnail.build(), 1, 2, 3);
        final TiffBuilder old = grey(8, 1, new byte[] {9, 9, 9}).tag(255, TiffBuilder.SHORT, 2).page(3, 1).tag(258, TiffBuilder.SHORT, 8).strip(1, 2, 3);
        assertValues(old.build(), 1, 2, 3);
        assertValues(grey(8, 1, new byte[] {4, 5, 6}).tag(254, TiffBuilder.LONG, 1).build(), 4, 5, 6);
        final TiffBuilder overview = grey(8, 1, new byte[] {1, 2, 3}).page(2, 2).tag(258, TiffBuilder.SHORT, 8).tag(259, TiffBuilder.SHORT, 50000)
            .tag(322, TiffBuilder.SHORT, 16).tag(323, TiffBuilder.SHORT, 16).blocks(true, List.of(new byte[7]));
        final Path file = Files.write(folder.resolve("overview.tif"), overview.build());
        final ImageFile read = ImageFiles.read(file);
        assertArrayEquals(new long[] {3, 1}, read.image().dimensionsAsLongArray());
        assertTrue(read.warnings().toString().contains("2 pages of different sizes"), read.warnings().toString());
    }

    @ParameterizedTest
    @CsvSource({"262, 8, CIELab", "262, 9, CIELab", "262, 32803, camera's raw", "262, 32844, LogLuv", "262, 77, photometric interpretation of 77",
        "339, 5, complex", "339, 6, complex", "339, 9, sample format of 9", "259, 50000, Zstandard", "259, 34712, JPEG 2000", "259, 3, CCITT fax",
        "259, 6, TIFF 6.0",
        "259, 34925, LZMA", "259, 99, compression 99", "284, 3, planar configuration", "317, 7, predictor of 7", "258, 40, 40 bits", "258, 0, 0 bits"})
    void refusesOtherKindsByName(final int tag, final int value, final String reason) throws IOException {
        final byte[] file = grey(8, 1, new byte[30]).tag(tag, TiffBuilder.SHORT, value).build();
        final String message = assertThrows(InvalidInputException.class, () -> read(file)).getMessage();
        assertTrue(message.contains(reason) && !message.contains("\n"), message);
    }

    @Test
    void refusesInksThatAreNotCmykAndSamplesThatDiffer() throws IOException {
        final byte[] inks = colours(3, 8, 5, 4, new byte[12]).tag(332, TiffBuilder.SHORT, 2).build();
        assertTrue(assertThrows(InvalidInputException.class, () -> read(inks)).getMessage().contains("inks other than CMYK"));
        final byte[] uneven = colours(3, 8, 2, 3, new byte[12]).tag(258, TiffBuilder.SHORT, 5, 6, 5).build();
        assertTrue(assertThrows(InvalidInputException.class, () -> read(uneven)).getMessage().contains("different bits"));
    }

    private static TiffBuilder grey(final int bits, final int photometric, final byte[] row) {
        return colours(3, bits, photometric, 1, row);
    }

    private static TiffBuilder colours(final int width, final int bits, final int photometric, final int samples, final byte[] row) {
        final long[] each = new long[samples];
        Arrays.fill(each, bits);
        return new TiffBuilder().page(width, 1).blocks(false, List.of(row)).tag(258, TiffBuilder.SHORT, each).tag(262, TiffBuilder.SHORT, photometric)
            .tag(277, TiffBuilder.SHORT, samples);
    }

    private Planes read(final byte[] bytes) throws IOException {
        return Planes.of(ImageFiles.read(Files.write(folder.resolve("file.tif"), bytes)).image());
    }

    /** All values of one channel, then of the next. */
    private void assertValues(final byte[] bytes, final double... expected) throws IOException {
        final Planes found = read(bytes);
        final double[] values = new double[found.arrays().size() * found.width() * found.height()];
        Arrays.setAll(values, i -> found.valueAt(i / (found.width() * found.height()), i % (found.width() * found.height())));
        assertArrayEquals(expected, values);
    }
}
