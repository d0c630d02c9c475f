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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.record.RecordJson;
import net.diffusionj.service.record.Records;
import net.diffusionj.testing.ChildJvm;

/** The session monitor of the command line, on a log that a test has written. */
@Timeout(60)
class MonitorCommandTest {

    private static final String STAND_IN = "diffusionj.internal.nvidiasmi";

    @TempDir
    private Path home;
    private String homeBefore;

    @BeforeEach
    void moveHome() {
        homeBefore = System.getProperty(DiffusionHome.PROPERTY);
        System.setProperty(DiffusionHome.PROPERTY, home.toString());
    }

    @AfterEach
    void restore() {
        System.clearProperty(STAND_IN);
        if (homeBefore == null) System.clearProperty(DiffusionHome.PROPERTY);
        else System.setProperty(DiffusionHome.PROPERTY, homeBefore);
    }

    private void log(final String... lines) throws IOException {
        Files.createDirectories(home.resolve("logs"));
        for (final String line : lines) {
            Files.writeString(home.resolve("logs/generations.jsonl"), line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private void logSlower() throws IOException {
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) lines.add(RecordJson.encode(Records.of("1-1", "MicroDiff", i < 20 ? 100 : 200, 5e8)));
        log(lines.toArray(String[]::new));
    }

    private static CliRun run(final String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int code = Main.run(new Printer(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8)), args);
        return new CliRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void showsTheLatestLinesAndWhatTheySay() throws IOException {
        logSlower();
        log("{\"v\":1,", "{\"v\":9}");
        final CliRun run = run("monitor", "--lines", "3");
        assertEquals(0, run.exitCode(), run.errors());
        final List<String> lines = run.output().lines().toList();
        assertEquals(5, lines.size(), run.output());
        assertTrue(lines.get(0).matches("ended +outcome +model +pixels .*"), run.output());
        assertTrue(lines.get(3).matches("2026-11-25 .* made +MicroDiff +128x96 +3 +cpu +1\\.5 +200 +612 +700 +memory was short"), run.output());
        assertTrue(lines.get(4).startsWith("Warning: Steps have become slower: about 200.0 ms"), run.output());
        assertTrue(run.errors().contains("1 line is damaged") && run.errors().contains("update this one"), run.errors());
    }

    @Test
    void jsonIsOneObjectALine() throws IOException {
        logSlower();
        final List<JsonObject> objects = run("monitor", "--json", "--lines", "2").output().lines().map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
        assertEquals(3, objects.size());
        assertEquals(200, objects.get(1).get("step_ms").getAsJsonArray().get(0).getAsDouble());
        assertEquals("steps_slower", objects.get(2).get("warning").getAsString());
    }

    @Test
    void anEmptyHomeIsSaidAndNoError() {
        final CliRun run = run("monitor");
        assertEquals(0, run.exitCode());
        assertTrue(run.errors().contains("there are no records in " + home.resolve("logs/generations.jsonl")), run.errors());
    }

    @Test
    void aNumberBelowZeroIsRefused() {
        final CliRun run = run("monitor", "--lines", "-1");
        assertEquals(2, run.exitCode());
        assertTrue(run.errors().contains("--lines should be 0 or more"), run.errors());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void gpusAreShownWhereTheDriversProgramIsThere() throws IOException {
        final Path program = Files.writeString(home.resolve("nvidia-smi"), "#!/bin/sh\n"
            + "echo '0, NVIDIA Test, 535.183.01, 97, 24564, 12000, 71, 1755, 1980, 0x0000000000000000'\n");
        assertTrue(program.toFile().setExecutable(true));
        System.setProperty(STAND_IN, program.toString());
        assertTrue(run("monitor").output().contains(
            "GPU 0 (NVIDIA Test, driver 535.183.01): load 97 %, memory 12583 of 25757 MB, 71 °C, 1755 of 1980 MHz"), () -> run("monitor").output());
    }

    @Test
    void followsWhatComes() throws IOException {
        log(RecordJson.encode(Records.of("1-1", "earlier", 1, 5e8)));
        try (ChildJvm child = ChildJvm.start(Main.class, List.of("-Xmx100m", "-D" + DiffusionHome.PROPERTY + '=' + home), "monitor", "--json", "--follow")) {
            assertTrue(child.waitForLine("{\"v\":1"), child::output);
            assertTrue(child.output().contains("\"model\":\"earlier\""), child::output);
            log(RecordJson.encode(Records.of("1-1", "later", 1, 5e8)));
            assertTrue(child.waitForLine("{\"v\":1"), child::output);
            assertTrue(child.output().contains("\"model\":\"later\""), child::output);
        }
    }
}
