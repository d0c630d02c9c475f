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
package net.diffusionj.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.io.FileSaver;

import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;

/** About This Image, on composites and hyperstacks as ImageJ opens them. */
class AboutImageTest {

    private final TestContext context = new TestContext();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        WindowManager.setTempCurrentImage(null);
        context.close();
    }

    private static ImageMetadata generated() {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", "img2img");
        settings.put("prompt", "nuclei");
        settings.put("seed", "7");
        settings.put("model", "MicroDiff");
        settings.put("provider", "cpu");
        settings.put("diffusionj", "1.2.3");
        return ImageMetadata.NONE.withSettings(settings);
    }

    private List<?> about(final ImagePlus image) {
        WindowManager.setTempCurrentImage(image);
        return (List<?>) context.run(AboutImage.class).getOutput("report");
    }

    private static void assertSays(final List<?> report, final String words) {
        assertTrue(report.stream().anyMatch(line -> line.toString().contains(words)), report.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void tellsOfAComposite(final int pages) {
        final Path file = folder.resolve("marked.tif");
        ImageFiles.write(file, pages == 1 ? ArrayImgs.unsignedShorts(12, 10, 3) : ArrayImgs.unsignedShorts(12, 10, 3, pages), generated());
        final ImagePlus opened = IJ.openImage(file.toString());
        assertTrue(opened.isComposite());
        assertEquals("marked.tif", about(opened).get(0));
        assertSays(about(opened), "was generated");
        assertSays(about(opened), "XMP packet");
        // Changed in memory: the file no longer speaks for it, its Info does.
        opened.changes = true;
        assertSays(about(opened), "was generated");

        final Path saved = folder.resolve("saved.tif");
        assertTrue(new FileSaver(opened).saveAsTiffStack(saved.toString()));
        assertSays(about(IJ.openImage(saved.toString())), "saving with ImageJ");
    }

    @Test
    void doesNotKnowOthers() {
        final Path file = folder.resolve("recorded.tif");
        ImageFiles.write(file, ArrayImgs.unsignedShorts(12, 10, 3), ImageMetadata.NONE);
        assertSays(about(IJ.openImage(file.toString())), "unknown");
    }
}
