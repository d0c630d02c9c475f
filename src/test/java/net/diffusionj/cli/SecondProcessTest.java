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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import net.diffusionj.home.DiffusionHome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.testing.DefaultSignals;
import net.diffusionj.testing.Folders;

/** The command line as a process of its own, ended from outside. Signals and file size limits are a Unix shell's. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(180)
class SecondProcessTest {

    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    /** Libraries are unpacked at first use, which a process that may write little cannot do. */
    @BeforeAll
    static void unpackLibraries(@TempDir final Path folder) {
        final CliRun run =
            CliRun.of("txt2img", "--model", CliRun.model("sd1"), "--steps", "1", "--prompt", "x", "--output", folder.resolve("o.png").toString());
        assertEquals(0, run.exitCode(), run.errors());
    }

    @Test
    void ctrlCLeavesNothingHalfWritten() throws Exception {
        final Process process = start("exec", "--model", CliRun.model("sd1"), "--steps", "999", "--scheduler", "ddim", "--batch", "50", "--prompt", "x",
            "--output", folder.resolve("out.png").toString());
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            // The line that names the provider comes when the model is being opened.
            String line = errors.readLine();
            while (line != null && !line.contains("CPU")) line = errors.readLine();
            Thread.sleep(1500);
            assertTrue(process.isAlive(), "still denoising");
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "ends soon");
            assertEquals(INTERRUPTED, process.exitValue());
            assertTrue(errors.lines().anyMatch(text -> text.contains("interrupted; nothing was written")));
        }
        assertEquals(List.of(), filesLeft());
    }

    @Test
    void aDiskThatFillsUpLeavesNothingHalfWritten() throws Exception {
        final Process process = start("ulimit -f 4; exec", "--model", CliRun.model("sd1"), "--steps", "1", "--width", "256", "--height", "256", "--prompt", "x",
            "--provider", "cpu", "--output", folder.resolve("out.tif").toString());
        final String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor(), errors);
        // The limit holds for the home's log of records too, which is only warned of.
        final List<String> said = errors.lines().filter(line -> !line.startsWith("Warning: Generations leave no record")).toList();
        assertTrue(said.size() == 1 && said.get(0).startsWith("diffusionj: ") && said.get(0).contains("out.tif"), errors);
        assertEquals(List.of(), filesLeft());
    }

    private List<Path> filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Process start(final String how, final String... args) throws IOException {
        final List<String> command = new ArrayList<>(DefaultSignals.launcher());
        command.addAll(List.of("bash", "-c", how + " \"$@\"", "bash",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx400m", "-XX:-UsePerfData",
            "-D" + DiffusionHome.PROPERTY + '=' + Folders.HOME,
            "-cp", classPath(), Main.class.getName(), "txt2img"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
    }

    /** Surefire and other runners put the real class path into this property; a launcher's own jar holds none of our classes. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
