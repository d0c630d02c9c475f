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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.FileTree;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.TrainableModel;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** {@code tune} and {@code models} as a shell runs them. */
@Timeout(120)
class TuneCommandTest {

    private static final String NAME = "tuned-by-command";

    @TempDir
    Path folder;

    private String images() throws IOException {
        final Path images = Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < 4; i++) {
            final Img<UnsignedByteType> image = ArrayImgs.unsignedBytes(90, 90);
            int at = 0;
            for (final UnsignedByteType pixel : image) pixel.set((at++ * (i + 3) / 7 % 60 + at / 90 * 2) % 256);
            ImageFiles.write(images.resolve(i + ".png"), image, ImageMetadata.NONE);
        }
        return images.toString();
    }

    @Test
    void aModelIsTunedListedUsedAndRemoved() throws IOException {
        for (final String part : new String[] {"models", "tuning"}) FileTree.delete(Folders.HOME.resolve(part).resolve(NAME));
        final String model = TrainableModel.copy(Files.createDirectories(folder.resolve("tiny"))).toString();
        final CliRun tuned =
            CliRun.of("tune", "--images", images(), "--caption", "two nuclei", "--name", NAME, "--steps", "12", "--rate", "1e-3", "--model", model,
                "--provider", "cpu", "--seed", "4", "--licence", "CC BY 4.0");
        assertEquals(0, tuned.exitCode(), tuned.errors());
        assertTrue(tuned.output().contains("The model " + NAME + " is installed"), tuned.output());
        final Path installed = Folders.HOME.resolve("models").resolve(NAME);
        final String card = Files.readString(installed.resolve("README.md"));
        assertTrue(card.contains("Licence: CC BY 4.0.") && card.contains("| drawn after |") && card.contains("0.png"), card);
        assertTrue(Files.size(installed.resolve("tuning.png")) > 0);
        assertTrue(CliRun.of("models", "list").output().lines().anyMatch(NAME::equals));
        final Path drawn = folder.resolve("out.png");
        final CliRun used = CliRun.of("txt2img", "--model", NAME, "--prompt", "two nuclei", "--steps", "2", "--seed", "1", "--output", drawn.toString());
        assertEquals(0, used.exitCode(), used.errors());
        final CliRun again = CliRun.of("tune", "--images", images(), "--caption", "x", "--name", NAME, "--model", model);
        assertEquals(2, again.exitCode());
        assertTrue(again.errors().contains("There is a model " + NAME + " already"), again.errors());
        assertEquals(0, CliRun.of("models", "remove", NAME).exitCode());
        assertFalse(Files.exists(installed));
    }

    @Test
    void badInputIsOneLineAndExitCode2() throws IOException {
        assertRefused("not both", "--steps", "5", "--minutes", "1", "--caption", "a", "--name", "n", "--images", images());
        assertRefused("The caption is empty", "--caption", "", "--name", "n", "--images", images());
        assertRefused("do not exist", "--caption", "a", "--name", "n", "--images", folder.resolve("nowhere").toString());
        assertRefused("has no training step", "--caption", "a", "--name", "n", "--images", images(), "--model", CliRun.model("sd2-v"));
        assertRefused("to be resumed", "--caption", "a", "--name", "never-begun", "--images", images(), "--resume");
        final CliRun bundled = CliRun.of("models", "remove", "MicroDiff");
        assertEquals(2, bundled.exitCode());
        assertTrue(bundled.errors().contains("comes with DiffusionJ"), bundled.errors());
    }

    private static void assertRefused(final String why, final String... options) {
        final String[] all = new String[options.length + 1];
        all[0] = "tune";
        System.arraycopy(options, 0, all, 1, options.length);
        final CliRun run = CliRun.of(all);
        assertEquals(2, run.exitCode(), run.errors());
        assertTrue(run.errors().contains(why), run.errors());
        assertEquals(1, run.errors().lines().count(), run.errors());
    }
}
