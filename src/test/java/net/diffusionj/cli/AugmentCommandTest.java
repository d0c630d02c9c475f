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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;

/** One line on standard error, exit code 2 and not a file more, whatever is wrong with an augmentation. */
class AugmentCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void sources() throws IOException {
        for (final String kind : List.of("images", "labels")) {
            Files.createDirectories(folder.resolve(kind));
            for (final String name : List.of("a.tif", "b.tif")) image(kind + '/' + name, 24);
        }
    }

    private void image(final String name, final int sidePx) {
        final byte[] pixels = new byte[sidePx * sidePx];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (i % sidePx / 8);
        ImageFiles.write(folder.resolve(name), ArrayImgs.unsignedBytes(pixels, sidePx, sidePx), ImageMetadata.NONE);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private void assertRefused(final String words, final String... more) throws IOException {
        final List<String> args = new ArrayList<>(List.of("augment", "--model", CliRun.model("sd1")));
        args.addAll(List.of(more));
        final List<String> before = files();
        final CliRun run = CliRun.of(args.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.errors());
        assertTrue(run.errors().contains(words), run.errors());
        assertEquals(1, run.errors().strip().lines().count(), run.errors());
        assertEquals("", run.output());
        assertEquals(before, files(), words);
    }

    private String at(final String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void noImages() throws IOException {
        assertRefused("Give the images with --input", "--output", at("out"));
        assertRefused("do not exist", "--input", at("none"), "--output", at("out"));
        Files.createDirectories(folder.resolve("empty"));
        assertRefused("There is no image in", "--input", at("empty"), "--output", at("out"));
    }

    @Test
    void labelsOfAnotherSizeAndDuplicateNames() throws IOException {
        image("labels/b.tif", 16);
        assertRefused("16 x 16", "--input", at("images"), "--labels", at("labels"), "--output", at("out"));
        image("labels/b.tif", 24);
        image("images/b.tiff", 24);
        assertRefused("have the same name", "--input", at("images"), "--labels", at("labels"), "--output", at("out"));
    }

    @Test
    void aTableThatCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("classes.csv"), "file,class\n\"a.tif,round\n");
        assertRefused("The table of classes", "--input", at("images"), "--classes", at("classes.csv"), "--output", at("out"));
        assertRefused("does not exist", "--input", at("images"), "--classes", at("labels"), "--output", at("out"));
    }

    @Test
    void anotherRunsManifestAndOneThatIsDamaged() throws IOException {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/manifest.json"), "{\"run\": {\"format\": \"1\", \"settings\": {\"strength\": \"0.9\"}, \"sources\": {},"
            + " \"camera\": \"off\", \"measured\": {}, \"finish\": {}}}");
        assertRefused("holds another run's manifest", "--input", at("images"), "--output", at("other"));
        Files.writeString(folder.resolve("other/manifest.json"), "{\"run\": ");
        assertRefused("does not come from an augmentation", "--input", at("images"), "--output", at("other"));
        Files.writeString(folder.resolve("other/manifest.csv"), "output,status\na.tif,made\n");
        assertRefused("Row 1 of the manifest", "--replay", at("other/manifest.csv"), "--output", at("again"));
        assertRefused("There is no manifest", "--replay", at("images"), "--output", at("again"));
    }

    @Test
    void aModelThatIsGone() throws IOException {
        final List<String> before = files();
        final CliRun run = CliRun.of("augment", "--model", at("gone"), "--input", at("images"), "--output", at("out"));
        assertEquals(2, run.exitCode(), run.errors());
        assertTrue(run.errors().contains(at("gone")), run.errors());
        assertEquals(before, files());
    }

    @Test
    void anOutputInsideTheInputOrThatIsAFile() throws IOException {
        assertRefused("lies inside the folder of the images", "--input", at("images"), "--output", at("images/out"));
        assertRefused("is a file", "--input", at("images"), "--output", at("labels/a.tif"));
    }

    @Test
    void valuesThatMakeNoSense() throws IOException {
        assertRefused("--variants or --balance", "--input", at("images"), "--output", at("out"), "--variants", "2", "--balance", "9");
        assertRefused("Balance is the number", "--input", at("images"), "--output", at("out"), "--balance", "0");
        assertRefused("ssim, psnr, histogram, copy, outputs, kernel", "--input", at("images"), "--output", at("out"), "--filter", "sharp>1");
        assertRefused("needs at least 3 images", "--input", at("images"), "--output", at("out"), "--filter", "kernel<2");
        assertRefused("--strength", "--input", at("images"), "--output", at("out"), "--strength", "2");
        assertRefused("leave out --input", "--input", at("images"), "--output", at("out"), "--replay", at("other"));
    }
}
