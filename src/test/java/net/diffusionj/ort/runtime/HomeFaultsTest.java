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
package net.diffusionj.ort.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

import ai.onnxruntime.OrtEnvironment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.DiffusionJException;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;

/** Unpacking the natives into a home that cannot take them, or until somebody pulls the plug. */
class HomeFaultsTest {

    private static final double PATIENCE_SECONDS = 60;

    @TempDir
    private Path home;

    /** Unpacks, with files of a limited size where the second argument gives one, and says how it went. */
    public static final class Unpack {

        private Unpack() {}

        /** @param args home and, perhaps, the largest file in bytes
         *  @throws Exception if the limit cannot be set */
        public static void main(final String[] args) throws Exception {
            if (args.length > 1) {
                final String self = Long.toString(ProcessHandle.current().pid());
                if (new ProcessBuilder("prlimit", "--pid", self, "--fsize=" + args[1]).start().waitFor() != 0) throw new IOException("prlimit failed");
            }
            try {
                new NativeLibraries(Path.of(args[0]), OrtEnvironment.class).unpackCore();
                System.out.println("unpacked");
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    private static List<Path> files(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }

    private static boolean hasPart(final Path folder) throws IOException {
        return files(folder).stream().anyMatch(file -> file.toString().endsWith(".part"));
    }

    @Test
    void saysWhatToDoWhereTheHomeIsAFile() throws IOException {
        final Path file = Files.writeString(home.resolve("file"), "kept");
        final DiffusionJException e = assertThrows(DiffusionJException.class, () -> new NativeLibraries(file, OrtEnvironment.class).unpackCore());
        assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().contains("-Ddiffusionj.home="), e.getMessage());
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void needsNoWritingOnceEverythingIsThere() throws IOException {
        final NativeLibraries natives = new NativeLibraries(home, OrtEnvironment.class);
        natives.unpackCore();
        final FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(natives.folder(), longAgo);
        natives.unpackCore();
        assertEquals(longAgo, Files.getLastModifiedTime(natives.folder()), "a read-only home serves");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNothingBehindOnAFullDisk() throws IOException {
        try (ChildJvm child = ChildJvm.start(Unpack.class, List.of("-Xmx100m"), home.toString(), "1000000")) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(child.output().contains("refused: Cannot unpack") && child.output().contains("Free some space"), child::output);
        }
        assertFalse(hasPart(home));
    }

    @Test
    void unpacksWholeFilesAfterBeingKilled() throws IOException, InterruptedException {
        final NativeLibraries natives = new NativeLibraries(home, OrtEnvironment.class);
        boolean killedWhileWriting = false;
        for (int attempt = 0; attempt < 5 && !killedWhileWriting; attempt++) {
            try (ChildJvm child = ChildJvm.start(Unpack.class, List.of("-Xmx100m"), home.toString())) {
                final long start = System.nanoTime();
                while (!hasPart(home) && (System.nanoTime() - start) / 1e9 < PATIENCE_SECONDS
                    && ProcessHandle.of(child.pid()).isPresent()) Thread.sleep(1);
            }
            killedWhileWriting = hasPart(home);
            if (!killedWhileWriting) for (final Path file : files(home)) Files.delete(file);
        }
        assertTrue(killedWhileWriting, "the child was killed while it wrote");
        natives.unpackCore();
        assertFalse(hasPart(home), "what the killed one left is gone");
        for (final Path file : files(home)) assertEquals(Files.size(Folders.HOME.resolve(home.relativize(file).toString())), Files.size(file));
    }
}
