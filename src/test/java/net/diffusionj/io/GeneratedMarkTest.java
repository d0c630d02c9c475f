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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;

import net.diffusionj.InvalidInputException;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mark, and pictures that ImageJ opens as before; scripts/experiment/marks.py reads the mark with exiftool and tifffile. */
class GeneratedMarkTest {

    private static final String HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

    @TempDir
    private Path folder;

    private static Map<String, String> settings(final String task) {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", task);
        settings.put("prompt", "nuclei <&> \"µm\" \u65e5\u672c \ud83d\ude00\nsecond line \u0001 \ud800 end");
        settings.put("steps", "15");
        settings.put("seed", "7");
        if (task.equals("img2img")) settings.put("source-sha256", HASH);
        settings.put("model", "MicroDiff");
        settings.put("provider", "cpu");
        settings.put("diffusionj", "1.2.3");
        return settings;
    }

    private static ImageMetadata metadata(final Map<String, String> settings) {
        return ImageMetadata.NONE.withSettings(settings);
    }

    private static Img<?> image(final String kind) {
        final short[] values = new short[23 * 17 * 3 * 2];
        for (int i = 0; i < values.length; i++) values[i] = (short) (i * 31);
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) values[i];
        return switch (kind) {
            case "grey8" -> ArrayImgs.unsignedBytes(bytes, 23, 17);
            case "rgb" -> ArrayImgs.unsignedBytes(bytes, 23, 17, 3);
            case "grey16" -> ArrayImgs.unsignedShorts(values, 23, 17);
            case "composite" -> ArrayImgs.unsignedShorts(values, 23, 17, 3);
            case "stack" -> ArrayImgs.unsignedBytes(bytes, 23, 17, 3, 2);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"txt2img png", "img2img png", "txt2img tif", "img2img tif"})
    void isReadBackWhole(final String what) {
        final String task = what.substring(0, 7);
        final Path file = folder.resolve("a." + what.substring(8));
        ImageFiles.write(file, image("grey16"), metadata(settings(task)));
        final FoundMark found = FoundMark.in(file).orElseThrow();
        assertEquals(FoundMark.Evidence.XMP, found.evidence());
        assertEquals(
            "http://cv.iptc.org/newscodes/digitalsourcetype/" + (task.equals("txt2img") ? "trainedAlgorithmicMedia" : "compositeWithTrainedAlgorithmicMedia"),
            found.mark().sourceType());
        assertEquals("DiffusionJ 1.2.3", found.mark().tool());
        assertEquals("MicroDiff", found.mark().model());
        assertEquals(task.equals("txt2img") ? "" : HASH, found.mark().sourceSha256());
        assertEquals(settings(task), found.mark().settings());
        assertEquals(settings(task), ImageFiles.read(file).metadata().settings());
    }

    /** Where a directory and a packet stand at odd lengths, ImageJ sees what it saw without the mark. */
    @ParameterizedTest
    @ValueSource(strings = {"grey8", "rgb", "grey16"})
    void otherReadersSeeThePictureAndThePacket(final String kind) throws IOException {
        final Map<String, String> unmarked = settings("img2img");
        unmarked.put("provider", "none");
        for (int pad = 0; pad < 2; pad++) {
            final Map<String, String> marked = settings("img2img");
            marked.put("note", "x".repeat(pad));
            final Path with = folder.resolve(kind + pad + ".tif");
            final Path without = folder.resolve(kind + pad + "-plain.tif");
            ImageFiles.write(with, image(kind), metadata(marked));
            ImageFiles.write(without, image(kind), metadata(unmarked));
            final ImagePlus opened = new Opener().openImage(with.toString());
            final ImagePlus plain = new Opener().openImage(without.toString());
            assertArrayEquals(plain.getDimensions(), opened.getDimensions());
            for (int slice = 1; slice <= plain.getStackSize(); slice++) {
                assertArrayEquals(pixels(plain, slice), pixels(opened, slice));
            }
            assertEquals(marked, SettingsText.parse(opened.getInfoProperty()));
            final String packet = packetOf(with);
            assertTrue(packet.startsWith("<?xpacket begin=") && packet.endsWith("<?xpacket end=\"r\"?>"), packet);
            assertEquals(marked, XmpPacket.read(packet.getBytes(StandardCharsets.UTF_8)).orElseThrow().settings());
        }
    }

    private static int[] pixels(final ImagePlus image, final int slice) {
        final int[] values = new int[image.getWidth() * image.getHeight()];
        for (int i = 0; i < values.length; i++) values[i] = image.getStack().getProcessor(slice).get(i);
        return values;
    }

    private static String packetOf(final Path file) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
            return new String(TiffTags.all(new TiffInput(opened)).get(0).raw(700), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "tif"})
    void equalImagesMakeEqualFilesWithoutADate(final String ending) throws IOException {
        final Path first = folder.resolve("a." + ending);
        final Path second = Files.createDirectory(folder.resolve("other")).resolve("a." + ending);
        ImageFiles.write(first, image("grey8"), metadata(settings("img2img")));
        ImageFiles.write(second, image("grey8"), metadata(settings("img2img")));
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        final String text = new String(XmpPacket.write(GeneratedMark.of(settings("img2img")).orElseThrow()), StandardCharsets.UTF_8);
        assertFalse(text.contains("Date"), text);
        assertFalse(text.matches("(?s).*\\d{4}-\\d{2}-\\d{2}T.*"), text);
    }

    @Test
    void recordedImagesAreNotMarked() {
        final Map<String, String> unchanged = settings("img2img");
        unchanged.put("provider", "none");
        for (final Map<String, String> none : List.of(unchanged, Map.<String, String>of(), Map.of("objective", "20x"))) {
            for (final String ending : List.of("a.png", "a.tif")) {
                ImageFiles.write(folder.resolve(ending), image("grey8"), metadata(none));
                assertEquals(Optional.empty(), FoundMark.in(folder.resolve(ending)));
            }
        }
        assertTrue(MarkText.lines(Optional.empty()).get(0).contains("unknown"));
    }

    /** ImageJ drops the packet when it saves, and keeps Info. */
    @Test
    void afterSavingWithImageJTheInfoTells() {
        final Path file = folder.resolve("a.tif");
        ImageFiles.write(file, image("grey16"), metadata(settings("img2img")));
        final ImagePlus opened = IJ.openImage(file.toString());
        final Path saved = folder.resolve("saved.tif");
        assertTrue(new FileSaver(opened).saveAsTiff(saved.toString()));
        final FoundMark found = FoundMark.in(saved).orElseThrow();
        assertEquals(FoundMark.Evidence.SETTINGS, found.evidence());
        assertEquals(HASH, found.mark().sourceSha256());
        final List<String> lines = MarkText.lines(Optional.of(found));
        assertTrue(lines.stream().anyMatch(line -> line.contains("saving with ImageJ")), lines.toString());
    }

    @Test
    void aMarkOfAnotherProgramIsUnderstood() throws IOException {
        final String packet = """
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
            xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Painter 3"
            e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""";
        final GeneratedMark mark = XmpPacket.read(packet.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertTrue(mark.isGenerated());
        assertEquals("This image is not a measurement: it was generated from text with Painter 3.", MarkText.sentence(mark));
        final String camera = packet.replace("trainedAlgorithmicMedia", "digitalCapture");
        assertFalse(XmpPacket.read(camera.getBytes(StandardCharsets.UTF_8)).orElseThrow().isGenerated());
    }

    @Test
    void damagedPacketsAreRefused() throws IOException {
        assertThrows(IOException.class, () -> XmpPacket.read("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf".getBytes(StandardCharsets.UTF_8)));
        assertThrows(IOException.class,
            () -> XmpPacket.read("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>".getBytes(StandardCharsets.UTF_8)));
        assertThrows(InvalidInputException.class, () -> FoundMark.in(folder.resolve("none.tif")));
        final Path text = Files.writeString(folder.resolve("a.txt"), "no image");
        assertEquals(Optional.empty(), FoundMark.in(text));
    }

    @Test
    void theSentenceNamesWhatMakesItAgain() {
        assertEquals(
            "This image is not a measurement: it was generated from a recorded image (SHA-256 of its pixels: 5e884898da280471...) with DiffusionJ 1.2.3"
                + " and the Stable Diffusion model MicroDiff (prompt \"a\", 15 steps, seed 7).",
            MarkText.sentence(GeneratedMark.of(with("prompt", "a")).orElseThrow()));
    }

    private static Map<String, String> with(final String key, final String value) {
        final Map<String, String> settings = settings("img2img");
        settings.put(key, value);
        return settings;
    }
}
