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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.Npy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variations and kept results from the command line. */
class BranchCommandTest {

    @TempDir
    private Path folder;

    private CliRun run(final String output, final String... more) {
        final List<String> args = new ArrayList<>(List.of("txt2img", "--model", CliRun.model("sd1"), "--prompt", "nuclei", "--steps", "4", "--seed", "7",
            "--scheduler", "euler-ancestral", "--guidance", "3", "--output", folder.resolve(output).toString()));
        args.addAll(List.of(more));
        return CliRun.of(args.toArray(String[]::new));
    }

    private byte[] bytes(final String file) {
        return Npy.read(folder.resolve(file)).bytes();
    }

    @Test
    void everyVariationGetsAFileOfItsOwn() {
        assertEquals(0, run("plain.npy").exitCode());
        final CliRun run = run("out.npy", "--branch-at", "2", "--branch-prompt", "nuclei", "--branch-prompt", "filaments", "--branch-guidance", "6",
            "--branch-noise", "1,2", "--json", folder.resolve("out.json").toString());
        assertEquals(0, run.exitCode(), run.errors());
        assertEquals(5, run.output().lines().count());
        assertArrayEquals(bytes("plain.npy"), bytes("out-1.npy"), "the same prompt again is the plain run");
        for (int i = 2; i <= 5; i++) assertFalse(Arrays.equals(bytes("plain.npy"), bytes("out-" + i + ".npy")), "variation " + i);
        assertFalse(Arrays.equals(bytes("out-4.npy"), bytes("out-5.npy")));
        assertTrue(Files.exists(folder.resolve("out-5.json")));
    }

    @Test
    void settingsTellWhatWasSharedAndWhatNot() {
        assertEquals(0, run("out.png", "--branch-at", "3", "--branch-prompt", "filaments", "--branch-noise", "9").exitCode());
        final Map<String, String> prompt = ImageFiles.read(folder.resolve("out-1.png")).metadata().settings();
        assertEquals("filaments", prompt.get("prompt"));
        assertEquals("nuclei", prompt.get("shared-prompt"));
        assertEquals("3", prompt.get("shared-steps"));
        final Map<String, String> noise = ImageFiles.read(folder.resolve("out-2.png")).metadata().settings();
        assertEquals("nuclei", noise.get("prompt"));
        assertEquals("9", noise.get("noise-seed"));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused(run("a.png", "--branch-at", "2"), "--branch-prompt");
        assertRefused(run("a.png", "--branch-guidance", "2"), "--branch-at");
        assertRefused(run("a.png", "--branch-at", "5", "--branch-guidance", "2"), "0 to 4");
        assertRefused(run("a.png", "--branch-at", "-1", "--branch-guidance", "2"), "0 or more");
        assertRefused(run("a.png", "--branch-at", "1", "--branch-guidance", "NaN"), "Guidance");
        assertRefused(run("a.png", "--scheduler", "ddim", "--branch-at", "1", "--branch-noise", "2"), "");
    }

    private void assertRefused(final CliRun run, final String why) {
        assertEquals(2, run.exitCode(), run.errors());
        assertTrue(run.errors().contains(why), run.errors());
        assertFalse(Files.exists(folder.resolve("a.png")) || Files.exists(folder.resolve("a-1.png")));
    }

    @Test
    void aKeptResultIsTakenWhereThatIsAskedFor() {
        final String prompt = "kept " + System.nanoTime();
        final CliRun first = run("first.npy", "--cached", "--negative", prompt);
        final CliRun second = run("second.npy", "--cached", "--negative", prompt);
        assertEquals(0, second.exitCode(), second.errors());
        assertFalse(first.errors().contains("result cache"), first.errors());
        assertTrue(second.errors().contains("from the result cache"), second.errors());
        assertArrayEquals(bytes("first.npy"), bytes("second.npy"));
    }
}
