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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.Gson;

import net.diffusionj.io.ImageFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.io.Npy;
import net.diffusionj.io.PixelSize;
import net.diffusionj.testing.Folders;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subcommands from argument to file, on the fixture models. */
class CommandLineTest {

    @TempDir
    private Path folder;

    @Test
    void writesTheImageThatDiffusersMakes() {
        final Path png = folder.resolve("out.png");
        final CliRun run = CliRun.of("txt2img", "--model", CliRun.model("sd1"), "--prompt", "sparse bright nuclei on a dark background", "--negative",
            "blurry, out of focus", "--guidance", "7.5", "--steps", "5", "--seed", "7", "--width", "64", "--height", "48", "--scheduler", "ddim",
            "--output", png.toString());
        assertEquals(0, run.exitCode(), run.errors());
        assertEquals(png.toString(), run.output().strip());
        final byte[] expected = Npy.read(Folders.RESOURCES.resolve("pipeline/arrays/sd1-txt2img-ddim-images.npy")).bytes();
        final Img<?> image = ImageFiles.read(png).image();
        assertArrayEquals(new long[] {64, 48, 3}, image.dimensionsAsLongArray());
        int far = 0;
        for (int i = 0; i < expected.length; i++) {
            final int grey = (int) real(image, i / 3 % 64, i / 3 / 64, i % 3);
            if (Math.abs(grey - (expected[i] & 0xff)) > 1) far++;
        }
        assertTrue(far <= expected.length / 1000, far + " values differ by more than one grey level");
    }

    @Test
    void theBundledModelMakesAPictureOfTheColourThatWasAskedFor() {
        final String[] colours = {"red", "green", "blue"};
        for (int colour = 0; colour < 3; colour++) {
            final Path png = folder.resolve(colours[colour] + ".png");
            final CliRun run =
                CliRun.of("txt2img", "--prompt", "dense bright " + colours[colour] + " actin filaments", "--seed", "3", "--output", png.toString());
            assertEquals(0, run.exitCode(), run.errors());
            final Img<?> image = ImageFiles.read(png).image();
            assertArrayEquals(new long[] {128, 128, 3}, image.dimensionsAsLongArray());
            final double[] sums = new double[3];
            for (int y = 0; y < 128; y++) {
                for (int x = 0; x < 128; x++) {
                    for (int c = 0; c < 3; c++) sums[c] += real(image, x, y, c);
                }
            }
            for (int c = 0; c < 3; c++) {
                if (c != colour) assertTrue(sums[colour] > sums[c], colours[colour] + ": " + java.util.Arrays.toString(sums));
            }
            assertEquals("MicroDiff", ImageFiles.read(png).metadata().settings().get("model"));
        }
    }

