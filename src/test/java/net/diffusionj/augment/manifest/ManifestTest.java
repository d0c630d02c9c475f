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
package net.diffusionj.augment.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.GuidanceInterval;

class ManifestTest {

    @TempDir
    private Path folder;

    /** @return a row whose texts need quotes: line breaks, commas, quotes, letters beyond ASCII */
    static ManifestRow row(final String output) {
        return new ManifestRow(output, "ab", "labels/" + output, "cd", RowStatus.MADE, "", 1,
            new SourceEntry("../images/zellen,µ.tif", 2, "ef", "../masks/a.tif", "01", "mitosis \"late\"", "dish 1"),
            new DrawEntry("vary", "two\nlines, \"quoted\"", "", 7.5, new GuidanceInterval(0.1, 0.75), 20, "ddim", 0.3, "auto", -2L, 4, 3, 1, "MicroDiff", "23",
                "cpu", 2, "1.28.0",
                "development",
                "0.0..255.0"),
            "gain=0.4,read=3.0,offset=100.0", "flipx", Optional.of(new GateEntry(true, 12, 12, 0, 0.7, 0.9, "least-iou=0.5 told=0.9")),
            Optional.of(new QualityEntry(0.1 + 0.2, 1.0 / 3, 0, 0.5, Double.NaN, 1.25)), "train");
    }

    @Test
    void rowsReadBackEqual() {
        final ManifestRow full = row("a_001.tif");
        final ManifestRow bare = new ManifestRow("b_001.tif", "", "", "", RowStatus.SKIPPED, "it is damaged", 1, full.source(), full.draw(), "off", "",
            Optional.empty(), Optional.empty(), "");
        Manifest.writeCsv(folder.resolve(Manifest.CSV), List.of(full, bare));
        assertEquals(List.of(full, bare), Manifest.read(folder));
    }

    @Test
    void jsonHoldsTheSameTexts() throws IOException {
        Manifest.writeJson(folder.resolve(Manifest.JSON), Map.of("seed", "5"), List.of(row("a_001.tif")));
        final String text = Files.readString(folder.resolve(Manifest.JSON));
        assertTrue(text.contains("\"seed\": \"18446744073709551614\""), text);
        assertTrue(text.contains("\"class\": \"mitosis \\\"late\\\"\""), text);
    }

    @Test
    void saysWhereItCannotBeRead() throws IOException {
        Manifest.writeCsv(folder.resolve(Manifest.CSV), List.of(row("a_001.tif"), row("a_002.tif")));
        final Path csv = folder.resolve(Manifest.CSV);
        Files.writeString(csv, Files.readString(csv).replaceFirst("(?s)(a_002.*?7\\.5,0\\.1,0\\.75),20,", "$1,many,"));
        final String message = assertThrows(InvalidInputException.class, () -> Manifest.read(csv)).getMessage();
        assertTrue(message.contains("Row 2") && message.contains("\"steps\"") && message.contains("many"), message);
        Files.writeString(csv, "file,class\na.tif,b\n");
        final String other = assertThrows(InvalidInputException.class, () -> Manifest.read(csv)).getMessage();
        assertTrue(other.contains("Row 1") && other.contains("is missing"), other);
    }
}
