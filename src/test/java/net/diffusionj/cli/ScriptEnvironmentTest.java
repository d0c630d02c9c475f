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
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the scripts do with the environment before they start Java. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ScriptEnvironmentTest {

    private record Ended(int exitCode, List<String> lines) {}

    private static Ended source(final String options, final String locale) throws IOException, InterruptedException {
        final ProcessBuilder bash = new ProcessBuilder("bash", "-c",
            "set -euo pipefail; . scripts/java-environment.sh; printf '%s\\n' ${java_options[@]+\"${java_options[@]}\"} \"charmap $(locale charmap)\"");
        bash.directory(Path.of("").toAbsolutePath().toFile()).redirectErrorStream(true);
        bash.environment().put("DIFFUSIONJ_JAVA_OPTIONS", options);
        bash.environment().put("LC_ALL", locale);
        final Process process = bash.start();
        final List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return new Ended(process.waitFor(), lines);
    }

    @Test
    void quotesHoldWordsTogetherAndNothingIsExpanded() throws Exception {
        assertEquals(List.of("-Ddiffusionj.home=/data/my home", "-Xmx2g", "-Da=$(id) *"), words("\"-Ddiffusionj.home=/data/my home\" -Xmx2g  '-Da=$(id) *'"));
        assertEquals(List.of("-Ddiffusionj.home=/data/my home"), words("-Ddiffusionj.home=/data/my\\ home"));
        assertEquals(List.of("-Ddiffusionj.home=/data/my home"), words("-Ddiffusionj.home='/data/my home'"));
        assertEquals(List.of(), words(""));
        assertEquals(List.of(), words("  "));
    }

    private static List<String> words(final String options) throws Exception {
        final Ended ended = source(options, "C");
        assertEquals(0, ended.exitCode(), ended.toString());
        return ended.lines().subList(0, ended.lines().size() - 1);
    }

    @Test
    void aQuoteWithoutEndIsRefused() throws Exception {
        final Ended ended = source("\"-Ddiffusionj.home=/data/my home", "C");
        assertEquals(2, ended.exitCode());
        assertTrue(ended.lines().size() == 1 && ended.lines().get(0).contains("DIFFUSIONJ_JAVA_OPTIONS"), ended.toString());
    }

    @Test
    void theLocaleCBecomesOneWithAllCharacters() throws Exception {
        assertEquals("charmap UTF-8", source("", "C").lines().get(0));
        assertEquals("charmap UTF-8", source("", "POSIX").lines().get(0));
    }
}
