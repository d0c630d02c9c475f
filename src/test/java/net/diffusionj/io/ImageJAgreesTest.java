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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

import ij.ImagePlus;
import ij.io.Opener;
import ij.process.ImageProcessor;
import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same file in ImageJ's own opener and here: the same values, bit for bit; long because every kind of file that both read is a case. */
class ImageJAgreesTest {

    private static final int WIDTH = 45;
    private static final int HEIGHT = 37;

    @TempDir
    Path folder;

    private final Random random = new Random(11);

    @ParameterizedTest
    @CsvSource({"rgb, false, 0.3", "rgb, true, 0.3", "rgb, false, 1", "rgb, true, 1", "grey, false, 0.8", "grey, true, 0.8"})
    void jpeg(final String colours, final boolean progressive, final float quality) throws IOException {
        final Path file = folder.resolve("picture.jpg");
        write(file, "jpeg", picture(colours), progressive, null, quality);
        assertSame(file, colours.equals("rgb") ? 3 : 1);
        final byte[] whole = Files.readAllBytes(file);
        for (int length = whole.length - 1; length > 0; length -= Math.max(whole.length / 50, 1)) {
            final byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(InvalidInputException.class, () -> ImageFiles.read(Files.write(file, cut)));
        }
        // With an end mark behind half of the data.
        final byte[] patched = Arrays.copyOf(whole, whole.length * 2 / 3);
        patched[patched.length - 2] = (byte) 0xff;
        patched[patched.length - 1] = (byte) 0xd9;
        assertThrows(InvalidInputException.class, () -> ImageFiles.read(Files.write(file, patched)));
    }

    @ParameterizedTest
    @CsvSource({"rgb, false", "rgb, true", "grey, false", "grey, true", "grey16, true", "palette, true", "palette12, false", "bits, true"})
    void png(final String colours, final boolean interlaced) throws IOException {
        final Path file = folder.resolve("picture.png");
        write(file, "png", picture(colours), interlaced, null, 0);
        assertSame(file, colours.equals("rgb") || colours.startsWith("palette") ? 3 : 1);
    }

    @ParameterizedTest
    @CsvSource({"palette, false", "palette, true", "palette12, false", "bits, false"})
    void gif(final String colours, final boolean interlaced) throws IOException {
        final Path file = folder.resolve("picture.gif");
        write(file, "gif", picture(colours), interlaced, null, 0);
        assertSame(file, colours.equals("bits") ? 1 : 3);
    }

