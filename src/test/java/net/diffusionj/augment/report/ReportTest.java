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
package net.diffusionj.augment.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.QualityEntry;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.manifest.SourceEntry;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.model.GuidanceInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

class ReportTest {

    private static final String EVIL = "<script>alert('x')</script>\"&";
    private static final Pattern DATA = Pattern.compile("src=\"data:([a-z/+]+);base64,([A-Za-z0-9+/=]+)\"");

    @TempDir
    private Path folder;

    @BeforeEach
    void fillFolder() throws IOException {
        Files.createDirectories(folder.resolve("in/labels"));
        Files.createDirectories(folder.resolve("labels"));
        final List<ManifestRow> rows = new ArrayList<>();
        for (int s = 0; s < 2; s++) {
            final String name = "cells" + s;
            picture(folder.resolve("in/" + name + ".tif"), s, 0);
            labels(folder.resolve("in/labels/" + name + ".tif"));
            for (int v = 1; v <= 3; v++) {
                final String output = name + "_00" + v + ".tif";
                final RowStatus status = v < 3 ? RowStatus.MADE : s == 0 ? RowStatus.REJECTED : RowStatus.SKIPPED;
                if (status == RowStatus.MADE) {
                    picture(folder.resolve(output), s, v);
                    labels(folder.resolve("labels/" + output));
                }
                rows.add(row(s, name, output, status, v));
            }
        }
        Manifest.writeCsv(folder.resolve(Manifest.CSV), rows);
        Manifest.writeJson(folder.resolve(Manifest.JSON), Map.of("settings", Map.of("prompt", EVIL, "strength", "0.3"), "camera", "off",
            "measured", Map.of("kernel distance, outputs to sources", "12.5", "images of round", "9 of 10")), rows);
    }

    private static ManifestRow row(final int s, final String name, final String output, final RowStatus status, final int variant) {
        final boolean made = status == RowStatus.MADE;
        final SourceEntry source = new SourceEntry("in/" + name + ".tif", 1, "ab12", "in/labels/" + name + ".tif", "cd34", "class " + EVIL, "dish 1");
        final DrawEntry draw =
            new DrawEntry("vary", EVIL, "", 7.5, GuidanceInterval.ALWAYS, 20, "ddim", 0.3, "1", 5, 1, 0, variant - 1, "MicroDiff", "ef", "cpu", 0, "1.28.0",
                "0.1.0", "x");
        return new ManifestRow(output, made ? "aa" : "", made ? "labels/" + output : "", made ? "bb" : "", status,
            made ? "" : variant + " of 12 objects lost " + EVIL, variant, source, draw, "off", "",
            Optional.of(new GateEntry(made, 2, made ? 2 : 1, 0, 0.8, 0.9, "least-iou=0.6" + s)),
            made ? Optional.of(new QualityEntry(0.7 + 0.01 * variant, 25, 0.02, 0.6, Double.NaN, Double.NaN)) : Optional.empty(),
            variant == 1 ? "test" : "train");
    }

    private static void picture(final Path file, final int source, final int variant) {
        final short[] values = new short[300 * 200];
        for (int i = 0; i < values.length; i++) {
            final boolean inside = Math.hypot(i % 300 - 80, i / 300 - 90) < 40 || Math.hypot(i % 300 - 210, i / 300 - 110) < 50;
            values[i] = (short) ((inside ? 2500 : 300) + (i * 7919 + source * 31 + variant * 17) % 101 * 4);
        }
        ImageFiles.write(file, ArrayImgs.unsignedShorts(values, 300, 200), ImageMetadata.NONE);
    }

    private static void labels(final Path file) {
        final short[] values = new short[300 * 200];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (Math.hypot(i % 300 - 80, i / 300 - 90) < 40 ? 1 : Math.hypot(i % 300 - 210, i / 300 - 110) < 50 ? 2 : 0);
        }
        ImageFiles.write(file, ArrayImgs.unsignedShorts(values, 300, 200), ImageMetadata.NONE);
    }

    @Test
    void thePageHasAllAndNeedsNothing() throws IOException, ParserConfigurationException, SAXException {
        final String page = written();
        for (final String words : List.of("<th scope=\"row\">planned</th><td>6</td>", "<th scope=\"row\">made</th><td>4</td>",
            "<th scope=\"row\">of them, drawn again</th><td>2</td>", "<th scope=\"row\">rejected</th><td>1</td>", "<th scope=\"row\">skipped</th><td>1</td>",
            "n of n objects lost", "6 outputs were checked. Of 12 labelled objects", "10 were kept", "<th scope=\"row\">strength</th><td>0.3</td>",
            "cells0_001.tif, SSIM 0.71, 2 of 2 kept", "dish 1", "By side of the split", "<th scope=\"row\">outputs to sources</th><td>12.5</td>",
            "<th scope=\"row\">images of round</th><td>9 of 10</td>",
            "<th scope=\"row\">cells0.tif</th><td>least-iou=0.60</td>", "<th scope=\"row\">cells1.tif</th><td>least-iou=0.61</td>")) {
            assertTrue(page.contains(words), words);
        }
        assertFalse(page.matches("(?s).*(src|href)=\"(?!data:).*"), "the page must not load anything");
        int pictures = 0;
        int plots = 0;
        final Matcher data = DATA.matcher(page);
        while (data.find()) {
            final byte[] bytes = Base64.getDecoder().decode(data.group(2));
            if (data.group(1).equals("image/png")) {
                assertEquals('P', bytes[1]);
                pictures++;
            }
            else {
                final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
                assertEquals("svg", factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes)).getDocumentElement().getNodeName());
                plots++;
            }
        }
        // Two sources with two variants each; every value but the distance to other outputs, which was not taken.
        assertEquals(6, pictures);
        assertEquals(6, plots);
    }

    @Test
    void nothingFromOutsideIsMarkup() throws IOException {
        final String page = written();
        assertFalse(page.contains("<script"));
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
        assertEquals("a\ufffdb &lt;", Html.escaped("a\u0000b <"));
    }

    @Test
    void theSheetShowsEverySourceBesideItsVariants() {
        Report.write(folder);
        final RandomAccessibleInterval<?> sheet = ImageFiles.read(folder.resolve(Report.SHEET)).image();
        // Three pictures of 192 x 128 in a row, two rows, four pixels between.
        assertArrayEquals(new long[] {3 * 196 + 4, 2 * 132 + 4, 3}, sheet.dimensionsAsLongArray());
    }

    @Test
    void aFileThatIsGoneLeavesTheRest() throws IOException {
        final String whole = written();
        assertEquals(whole, written(), "the same folder gives the same report");
        Files.delete(folder.resolve("cells0_001.tif"));
        Files.write(folder.resolve("cells0_002.tif"), new byte[] {1, 2, 3});
        Files.delete(folder.resolve("in/cells1.tif"));
        final String page = written();
        assertTrue(page.contains("cells1_002.tif"));
        assertFalse(page.equals(whole));
    }

    @Test
    void withoutAManifestThereIsNoReport() throws IOException {
        Files.delete(folder.resolve(Manifest.CSV));
        assertThrows(InvalidInputException.class, () -> Report.write(folder));
        assertFalse(Files.exists(folder.resolve(Report.HTML)));
    }

    private String written() throws IOException {
        Report.write(folder);
        return Files.readString(folder.resolve(Report.HTML), StandardCharsets.UTF_8);
    }
}