    @Test
    void theSettingsInAPngMakeTheImageAgain() {
        final Path first = folder.resolve("first.png");
        assertEquals(0,
            CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", "Zellkerne: \"grün\"\nund blau", "--output", first.toString()).exitCode());
        final Map<String, String> settings = ImageFiles.read(first).metadata().settings();
        assertEquals("Zellkerne: \"grün\"\nund blau", settings.get("prompt"));
        final Path again = folder.resolve("again.png");
        assertEquals(0, CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", settings.get("prompt"), "--seed", settings.get("seed"), "--steps",
            settings.get("steps"), "--guidance", settings.get("guidance"), "--scheduler", settings.get("scheduler"), "--width", settings.get("width"),
            "--height", settings.get("height"), "--output", again.toString()).exitCode());
        assertSamePixels(ImageFiles.read(first).image(), ImageFiles.read(again).image());
    }

    @Test
    void theLargestSeedIsTorchsAndStandsInTheSettings() {
        final Path large = folder.resolve("large.png");
        final Path low = folder.resolve("low.png");
        assertEquals(0, CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", "c", "--seed", "18446744073709551615", "--output",
            large.toString()).exitCode());
        assertEquals("18446744073709551615", ImageFiles.read(large).metadata().settings().get("seed"));
        // Of a seed, torch's generator takes the low 32 bits.
        assertEquals(0, CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", "c", "--seed", "4294967295", "--output", low.toString()).exitCode());
        assertSamePixels(ImageFiles.read(large).image(), ImageFiles.read(low).image());
    }

    @Test
    void minusOneDrawsASeedAndPrintsIt() {
        final Path png = folder.resolve("any.png");
        final CliRun run = CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", "c", "--seed", "-1", "--output", png.toString());
        assertEquals(0, run.exitCode(), run.errors());
        final String seed = ImageFiles.read(png).metadata().settings().get("seed");
        assertTrue(seed.matches("[0-9]{1,10}") && run.errors().contains("seed " + seed + ","), seed + " in " + run.errors());
    }

    @Test
    void savesLatentsAndTakesThemAsNoise() throws IOException {
        final Path latents = folder.resolve("latents.npy");
        final Path json = folder.resolve("run.json");
        assertEquals(0, CliRun.of("txt2img", "--model", CliRun.model("lcm"), "--prompt", "a", "--steps", "2", "--batch", "2", "--output",
            folder.resolve("a.npy").toString(), "--save-latents", latents.toString(), "--json", json.toString()).exitCode());
        assertArrayEquals(new int[] {2, 4, 8, 8}, Npy.read(latents).shape());
        assertArrayEquals(new int[] {2, 32, 32, 3}, Npy.read(folder.resolve("a.npy")).shape());
        final Map<?, ?> report = new Gson().fromJson(Files.readString(json), Map.class);
        assertTrue(report.keySet().containsAll(Set.of("settings", "versions", "load_ms", "text_ms", "denoise_ms", "step_ms", "model_ms", "decode_ms",
            "total_ms")), report.toString());
        assertEquals(2, ((List<?>) report.get("step_ms")).size());
        final CliRun wrongShape = CliRun.of("txt2img", "--model", CliRun.model("lcm"), "--prompt", "a", "--latents", latents.toString(), "--output",
            folder.resolve("b.npy").toString());
        assertEquals(2, wrongShape.exitCode());
        assertTrue(wrongShape.errors().contains("[1, 4, 8, 8]"), wrongShape.errors());
        assertEquals(0, CliRun.of("txt2img", "--model", CliRun.model("lcm"), "--prompt", "a", "--batch", "2", "--latents", latents.toString(), "--output",
            folder.resolve("b.npy").toString()).exitCode());
    }

    @Test
    void imageToImageKeepsSizeTypeAndCalibration() {
        final Path in = folder.resolve("in.tif");
        final short[] values = new short[50 * 30];
        for (int i = 0; i < values.length; i++) values[i] = (short) (1000 + 40 * (i % 50));
        ImageFiles.write(in, ArrayImgs.unsignedShorts(values, 50, 30), new ImageMetadata(new PixelSize(0.2, 0.2, 1, "micron"), List.of(), List.of(), Map.of()));
        final Path out = folder.resolve("out.tif");
        final CliRun run =
            CliRun.of("img2img", "--model", CliRun.model("sd2-v"), "--input", in.toString(), "--prompt", "x", "--strength", "0.5", "--steps", "4",
                "--seed", "1", "--output", out.toString());
        assertEquals(0, run.exitCode(), run.errors());
        final ImageFile result = ImageFiles.read(out);
        assertArrayEquals(new long[] {50, 30}, result.image().dimensionsAsLongArray());
        assertEquals("UnsignedShortType", result.image().firstElement().getClass().getSimpleName());
        assertEquals(0.2, result.metadata().pixelSize().width(), 1e-9);
        assertEquals("0.5", result.metadata().settings().get("strength"));
        assertEquals("1000.0..2960.0", result.metadata().settings().get("intensity"));
    }

    @Test
    void strengthZeroGivesTheInputBack() {
        final Path in = folder.resolve("in.tif");
        ImageFiles.write(in, ArrayImgs.floats(new float[] {-3.5f, 0, 1e6f, 7}, 2, 2), ImageMetadata.NONE);
        final Path out = folder.resolve("out.tif");
        final CliRun run = CliRun.of("img2img", "--model", CliRun.model("sd1"), "--input", in.toString(), "--prompt", "", "--strength", "0", "--output",
            out.toString());
        assertEquals(0, run.exitCode(), run.errors());
        assertSamePixels(ImageFiles.read(in).image(), ImageFiles.read(out).image());
    }

    @Test
    void takesOnePixelAndAVeryLongPicture() {
        for (final int[] size : new int[][] {{1, 1}, {20_000, 10}}) {
            final Path in = folder.resolve("in.png");
            final byte[] values = new byte[size[0] * size[1]];
            for (int i = 0; i < values.length; i++) values[i] = (byte) i;
            ImageFiles.write(in, ArrayImgs.unsignedBytes(values, size[0], size[1]), ImageMetadata.NONE);
            final Path out = folder.resolve("out.png");
            final CliRun run =
                CliRun.of("img2img", "--model", CliRun.model("turbo"), "--input", in.toString(), "--prompt", "", "--strength", "1", "--steps", "1",
                    "--output", out.toString());
            assertEquals(0, run.exitCode(), run.errors());
            assertArrayEquals(new long[] {size[0], size[1]}, ImageFiles.read(out).image().dimensionsAsLongArray());
        }
    }

    @Test
    void infoTellsWhatWorksHereAndWhatAModelIs() {
        final CliRun machine = CliRun.of("info");
        assertEquals(0, machine.exitCode(), machine.errors());
        assertTrue(machine.output().matches("(?s).*Provider +cpu +works.*Provider +cuda.*Schedulers +ddim, pndm, lms, euler.*"), machine.output());
        final CliRun model = CliRun.of("info", "--model", CliRun.model("sd1"));
        assertTrue(model.output().matches("(?s).*Size +64 x 64 pixels, sides in multiples of 8\\s.*Scheduler +pndm.*"), model.output());
    }

    @Test
    void warnsOfWhatWasCutFromAPrompt() {
        final CliRun run =
            CliRun.of("txt2img", "--model", CliRun.model("turbo"), "--prompt", "nucleus ".repeat(100), "--output", folder.resolve("o.png").toString());
        assertEquals(0, run.exitCode());
        assertTrue(run.errors().matches("(?s).*Warning: The prompt is longer than the 24 tokens.*Left out: \"[nucles ]+.*"), run.errors());
    }

    static void assertSamePixels(final Img<?> expected, final Img<?> found) {
        assertArrayEquals(expected.dimensionsAsLongArray(), found.dimensionsAsLongArray());
        assertEquals(expected.firstElement().getClass(), found.firstElement().getClass());
        final var a = expected.cursor();
        final var b = found.cursor();
        while (a.hasNext()) assertEquals(((RealType<?>) a.next()).getRealDouble(), ((RealType<?>) b.next()).getRealDouble());
    }

    private static double real(final Img<?> image, final int x, final int y, final int channel) {
        return ((RealType<?>) image.getAt(x, y, channel)).getRealDouble();
    }
}
