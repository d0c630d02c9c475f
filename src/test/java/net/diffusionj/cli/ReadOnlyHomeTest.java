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
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.testing.ChildJvm;

/**
 * The command line with a home that it may read and not write, as on a shared machine: with everything there it works as ever, and where it needs to
 * write it says so. The children run without the administrator's right to write everywhere.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class ReadOnlyHomeTest {

    private static final Set<PosixFilePermission> WRITE = EnumSet.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.OTHERS_WRITE);

    @TempDir
    private static Path filled;
    @TempDir
    private static Path empty;
    private static byte[] expected;
    @TempDir
    private Path outputs;

    private record Run(int exitCode, String output) {}

    @BeforeAll
    static void fill(@TempDir final Path folder) throws IOException {
        final Path image = folder.resolve("o.png");
        final Run run = run(filled, "txt2img", "--prompt", "cells", "--steps", "1", "--seed", "4", "--output", image.toString());
        assertEquals(0, run.exitCode(), run.output());
        assertEquals(0, run(filled, "settings", "set", "cuda.memory", "2G").exitCode());
        expected = Files.readAllBytes(image);
        allowWriting(filled, false);
        allowWriting(empty, false);
    }

    @AfterAll
    static void restore() throws IOException {
        allowWriting(filled, true);
        allowWriting(empty, true);
    }

    private static void allowWriting(final Path folder, final boolean allow) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.toList()) {
                final Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
                if (allow) rights.add(PosixFilePermission.OWNER_WRITE);
                else rights.removeAll(WRITE);
                Files.setPosixFilePermissions(file, rights);
            }
        }
    }

    private static Run run(final Path home, final String... args) {
        final boolean administrator = System.getProperty("user.name").equals("root");
        final List<String> without = administrator ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all") : List.of();
        try (ChildJvm child =
            ChildJvm.startUnder(without, Main.class, List.of("-Xmx300m", "-XX:-UsePerfData", "-D" + DiffusionHome.PROPERTY + '=' + home), args)) {
            final int code = child.waitForEnd();
            final List<String> lines = child.output().lines().filter(line -> !line.startsWith("SLF4J")).toList();
            return new Run(code, String.join("\n", lines));
        }
    }

    /** Every file with its size and time. */
    private static Map<String, String> look(final Path folder) throws IOException {
        final Map<String, String> seen = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.toList()) seen.put(folder.relativize(file).toString(), Files.isDirectory(file) ? "folder"
                : Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        return seen;
    }

    private Run generate(final Path home, final String... more) {
        final List<String> args = new ArrayList<>(List.of("txt2img", "--prompt", "cells", "--steps", "1", "--seed", "4", "--output",
            outputs.resolve("o.png").toString()));
        args.addAll(List.of(more));
        return run(home, args.toArray(String[]::new));
    }

    @Test
    void withEverythingThereItWorksAsEver() throws IOException {
        final Map<String, String> before = look(filled);
        final Run run = generate(filled);
        assertEquals(0, run.exitCode(), run.output());
        assertArrayEquals(expected, Files.readAllBytes(outputs.resolve("o.png")));
        assertEquals(before, look(filled));
    }

    @Test
    void aResultThatCannotBeKeptIsMadeAllTheSame() throws IOException {
        final Map<String, String> before = look(filled);
        final Run run = generate(filled, "--cached");
        assertEquals(0, run.exitCode(), run.output());
        assertTrue(run.output().contains("could not be kept for the next time in " + filled.resolve("cache/results")), run.output());
        assertTrue(Files.exists(outputs.resolve("o.png")));
        assertEquals(before, look(filled));
    }

    @Test
    void aSettingThatCannotBeStoredIsRefused() throws IOException {
        final Map<String, String> before = look(filled);
        final Run run = run(filled, "settings", "set", "cuda.memory", "4G");
        assertEquals(2, run.exitCode(), run.output());
        assertTrue(run.output().contains(filled.resolve("settings.json").toString()) && run.output().contains("-Ddiffusionj.home"), run.output());
        assertEquals(1, run.output().lines().count(), run.output());
        assertEquals("2G", run(filled, "settings", "get", "cuda.memory").output().strip());
        assertEquals(before, look(filled));
    }

    @Test
    void anEmptyOneIsRefusedInOneLine() throws IOException {
        final Run run = generate(empty);
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, run.output());
        final List<String> errors = run.output().lines().filter(line -> line.startsWith("diffusionj: ")).toList();
        assertEquals(1, errors.size(), run.output());
        assertTrue(errors.get(0).contains(empty.toString()) && errors.get(0).contains("-Ddiffusionj.home"), run.output());
        assertEquals(1, look(empty).size());
        try (Stream<Path> left = Files.list(outputs)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
