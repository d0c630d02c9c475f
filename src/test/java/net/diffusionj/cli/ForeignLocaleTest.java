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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.testing.Folders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line in the locale C, as cron and containers have it: Java alone, without the script that sets another. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class ForeignLocaleTest {

    private static final String PROMPT = "na\u00efve \u7d30\u80de";

    @TempDir
    private Path folder;

    private record Ended(int exitCode, String errors) {}

    private static Ended java(final String home, final String... args) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("java", "-XX:-UsePerfData", "-D" + DiffusionHome.PROPERTY + '=' + home, "-cp", classPath(),
            Main.class.getName()));
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(args));
        // A shell makes the bytes, whatever the locale of this JVM has characters for.
        final StringBuilder line = new StringBuilder("LC_ALL=C exec");
        command.forEach(word -> line.append(' ').append(quoted(word)));
        final ProcessBuilder builder = new ProcessBuilder("bash", "-c", line.toString());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        final Process process = builder.start();
        final String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), errors);
    }

    private static String quoted(final String word) {
        final StringBuilder quoted = new StringBuilder("$'");
        for (final byte b : word.getBytes(StandardCharsets.UTF_8)) quoted.append(String.format("\\x%02x", b));
        return quoted.append('\'').toString();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Test
    void theTruePromptIsDrawnAndRecorded() throws Exception {
        final Path png = folder.resolve("o.png");
        final Ended ended = java(Folders.HOME.toString(), "txt2img", "--model", CliRun.model("turbo"), "--prompt", PROMPT, "--seed", "1", "--output",
            png.toString());
        assertEquals(0, ended.exitCode(), ended.errors());
        assertEquals(PROMPT, ImageFiles.read(png).metadata().settings().get("prompt"));
    }

    @Test
    void namesThatTheLocaleDoesNotHaveAreRefusedByALineThatNamesIt() throws Exception {
        final List<Ended> refused = List.of(
            java(folder.resolve("h\u00f6me").toString(), "info"),
            java(Folders.HOME.toString(), "txt2img", "--model", CliRun.model("turbo"), "--prompt", "x", "--output", folder.resolve("\u00e9.png").toString()),
            java(Folders.HOME.toString(), "txt2img", "--model", folder.resolve("mod\u00e8le").toString(), "--prompt", "x", "--output",
                folder.resolve("o.png").toString()));
        for (final Ended ended : refused) {
            assertEquals(2, ended.exitCode(), ended.errors());
            assertTrue(ended.errors().lines().count() == 1 && ended.errors().contains("LC_ALL=C,") && ended.errors().contains("LC_ALL=C.UTF-8"),
                ended.errors());
        }
    }
}
