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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import ij.IJ;
import ij.ImagePlus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;
import net.diffusionj.testing.TrainableModel;

/** The macros in a real ImageJ without a screen, with the plugin installed as users install it. Needs bash. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class HeadlessMacrosIT {

    private static final Path MODEL = Models.of("sd1").toAbsolutePath();

    @TempDir
    private Path folder;

    private record Ended(int code, String output) {}

    private Ended run(final String macro) throws IOException, InterruptedException {
        final Path file = Files.writeString(folder.resolve("macro.ijm"), macro);
        final Process process = new ProcessBuilder(Folders.REPOSITORY.resolve("scripts/imagej").toString(), "--headless", "--no-build",
            "-Ddiffusionj.home=" + folder.resolve("home"), "-Duser.home=" + folder, "-macro", file.toString()).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private String call(final String macro, final String options) {
        return "runMacro(\"" + Folders.REPOSITORY.resolve("macros").resolve(macro) + "\", \"" + options + " steps=4 model=[" + MODEL + "]\");\n";
    }

    @Test
    void theMacrosRunAndLeaveTheirFiles() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("in"));
        IJ.saveAsTiff(IJ.createImage("ramp", "16-bit ramp", 64, 64, 1), folder.resolve("in/ramp.tif").toString());
        final Ended ended = run(call("Text_to_Image.ijm", "prompt=[細胞 nuclei] seed=9 batch=2 output=[" + folder.resolve("text.tif") + "]")
            + call("Strength_Sweep.ijm", "input=[" + folder.resolve("in/ramp.tif") + "] prompt=[x] output=[" + folder.resolve("sweep.tif") + "]")
            + call("Prompt_Grid.ijm", "prompts=[x|y] seeds=1,2,3 output=[" + folder.resolve("grid.tif") + "]")
            + call("Augment_Folder.ijm",
                "input=[" + folder.resolve("in") + "] output=[" + folder.resolve("out") + "] prompt=[x] seed=5 variants=2 strength=0.5 camera=off")
            + call("Quality_Report.ijm", "folder=[" + folder.resolve("out") + "]"));
        assertEquals(0, ended.code(), ended.output());
        final ImagePlus batch = IJ.openImage(folder.resolve("text.tif").toString());
        assertEquals(2, batch.getStackSize());
        assertTrue(((String) batch.getProperty("Info")).contains("seed: 9"));
        final ImagePlus sweep = IJ.openImage(folder.resolve("sweep.tif").toString());
        assertTrue(sweep.getWidth() >= 5 * 64, sweep.toString());
        final ImagePlus grid = IJ.openImage(folder.resolve("grid.tif").toString());
        assertTrue(grid.getWidth() >= 3 * 64 && grid.getHeight() >= 2 * 64, grid.toString());
        final ImagePlus variation = IJ.openImage(folder.resolve("out/ramp_001.tif").toString());
        assertEquals(16, variation.getBitDepth());
        assertTrue(((String) variation.getProperty("Info")).contains("strength: 0.5"));
        assertEquals(3, Files.readAllLines(folder.resolve("out/manifest.csv")).size());
        assertTrue(Files.readString(folder.resolve("out/report.html")).contains("ramp_002.tif"));
    }

    @Test
    void aMacroTunesAModelAndDrawsWithIt() throws IOException, InterruptedException {
        final Path model = TrainableModel.copy(Files.createDirectory(folder.resolve("tiny")));
        final Path images = Files.createDirectory(folder.resolve("images"));
        final ImagePlus field = IJ.openImage(Folders.RESOURCES.resolve("augment/gate/nuclei.tif").toString());
        for (int i = 0; i < 4; i++) {
            field.setRoi(30 * i, 20 * i, 80, 80);
            IJ.saveAsTiff(field.crop(), images.resolve(i + ".tif").toString());
        }
        final Path montage = folder.resolve("montage.tif");
        final Ended ended = run("runMacro(\"" + Folders.REPOSITORY.resolve("macros/Tune_On_My_Images.ijm") + "\", \"images=[" + images
            + "] caption=[two nuclei] name=mine steps=12 rate=0.001 licence=[CC0] pictures=3 model=[" + model + "] output=[" + montage
            + "]\");\nrun(\"Text to Image...\", \"prompt=[two nuclei] model=mine steps=2 seed=1\");\nsaveAs(\"Tiff\", \"" + folder.resolve("drawn.tif")
            + "\");\n");
        assertEquals(0, ended.code(), ended.output());
        assertTrue(ended.output().contains("The model mine is installed"), ended.output());
        assertTrue(((String) IJ.openImage(folder.resolve("drawn.tif").toString()).getProperty("Info")).contains("model: mine"));
        assertTrue(Files.readString(folder.resolve("home/models/mine/README.md")).contains("Licence: CC0"));
        final ImagePlus pictures = IJ.openImage(montage.toString());
        assertEquals(3, pictures.getWidth() / 64, "three pictures before");
        final int[] before = row(pictures, 0);
        assertFalse(Arrays.equals(before, row(pictures, pictures.getHeight() / 2)), "three others after");
    }

    private static int[] row(final ImagePlus montage, final int top) {
        montage.setRoi(2, top + 2, montage.getWidth() - 4, montage.getHeight() / 2 - 4);
        return (int[]) montage.crop().getProcessor().convertToRGB().getPixels();
    }

    @Test
    void aMistakeEndsTheMacroWithAReasonAndAnExitCode() throws IOException, InterruptedException {
        final Ended ended = run("run(\"Text to Image...\", \"prompt=x model=[" + folder.resolve("nothing here") + "]\");\nprint(\"went on\");\n");
        assertEquals(1, ended.code(), ended.output());
        assertTrue(ended.output().contains("nothing here"), ended.output());
        assertTrue(List.of("went on", "\tat ").stream().noneMatch(ended.output()::contains), ended.output());
    }

    @Test
    void aMacroOfOursThatCannotGoOnEndsWithAReasonAndAnExitCodeToo() throws IOException, InterruptedException {
        final Ended noImage = run(Files.readString(Folders.REPOSITORY.resolve("macros/Strength_Sweep.ijm")));
        assertEquals(1, noImage.code(), noImage.output());
        assertTrue(noImage.output().contains("needs an image"), noImage.output());
    }
}