    @Test
    void aGifThatEndsEarlyIsRefusedThoughItsBlocksAreWhole() throws IOException {
        final Path file = folder.resolve("picture.gif");
        write(file, "gif", picture("palette"), false, null, 0);
        final byte[] gif = Files.readAllBytes(file);
        // Twice as high, on a screen twice as high: half of the pixels are there.
        final int frame = frameOf(gif);
        gif[8] = 2 * HEIGHT;
        gif[frame + 7] = 2 * HEIGHT;
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(Files.write(file, gif))).getMessage();
        assertTrue(message.contains("has " + WIDTH * HEIGHT + " of its " + 2 * WIDTH * HEIGHT + " pixels"), message);
    }

    private static int frameOf(final byte[] gif) {
        int frame = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << (gif[10] & 7) + 1);
        while (gif[frame] != 0x2c) {
            frame += 2;
            while (gif[frame] != 0) frame += (gif[frame] & 0xff) + 1;
            frame++;
        }
        return frame;
    }

    @ParameterizedTest
    @ValueSource(strings = {"over", "small", "transparent"})
    void gifFramesLieOnTheirScreen(final String kind) throws IOException {
        final Path file = folder.resolve("screen.gif");
        write(file, "gif", picture("palette"), false, null, 0);
        final ByteBuffer gif = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int frame = 13 + ((gif.get(10) & 0x80) == 0 ? 0 : 3 << (gif.get(10) & 7) + 1);
        while (gif.get(frame) != 0x2c) {
            if (gif.get(frame + 1) == (byte) 0xf9 && kind.equals("transparent")) gif.put(frame + 3, (byte) 1).put(frame + 6, (byte) 3);
            frame += 2;
            while (gif.get(frame) != 0) frame += (gif.get(frame) & 0xff) + 1;
            frame++;
        }
        gif.putShort(6, (short) (kind.equals("over") ? 30 : 60)).putShort(8, (short) 50).putShort(frame + 1, (short) 5).putShort(frame + 3, (short) 3);
        assertSame(Files.write(file, gif.array()), 3);
    }

    @ParameterizedTest
    @CsvSource({"rgb", "grey", "palette", "bits"})
    void bmp(final String colours) throws IOException {
        final Path file = folder.resolve("picture.bmp");
        write(file, "bmp", picture(colours), false, "BI_RGB", 0);
        assertSame(file, colours.equals("rgb") || colours.startsWith("palette") ? 3 : 1);
    }

    @Test
    void packedBmps() throws IOException {
        for (final String colours : new String[] {"palette", "palette12", "bits"}) {
            final BufferedImage picture = picture(colours);
            for (final String compression : colours.equals("palette") ? new String[] {"BI_RGB", "BI_RLE8"}
                : new String[] {"BI_RGB"}) {
                final Path file = folder.resolve("picture.bmp");
                write(file, "bmp", picture, false, compression, 0);
                final Planes found = Planes.of(ImageFiles.read(file).image());
                assertEquals(colours.equals("bits") ? 1 : 3, found.channels());
                for (int i = 0; i < WIDTH * HEIGHT; i++) {
                    assertEquals(picture.getRGB(i % WIDTH, i / WIDTH) & 0xff, found.valueAt(found.channels() - 1, i), compression);
                }
            }
        }
    }

    /** The JDK's writer makes damaged ones, so this is made by hand: a run of 3, 3 single values, the end of the row; then 6 of a run, the end. */
    @Test
    void bmpOfRunsOfHalfBytes() throws IOException {
        final byte[] runs = {3, 0x12, 0, 3, 0x34, 0x50, 0, 0, 6, 0x67, 0, 1};
        final ByteBuffer bmp = ByteBuffer.allocate(54 + 64 + runs.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M')
            .putInt(54 + 64 + runs.length).putInt(0).putInt(54 + 64).putInt(40).putInt(6).putInt(2).putShort((short) 1).putShort((short) 4).putInt(2)
            .putInt(runs.length).putInt(0).putInt(0).putInt(16).putInt(0);
        for (int i = 0; i < 16; i++) bmp.put((byte) i).put((byte) (2 * i)).put((byte) (9 * i)).put((byte) 0);
        bmp.put(runs);
        final Planes found = Planes.of(ImageFiles.read(Files.write(folder.resolve("runs.bmp"), bmp.array())).image());
        final int[] expected = {6, 7, 6, 7, 6, 7, 1, 2, 1, 3, 4, 5};
        for (int i = 0; i < 12; i++) assertEquals(9 * expected[i], found.valueAt(0, i));
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, -24, -32})
    void bmpsOfWholeColours(final int bits) throws IOException {
        final int each = Math.abs(bits) / 8;
        final int rowBytes = (WIDTH * each + 3) / 4 * 4;
        final ByteBuffer bmp =
            ByteBuffer.allocate(54 + rowBytes * HEIGHT).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M').putInt(54 + rowBytes * HEIGHT).putInt(0)
                .putInt(54).putInt(40).putInt(WIDTH).putInt(bits < 0 ? -HEIGHT : HEIGHT).putShort((short) 1).putShort((short) (8 * each));
        bmp.position(54);
        final byte[] pixels = new byte[bmp.remaining()];
        random.nextBytes(pixels);
        bmp.put(pixels);
        final Planes found = Planes.of(ImageFiles.read(Files.write(folder.resolve("picture.bmp"), bmp.array())).image());
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                final int at = 54 + (bits < 0 ? y : HEIGHT - 1 - y) * rowBytes + x * each;
                for (int channel = 0; channel < 3; channel++) {
                    assertEquals(bmp.get(at + 2 - channel) & 0xff, found.valueAt(channel, y * WIDTH + x));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 1", "16, 1, 1", "8, 3, 2", "16, 3, 2", "32, 1, 1", "10, 1, 1", "12, 1, 1", "8, 4, 5", "8, 4, 2"})
    void tiff(final int bits, final int samples, final int photometric) throws IOException {
        for (final ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (final int compression : new int[] {1, 5, 8}) {
                if (compression > 1 && (bits % 8 != 0 || photometric == 5)) continue;
                final int width = 40; // a multiple of 4: of other widths of 10 and 12 bits ImageJ reads rows of another length
                final long[][] rows = new long[HEIGHT][width * samples];
                // Of 32 bits without a sample format ImageJ takes the highest for a sign.
                for (final long[] row : rows) Arrays.setAll(row, i -> random.nextLong() & (1L << Math.min(bits, 31)) - 1);
                final long[] each = new long[samples];
                Arrays.fill(each, bits);
                final byte[] strip = TiffBuilder.compress(TiffBuilder.pack(rows, bits, order), compression);
                final Path file = folder.resolve("picture.tif");
                Files.write(file, new TiffBuilder(order, false).page(width, HEIGHT).blocks(false, List.of(strip)).tag(258, TiffBuilder.SHORT, each)
                    .tag(259, TiffBuilder.SHORT, compression).tag(262, TiffBuilder.SHORT, photometric).tag(277, TiffBuilder.SHORT, samples)
                    .tag(278, TiffBuilder.SHORT, HEIGHT).build());
                assertSame(file, Math.min(samples, 3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"rgb, true", "rgb, false", "grey, false"})
    void jpegInTiffHasTheValuesOfTheJpeg(final String colours, final boolean tables) throws IOException {
        final Path jpeg = folder.resolve("block.jpg");
        write(jpeg, "jpeg", picture(colours), false, null, 0.9f);
        final Planes expected = Planes.of(ImageFiles.read(jpeg).image());
        final byte[] whole = Files.readAllBytes(jpeg);
        final ByteArrayOutputStream common = new ByteArrayOutputStream();
        final ByteArrayOutputStream block = new ByteArrayOutputStream();
        split(whole, tables, common, block);
        final int samples = colours.equals("rgb") ? 3 : 1;
        final long[] each = new long[samples];
        Arrays.fill(each, 8);
        final TiffBuilder file = new TiffBuilder().page(WIDTH, HEIGHT).blocks(false, List.of(block.toByteArray())).tag(258, TiffBuilder.SHORT, each)
            .tag(259, TiffBuilder.SHORT, 7).tag(262, TiffBuilder.SHORT, samples == 3 ? 6 : 1).tag(277, TiffBuilder.SHORT, samples);
        if (tables) file.raw(347, 7, common.size(), common.toByteArray());
        final Path tiff = Files.write(folder.resolve("jpeg.tif"), file.build());
        assertEqualPlanes(expected, Planes.of(ImageFiles.read(tiff).image()));
    }

    /** Tables to the one stream, all else to the other. */
    private static void split(final byte[] jpeg, final boolean tables, final ByteArrayOutputStream common, final ByteArrayOutputStream block) {
        common.writeBytes(new byte[] {-1, -40});
        block.writeBytes(new byte[] {-1, -40});
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xda) {
            final int length = 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
            final boolean table = (jpeg[at + 1] & 0xff) == 0xdb || (jpeg[at + 1] & 0xff) == 0xc4;
            (tables && table ? common : block).write(jpeg, at, length);
            at += length;
        }
        block.write(jpeg, at, jpeg.length - at);
        common.writeBytes(new byte[] {-1, -39});
    }

    private static void assertSame(final Path file, final int channels) {
        final ImagePlus expected = new Opener().openImage(file.toString());
        assertNotNull(expected, "ImageJ does not open it");
        final Planes found = Planes.of(ImageFiles.read(file).image());
        assertEquals(channels, found.channels());
        assertEquals(expected.getWidth(), found.width());
        assertEquals(expected.getHeight(), found.height());
        final ImageProcessor first = expected.getProcessor();
        final boolean coloured =
            expected.getBitDepth() == 24 || channels == 3 && expected.getBitDepth() == 8 || expected.getBitDepth() == 8 && !first.isDefaultLut();
        final ImageProcessor colours = coloured ? first.convertToRGB() : first;
        for (int channel = 0; channel < channels; channel++) {
            final ImageProcessor plane = coloured || channels == 1 ? colours : expected.getStack().getProcessor(channel + 1);
            for (int i = 0; i < first.getPixelCount(); i++) {
                final double value = coloured ? plane.get(i) >> 16 - 8 * channel & 0xff : plane.getf(i);
                assertEquals(value, found.valueAt(channel, i), "channel " + channel + ", pixel " + i);
            }
        }
    }

    private static void assertEqualPlanes(final Planes expected, final Planes found) {
        assertEquals(expected.channels(), found.channels());
        for (int plane = 0; plane < expected.arrays().size(); plane++) {
            for (int i = 0; i < expected.width() * expected.height(); i++) {
                assertEquals(expected.valueAt(plane, i), found.valueAt(plane, i));
            }
        }
    }

    private BufferedImage picture(final String colours) {
        final BufferedImage image = switch (colours) {
            case "rgb" -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            case "grey" -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
            case "grey16" -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
            case "bits" -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
            case "palette" -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, palette(8, 256));
            default -> new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY, palette(4, 12));
        };
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                if (colours.equals("rgb")) {
                    image.setRGB(x, y, (5 * x + random.nextInt(20)) << 16 | 6 * y << 8 | 2 * x + 3 * y & 0xff);
                }
                else {
                    final int most = colours.equals("bits") ? 2 : colours.equals("palette12") ? 12 : colours.equals("grey16") ? 65536 : 256;
                    image.getRaster().setSample(x, y, 0, random.nextInt(most));
                }
            }
        }
        return image;
    }

    private IndexColorModel palette(final int bits, final int size) {
        final byte[][] colours = new byte[3][size];
        for (final byte[] colour : colours) random.nextBytes(colour);
        return new IndexColorModel(bits, size, colours[0], colours[1], colours[2]);
    }

    private static void write(final Path file, final String format, final BufferedImage image, final boolean progressive, final String compression,
        final float quality) throws IOException {
        Files.deleteIfExists(file);
        final ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            final ImageWriteParam how = writer.getDefaultWriteParam();
            if (how.canWriteProgressive()) how.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            if (compression != null || quality > 0) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                if (compression != null) how.setCompressionType(compression);
                if (quality > 0) how.setCompressionQuality(quality);
            }
            writer.write(null, new IIOImage(image, null, null), how);
        }
        finally {
            writer.dispose();
        }
        assertTrue(Files.size(file) > 0);
    }
}
