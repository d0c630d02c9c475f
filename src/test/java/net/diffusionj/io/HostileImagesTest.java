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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that claim much: refused in one line, before memory is taken for the claim. */
class HostileImagesTest {

    private static final int SHORT = TiffBuilder.SHORT;
    private static final int LONG = TiffBuilder.LONG;
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 7, 8, 32773, 32946})
    void aTiffMayNotClaimMoreThanItsBytesHold(final int compression) throws IOException {
        for (final boolean tiled : new boolean[] {false, true}) {
            final TiffBuilder file = new TiffBuilder().page(46340, 46340).tag(258, SHORT, 8).tag(259, SHORT, compression)
                .blocks(tiled, List.of(new byte[100]));
            if (tiled) file.tag(322, LONG, 46336).tag(323, LONG, 46336);
            assertRefused(file.build(), 2, tiled ? "it should have 4 tiles" : "100 bytes");
        }
    }

    @Test
    void manyPagesThatShareTheirPixelsCountAsOftenAsTheyAreShown() throws IOException {
        final byte[] strip = TiffBuilder.deflate(new byte[4000 * 4000]);
        final TiffBuilder file = new TiffBuilder();
        for (int page = 0; page < 500; page++) {
            // The first page stores the strip; all others name its place.
            file.page(4000, 4000).tag(258, SHORT, 8).tag(259, SHORT, 8);
            if (page == 0) file.blocks(false, List.of(strip));
            else file.tag(273, LONG, 8).tag(279, LONG, strip.length);
        }
        assertRefused(file.build(), 4, "4000 x 4000", "values, more than");
    }

    @Test
    void directoriesThatShareOneArrayAreCountedTogether() throws IOException {
        final int strips = 20_000;
        final ByteBuffer file = ByteBuffer.allocate(8 + 4 * strips + 3000 * 66).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {'I', 'I', 42, 0}).putInt(8 + 4 * strips);
        file.position(8 + 4 * strips);
        for (int page = 0; page < 3000; page++) {
            file.putShort((short) 5);
            entry(file, 256, 1, 1);
            entry(file, 257, 1, strips);
            entry(file, 273, strips, 8);
            entry(file, 278, 1, 1);
            entry(file, 279, strips, 8);
            file.putInt(page < 2999 ? file.position() + 4 : 0);
        }
        assertRefused(file.array(), 4, "share their values");
    }

    private static void entry(final ByteBuffer file, final int tag, final int count, final int value) {
        file.putShort((short) tag).putShort((short) LONG).putInt(count).putInt(value);
    }

    @Test
    void aHundredThousandPagesAreReadOrRefusedButCostLittle() throws IOException {
        final TiffBuilder file = new TiffBuilder();
        for (int page = 0; page < 100_000; page++) {
            file.page(1, 1).tag(258, SHORT, 8);
            if (page == 0) file.strip(7);
            else file.tag(273, LONG, 8).tag(279, LONG, 1);
        }
        final Path path = Files.write(folder.resolve("pages.tif"), file.build());
        final long before = FieldImagesTest.allocated();
        assertEquals(100_000, ImageFiles.read(path).image().dimension(3));
        final long taken = FieldImagesTest.allocated() - before;
        assertTrue(taken < 600 * MEBIBYTE, "took " + taken + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"2147483647, truncated", "3, truncated"})
    void aStackMayNotClaimPlanesThatAreNotThere(final int images, final String reason) throws IOException {
        final byte[] file = new TiffBuilder().page(2, 1).tag(258, SHORT, 8).text(270, "ImageJ=1.54p\nimages=" + images + "\n").strip(1, 2).build();
        final Path path = Files.write(folder.resolve("stack.tif"), file);
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(path)).getMessage();
        assertTrue(message.contains(reason) || message.contains("more than"), message);
    }

    @ParameterizedTest
    @CsvSource({"696e666f", "6c61626c", "72616e67", "6c757473", "70726f70", "726f6920", "6f766572", "706c6f74", "00000007"})
    void countsOfImageJsMetadataAreChecked(final String kind) throws IOException {
        for (final long[] claim : new long[][] {{1, 0x7fffffffL}, {1, 0xffffffffL}, {0x7fffffffL, 2}, {0xffffffffL, 2}, {0x40000000L, 2}, {0, 2}}) {
            final ByteBuffer data = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN).putInt(0x494a494a).putInt((int) Long.parseLong(kind, 16))
                .putInt((int) claim[0]);
            final byte[] file = new TiffBuilder().page(2, 1).tag(258, SHORT, 8).strip(1, 2).tag(50838, LONG, 12, claim[1]).raw(50839, 1, 14, data.array())
                .build();
            assertRefused(file, 2, "ImageJ metadata");
        }
    }

    @Test
    void tagsOfImpossibleCountsAreRefused() throws IOException {
        final byte[] huge = new TiffBuilder(ByteOrder.LITTLE_ENDIAN, true).page(2, 1).tag(258, SHORT, 8).strip(1, 2).build();
        final ByteBuffer big = ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN);
        final int directory = (int) big.getLong(8);
        for (final long count : new long[] {Long.MAX_VALUE, -1, 1L << 61, 1L << 40}) {
            // The third tag are the bits of a sample.
            big.putLong(directory + 8 + 2 * 20 + 4, count);
            assertRefused(huge, 2, "");
        }
        big.putLong(directory + 8 + 2 * 20 + 4, 1).putLong(directory, Long.MIN_VALUE);
        assertRefused(huge, 2, "tags");
    }

    @ParameterizedTest
    @CsvSource({"25000, 25000, 8, 0", "60000, 20000, 8, 2", "2147483647, 2147483647, 16, 6", "0, 5, 8, 0", "100000, 100000, 1, 0"})
    void aPngMayNotClaimMoreThanItsBytesHold(final int width, final int height, final int bits, final int colours) throws IOException {
        assertRefused(png(width, height, bits, colours, new byte[0], TiffBuilder.deflate(new byte[100_000])), 2, width + " x " + height);
    }

    @Test
    void textOfAPngMayNotUnfoldWithoutEnd() throws IOException {
        final byte[] unfolding = TiffBuilder.deflate(new byte[28_000_000]);
        final ByteArrayOutputStream comments = new ByteArrayOutputStream();
        final ByteArrayOutputStream ours = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            chunk(comments, "zTXt", "Comment\0\0", unfolding);
            chunk(comments, "iTXt", "Comment\0\1\0\0\0", unfolding);
            chunk(comments, "iCCP", "profile\0\0", unfolding);
            chunk(ours, "iTXt", "DiffusionJ\0\1\0\0\0", unfolding);
        }
        final byte[] pixels = TiffBuilder.deflate(new byte[] {0, 42});
        final Path file = Files.write(folder.resolve("text.png"), png(1, 1, 8, 0, comments.toByteArray(), pixels));
        final long before = FieldImagesTest.allocated();
        assertEquals(42, Planes.of(ImageFiles.read(file).image()).valueAt(0, 0));
        assertTrue(FieldImagesTest.allocated() - before < 30 * MEBIBYTE);
        assertRefused(png(1, 1, 8, 0, ours.toByteArray(), pixels), 80, "16 MB of text");
    }

    @Test
    void everyChecksumOfAPngIsTested() throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        chunk(text, "tEXt", "Comment\0", "hello".getBytes(StandardCharsets.US_ASCII));
        final byte[] sound = png(3, 2, 8, 0, text.toByteArray(), TiffBuilder.deflate(new byte[8]));
        final Path file = folder.resolve("sum.png");
        ImageFiles.read(Files.write(file, sound));
        for (int at = 8; at < sound.length; at++) {
            final byte[] damaged = sound.clone();
            damaged[at] ^= 16;
            Files.write(file, damaged);
            assertThrows(InvalidInputException.class, () -> ImageFiles.read(file), "byte " + at);
        }
    }

    @Test
    void aPngWhoseDataEndEarlyIsRefusedThoughItsChecksumsAreRight() throws IOException {
        final byte[] rows = new byte[50 * 101];
        final byte[] whole = TiffBuilder.deflate(rows);
        assertRefused(png(100, 50, 8, 0, new byte[0], TiffBuilder.deflate(Arrays.copyOf(rows, 3000))), 2, "damaged or cut off");
        assertRefused(png(100, 50, 8, 0, new byte[0], Arrays.copyOf(whole, whole.length - 8)), 2, "damaged or cut off");
    }

    @Test
    void bitmapsGifsAndJpegsMayNotClaimMoreThanTheirBytesHold() throws IOException {
        for (final int compression : new int[] {0, 1, 2, 3}) {
            for (final int height : new int[] {40000, -40000, Integer.MIN_VALUE}) {
                final ByteBuffer bmp = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M').putInt(100).putInt(0).putInt(54)
                    .putInt(40).putInt(40000).putInt(height).putShort((short) 1).putShort((short) (compression == 2 ? 4 : 8)).putInt(compression);
                assertRefused(bmp.array(), 2, "40000");
            }
        }
        final ByteBuffer gif = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).put("GIF89a".getBytes(StandardCharsets.US_ASCII));
        gif.putShort((short) 65535).putShort((short) 65535).put((byte) 0x80).putShort((short) 0).put(new byte[6]).put((byte) 0x2c).putInt(0)
            .putShort((short) 1).putShort((short) 1).put((byte) 0).put((byte) 2).put((byte) 2).put((byte) 0x4c).put((byte) 1).put((byte) 0).put((byte) 0x3b);
        assertRefused(gif.array(), 2, "65535 x 65535");
        final ByteBuffer jpeg = ByteBuffer.allocate(40).put(new byte[] {-1, -40, -1, -64, 0, 11, 8}).putShort((short) 65500).putShort((short) 65500)
            .put(new byte[] {1, 1, 17, 0, -1, -38, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, -1, -39});
        assertRefused(jpeg.array(), 2, "65500 x 65500");
    }

    @Test
    void anNpyMayNotClaimMoreThanItsBytesHold() throws IOException {
        for (final String shape : List.of("46340, 46340", "2147483647, 1", "99999999999, 2", "65536, 65536, 65536, 65536")) {
            final String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + shape + "), }";
            final ByteBuffer file = ByteBuffer.allocate(10 + header.length() + 4).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93)
                .put("NUMPY\1\0".getBytes(StandardCharsets.US_ASCII)).putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
            assertRefused(file.array(), 2, "");
        }
    }

    private void assertRefused(final byte[] bytes, final int mostMebibytes, final String... reasons) throws IOException {
        final Path file = Files.write(folder.resolve("hostile"), bytes);
        assertThrows(InvalidInputException.class, () -> ImageFiles.read(file));
        final long before = FieldImagesTest.allocated();
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file)).getMessage();
        final long taken = FieldImagesTest.allocated() - before - 6L * bytes.length;
        for (final String reason : reasons) {
            assertTrue(message.contains(reason) && !message.contains("\n"), message);
        }
        assertTrue(taken < mostMebibytes * MEBIBYTE, "took " + taken + " bytes: " + message);
    }

    static byte[] png(final int width, final int height, final int bits, final int colours, final byte[] chunks, final byte[] pixels) {
        final ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(PngWriter.SIGNATURE);
        final byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) bits).put((byte) colours).array();
        chunk(file, "IHDR", "", header);
        file.writeBytes(chunks);
        chunk(file, "IDAT", "", pixels);
        chunk(file, "IEND", "", new byte[0]);
        return file.toByteArray();
    }

    static void chunk(final ByteArrayOutputStream file, final String type, final String start, final byte[] rest) {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes((type + start).getBytes(StandardCharsets.ISO_8859_1));
        body.writeBytes(rest);
        final CRC32 crc = new CRC32();
        crc.update(body.toByteArray());
        file.writeBytes(ByteBuffer.allocate(4).putInt(body.size() - 4).array());
        file.writeBytes(body.toByteArray());
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
