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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import ij.ImagePlus;
import ij.io.Opener;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.testing.Folders;

/**
 * Our files in other programs: in ImageJ, here and now, and in tifffile, Pillow and numpy as {@code scripts/fixtures/images.py --written} recorded
 * it from the files that this test leaves in {@code target/written-images}.
 */
class WrittenFilesTest {

    private static final Path FOLDER = Folders.target("written-images");
    private static final Map<String, String> SETTINGS = new LinkedHashMap<>(Map.of("prompt", "sparse: nuclei, 細胞 é\nsecond line"));
    private static final ImageMetadata METADATA = new ImageMetadata(new PixelSize(0.25, 0.5, 2, "µm"), List.of(), List.of(), SETTINGS);

    @BeforeAll
    static void write() throws IOException {
        Files.createDirectories(FOLDER);
        try (var stale = Files.list(FOLDER)) {
            for (final Path file : stale.toList()) {
                Files.delete(file);
            }
        }
        final PrintStream console = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            for (final Planes.Depth depth : Planes.Depth.values()) {
                for (final int channels : new int[] {1, 3}) {
                    for (final int images : new int[] {1, 2}) {
                        final Planes planes = Patterns.planes(depth, channels, images);
                        final String name = depth.name().toLowerCase() + "-" + channels + "-" + images;
                        ImageFiles.write(FOLDER.resolve(name + ".tif"), planes.toImg(), METADATA);
                        if (depth != Planes.Depth.INT16) {
                            ImageFiles.write(FOLDER.resolve(name + ".npy"), planes.toImg(), METADATA);
                        }
                        if (images == 1 && (depth == Planes.Depth.UINT8 || depth == Planes.Depth.UINT16)) {
                            ImageFiles.write(FOLDER.resolve(name + ".png"), planes.toImg(), METADATA);
                        }
                    }
                }
            }
        }
        finally {
            System.setOut(console);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"UINT8, 1, 1", "UINT8, 1, 2", "UINT8, 3, 1", "UINT8, 3, 2", "UINT16, 1, 1", "UINT16, 1, 2", "UINT16, 3, 1", "UINT16, 3, 2", "INT16, 1, 1",
        "INT16, 3, 2", "FLOAT32, 1, 1", "FLOAT32, 1, 2", "FLOAT32, 3, 1", "FLOAT32, 3, 2"})
    void imageJOpensTiffs(final Planes.Depth depth, final int channels, final int images) {
        final Planes planes = Patterns.planes(depth, channels, images);
        final Path file = FOLDER.resolve(depth.name().toLowerCase() + "-" + channels + "-" + images + ".tif");
        final ImagePlus imp = new Opener().openTiff(FOLDER + "/", file.getFileName().toString());
        final boolean rgb = channels == 3 && depth == Planes.Depth.UINT8;
        assertEquals(rgb ? 24 : 8 * depth.bytes, imp.getBitDepth());
        assertEquals(rgb ? 1 : channels, imp.getNChannels());
        assertEquals(images, imp.getNSlices() * imp.getNFrames());
        assertEquals(!rgb && channels > 1, imp.isComposite());
        assertEquals(0.25, imp.getCalibration().pixelWidth, 1e-6);
        assertEquals(0.5, imp.getCalibration().pixelHeight, 1e-6);
        assertEquals(images > 1 || !rgb && channels > 1 ? 2 : 1, imp.getCalibration().pixelDepth, 1e-6);
        assertEquals("µm", imp.getCalibration().getUnit());
        assertEquals("DiffusionJ settings\nprompt: sparse: nuclei, \\u7d30胞 é\\nsecond line\n", imp.getInfoProperty());
        assertEquals(SETTINGS, SettingsText.parse(imp.getInfoProperty()));
        final int i = 5 * Patterns.WIDTH + 7;
        for (int plane = 0; plane < imp.getStackSize(); plane++) {
            if (rgb) {
                final int colour = imp.getStack().getProcessor(plane + 1).get(7, 5);
                assertEquals(planes.valueAt(3 * plane, i), colour >> 16 & 0xff);
                assertEquals(planes.valueAt(3 * plane + 2, i), colour & 0xff);
            }
            else {
                final float value = imp.getStack().getProcessor(plane + 1).getf(7, 5);
                assertEquals(planes.valueAt(plane, i), depth == Planes.Depth.INT16 ? imp.getCalibration().getCValue(value) : value);
            }
        }
        if (depth == Planes.Depth.FLOAT32 || depth == Planes.Depth.UINT16) {
            final double max = IntStream.range(0, channels * images * Patterns.WIDTH * Patterns.HEIGHT)
                .mapToDouble(v -> planes.valueAt(v / (Patterns.WIDTH * Patterns.HEIGHT), v % (Patterns.WIDTH * Patterns.HEIGHT))).max().orElseThrow();
            assertEquals(max, imp.getDisplayRangeMax(), 1e-6);
        }
    }

    @Test
    void weReadThemBack() throws IOException {
        try (var files = Files.list(FOLDER)) {
            for (final Path file : files.sorted().toList()) {
                final String[] name = file.getFileName().toString().split("[-.]");
                final Planes expected = Patterns.planes(Planes.Depth.valueOf(name[0].toUpperCase()), Integer.parseInt(name[1]), Integer.parseInt(name[2]));
                final ImageFile read = ImageFiles.read(file);
                final Planes found = Planes.of(read.image());
                assertEquals(expected.depth(), found.depth(), file.toString());
                assertEquals(expected.channels(), found.channels(), file.toString());
                assertArrayEquals(bytes(expected, false), bytes(found, false), file.toString());
                if (!name[3].equals("npy")) {
                    assertEquals(SETTINGS, read.metadata().settings(), file.toString());
                }
                if (name[3].equals("tif")) {
                    assertEquals("µm", read.metadata().pixelSize().unit());
                    assertEquals(0.25, read.metadata().pixelSize().width(), 1e-6);
                }
            }
        }
    }

    @Test
    void otherProgramsSawTheSamePixelsAndText() throws Exception {
        final JsonObject record = JsonParser.parseString(Files.readString(Patterns.FIXTURES.resolve("written-files.json"))).getAsJsonObject();
        int compared = 0;
        for (final JsonElement element : record.getAsJsonArray("files")) {
            final JsonObject seen = element.getAsJsonObject();
            final String file = seen.get("file").getAsString();
            final String[] name = file.split("[-.]");
            final Planes planes = Patterns.planes(Planes.Depth.valueOf(name[0].toUpperCase()), Integer.parseInt(name[1]), Integer.parseInt(name[2]));
            if (seen.has("sha256")) {
                final boolean planar = file.endsWith(".tif") && !(planes.channels() == 3 && planes.depth() == Planes.Depth.UINT8);
                // tifffile gives signed values as ImageJ stores them: moved up by 32768.
                final byte[] bytes = bytes(planes, !planar);
                for (int i = 1; planes.depth() == Planes.Depth.INT16 && i < bytes.length; i += 2) {
                    bytes[i] ^= (byte) 0x80;
                }
                assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)), seen.get("sha256").getAsString(), file);
                compared++;
            }
            if (file.endsWith(".png")) {
                assertEquals(SettingsText.format(SETTINGS), seen.get("text").getAsString(), file);
            }
            else if (file.endsWith(".tif")) {
                assertEquals(SETTINGS, SettingsText.parse(seen.get("info").getAsString()), file);
                assertEquals("\\u00B5m", seen.get("unit").getAsString().toUpperCase().replace("\\U00B5M", "\\u00B5m"), file);
                assertEquals(4, seen.getAsJsonArray("resolution").get(0).getAsDouble(), 1e-6);
                assertEquals(2, seen.getAsJsonArray("resolution").get(1).getAsDouble(), 1e-6);
            }
        }
        assertTrue(compared > 25, "compared " + compared);
    }

    /** Little-endian, [image, height, width, channel] or [image, channel, height, width]. */
    private static byte[] bytes(final Planes planes, final boolean channelLast) {
        final int size = Patterns.WIDTH * Patterns.HEIGHT;
        final ByteBuffer bytes = ByteBuffer.allocate(planes.arrays().size() * size * planes.depth().bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int image = 0; image < planes.images(); image++) {
            for (int k = 0; k < size * planes.channels(); k++) {
                final int channel = channelLast ? k % planes.channels() : k / size;
                final double value = planes.valueAt(image * planes.channels() + channel, channelLast ? k / planes.channels() : k % size);
                switch (planes.depth()) {
                    case UINT8 -> bytes.put((byte) (int) value);
                    case UINT16, INT16 -> bytes.putShort((short) (int) value);
                    case FLOAT32 -> bytes.putFloat((float) value);
                }
            }
        }
        return bytes.array();
    }
}
