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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.Gson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.testing.Folders;

/** The bench, in a short form. A process of its own, since the memory of this one is the other tests' too. */
@Timeout(240)
class BenchCommandTest {

    @TempDir
    private Path folder;

    /** @return what the process printed, behind its exit code */
    private static String bench(final int expectedCode, final String... args) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx400m",
            "-D" + DiffusionHome.PROPERTY + '=' + Folders.HOME, "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(), "bench"));
        command.addAll(List.of(args));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(expectedCode, process.waitFor(), output);
        return output;
    }

    @Test
    void measuresEverythingThatItPromises() throws Exception {
        final Path json = folder.resolve("bench.json");
        final String output = bench(0, "--model", CliRun.model("sd1"), "--steps", "3", "--repeat", "2", "--starts", "1", "--batches", "1,2", "--json",
            json.toString());
        final Map<?, ?> numbers = new Gson().fromJson(Files.readString(json), Map.class);
        for (final String key : List.of("cold_start_ms", "first_step_ms", "warm_ms", "step_ms", "outside_runtime_ms", "repeated_prompt_ms")) {
            assertTrue(number(numbers, key) > 0, key + " in " + numbers);
            assertTrue(output.contains(key), output);
        }
        assertTrue(number(numbers, "first_step_ms") < number(numbers, "cold_start_ms"), "a step comes before an image");
        assertTrue(number(numbers, "warm_ms") < number(numbers, "cold_start_ms"), "what is open is faster");
        assertTrue(number(numbers, "overhead_percent") > 0 && number(numbers, "overhead_percent") < 100);
        final List<?> batch = (List<?>) numbers.get("batch");
        assertEquals(List.of(1.0, 2.0), batch.stream().map(row -> ((Map<?, ?>) row).get("size")).toList());
        batch.forEach(row -> assertTrue(number((Map<?, ?>) row, "per_image_ms") > 0));
        assertEquals(1.0, ((Map<?, ?>) numbers.get("branching")).get("shared_steps"));
        assertTrue(number((Map<?, ?>) numbers.get("overlap"), "ratio") > 0);
        final Map<?, ?> augment = (Map<?, ?>) numbers.get("augment");
        assertEquals(32.0, augment.get("outputs"));
        assertTrue(number(augment, "images_drawn") >= 32, augment.toString());
        assertTrue(number(augment, "throughput") > 0 && number(augment, "without_labels_throughput") > 0, augment.toString());
        if (OS.current() == OS.LINUX) assertTrue(number(numbers, "peak_rss_mb") > 50);
    }

    private static double number(final Map<?, ?> numbers, final String key) {
        return numbers.get(key) instanceof final Double value ? value : -1;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryStaysWhereItShouldOverChangingModelsAndSizes() throws Exception {
        final String output = bench(0, "--soak", "60", "--model", CliRun.model("sd1"), "--model", CliRun.model("sd2-v"), "--model", CliRun.model("turbo"),
            "--steps", "2");
        assertTrue(output.contains("Memory stays where it should."), output);
        assertTrue(output.contains("settled_after                20"), output);
    }

    @Test
    void qualityIsKeptDrawnAndRecommended() throws Exception {
        final Path plot = folder.resolve("plot.png");
        final Path json = folder.resolve("table.json");
        final String output =
            bench(0, "--quality", "--model", CliRun.model("sd1"), "--width", "32", "--height", "32", "--repeat", "1", "--plot", plot.toString(),
                "--json", json.toString());
        assertTrue(output.contains("Recommended: ") && output.contains("The quickest whose similarity"), output);
        final Map<?, ?> table = new Gson().fromJson(Files.readString(json), Map.class);
        assertEquals(63, ((List<?>) table.get("rows")).size(), "seven schedulers, nine numbers of steps");
        final Path kept = Folders.HOME.resolve("steps").resolve(table.get("modelHash") + ".json");
        assertTrue(Files.readString(kept).contains("\"similarity\""), kept.toString());
        assertTrue(Files.size(plot) > 1000);
    }

    @Test
    void refusesWhatCannotBeMeasured() throws Exception {
        assertTrue(bench(2, "--soak", "1", "--model", CliRun.model("sd1")).contains("at least 2"));
        assertTrue(bench(2, "--repeat", "0").contains("at least 1"));
        assertTrue(bench(2, "--batches", "0", "--model", CliRun.model("sd1")).contains("Batch"));
        assertTrue(bench(2, "--width", "64").contains("--height"));
        assertTrue(bench(2, "--plot", folder.resolve("plot.png").toString()).contains("--quality"));
        assertTrue(bench(2, "--parts", "NOTHING").contains("NOTHING"));
    }
}
