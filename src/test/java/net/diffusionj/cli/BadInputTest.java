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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Input that cannot be used ends with code 2, one line that says what and what to do, and no file written. */
class BadInputTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--width 65|multiple of 8 .* the nearest are 64 and 72",
        "--height 1|multiple of 8 .* the smallest is 8",
        "--width 100000|at most",
        "--width 0|at least 1 pixel",
        "--steps 0|at least 1",
        "--steps 1001|1000",
        "--steps two|'two' is not an int",
        "--guidance NaN|Guidance must be a number",
        "--guidance -1|Guidance must be a number",
        "--guidance-from -0.1|fractions of the steps from 0 to 1",
        "--guidance-to 1.5|fractions of the steps from 0 to 1",
        "--guidance-to NaN|fractions of the steps from 0 to 1",
        "--guidance-from 0.8 --guidance-to 0.2|the beginning first, such as 0.2 and 0.8, not 0.8 and 0.2",
        "--guidance-from half|'half' is not a",
        "--batch 0|1 to 1000",
        "--bits 12|8, 16 or 32",
        "--scheduler heun|There is no scheduler 'heun'.*ddim, pndm, lms, euler, euler-ancestral, dpmpp-2m, lcm",
        "--provider gpu|no execution provider 'gpu'.*auto, cpu, cuda",
        "--latents missing.npy|missing.npy",
        "--nonsense|Unknown option: '--nonsense'",
        "--seed 1.5|A seed is a whole number"
    })
    void refusesAnOptionOfTextToImage(final String option, final String expected) throws IOException {
        final List<String> args = new ArrayList<>(List.of("txt2img", "--model", CliRun.model("sd1"), "--prompt", "x", "--output", out()));
        args.addAll(List.of(option.split(" ")));
        assertRefused(CliRun.of(args.toArray(String[]::new)), expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.5|between 0 and 1", "-0.1|between 0 and 1", "NaN|between 0 and 1", "x|'x' is not a double"})
    void refusesAStrength(final String strength, final String expected) throws IOException {
        assertRefused(CliRun.of("img2img", "--model", CliRun.model("sd1"), "--prompt", "x", "--input", source(), "--strength", strength, "--output", out()),
            expected);
    }

    @Test
    void refusesInputsThatAreNoImages() throws IOException {
        final Path empty = Files.createFile(folder.resolve("empty.png"));
        final Path text = Files.writeString(folder.resolve("text.tif"), "not an image");
        for (final Path input : List.of(empty, text, folder, folder.resolve("absent.png"))) {
            final CliRun run = CliRun.of("img2img", "--model", CliRun.model("sd1"), "--prompt", "x", "--input", input.toString(), "--output", out());
            assertEquals(2, run.exitCode(), run.errors());
            assertOneLine(run);
            assertTrue(run.errors().contains(input.getFileName().toString()), run.errors());
            assertTrue(Files.notExists(Path.of(out())));
        }
    }

    @Test
    void refusesModelsThatAreNone() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "x");
        final Path emptyFolder = Files.createDirectory(folder.resolve("no-model"));
        for (final Path model : List.of(file, emptyFolder, folder.resolve("absent"))) {
            assertRefused(CliRun.of("txt2img", "--model", model.toString(), "--prompt", "x", "--output", out()), model.getFileName().toString());
        }
        assertRefused(CliRun.of("txt2img", "--model", "NoSuchModel", "--prompt", "x", "--output", out()), "NoSuchModel");
    }

    @Test
    void refusesBrokenModelFiles() throws IOException {
        for (final String content : List.of("", "<html>404</html>", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")) {
            final Path model = copyOf("sd1");
            Files.writeString(model.resolve("unet/model.onnx"), content);
            assertRefused(CliRun.of("txt2img", "--model", model.toString(), "--prompt", "x", "--output", out()), "model.onnx");
        }
        final Path truncated = copyOf("sd1");
        final Path unet = truncated.resolve("unet/model.onnx");
        Files.write(unet, java.util.Arrays.copyOf(Files.readAllBytes(unet), 50_000));
        assertRefused(CliRun.of("txt2img", "--model", truncated.toString(), "--prompt", "x", "--output", out()), "model.onnx");
        final Path withoutData = copyOf("sd2-v");
        Files.delete(withoutData.resolve("unet/model.onnx_data"));
        assertRefused(CliRun.of("txt2img", "--model", withoutData.toString(), "--prompt", "x", "--output", out()), "model.onnx_data");
    }

    @Test
    void refusesOutputsThatCannotBeWritten() throws IOException {
        for (final String output : List.of(folder.resolve("absent").resolve("o.png").toString(), folder.resolve("o.xyz").toString(), folder.toString())) {
            final CliRun run = CliRun.of("txt2img", "--model", CliRun.model("sd1"), "--prompt", "x", "--output", output);
            assertEquals(2, run.exitCode(), run.errors());
            assertOneLine(run);
        }
        final CliRun json = CliRun.of("txt2img", "--model", CliRun.model("sd1"), "--prompt", "x", "--output", out(), "--json",
            folder.resolve("absent").resolve("r.json").toString());
        assertEquals(2, json.exitCode());
        assertTrue(Files.notExists(Path.of(out())), "found out before the work, not after");
    }

    @Test
    void saysWhatToDoWithoutACommandAndWithoutAPrompt() throws IOException {
        assertRefused(CliRun.of(), "txt2img, img2img, augment, tune, models, camera, bench, info, monitor, serve or settings");
        assertRefused(CliRun.of("txt2img", "--output", out()), "'--prompt=TEXT'");
        assertRefused(CliRun.of("paint"), "paint");
    }

    private void assertRefused(final CliRun run, final String expected) throws IOException {
        assertEquals(2, run.exitCode(), run.errors());
        assertOneLine(run);
        assertTrue(run.errors().matches("(?s).*" + expected + ".*"), run.errors());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().matches("out.*|\\..*")).toList(), "nothing was left behind");
        }
    }

    private static void assertOneLine(final CliRun run) {
        assertEquals(1, run.errors().lines().count(), run.errors());
        assertTrue(run.errors().startsWith("diffusionj: "), run.errors());
        assertEquals("", run.output());
    }

    private String out() {
        return folder.resolve("out.png").toString();
    }

    private static String source() {
        return Folders.RESOURCES.resolve("pipeline/source-48x32.png").toString();
    }

    private Path copyOf(final String model) throws IOException {
        return Models.copy(model, Files.createTempDirectory(folder, "model"));
    }
}
