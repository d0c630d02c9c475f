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
package net.diffusionj.home;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void replacesAFileInOneMove() throws IOException {
        final Path target = Files.writeString(folder.resolve("out.txt"), "old");
        AtomicFile.write(target, out -> {
            out.write("new".getBytes());
            out.flush();
            assertEquals("old", Files.readString(target));
            final List<String> aside = names().stream().filter(name -> !name.equals("out.txt")).toList();
            assertEquals(1, aside.size());
            assertTrue(aside.get(0).matches("\\.out\\.txt\\.[0-9a-f]{8}\\.diffusionj\\.part"), aside.get(0));
        });
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("out.txt"), names());
    }

    @Test
    void leavesNothingWhenTheDiskIsFull() throws IOException {
        final Path target = Files.writeString(folder.resolve("out.txt"), "old");
        final InvalidInputException e = assertThrows(InvalidInputException.class, () -> AtomicFile.write(target, out -> {
            out.write(new byte[1 << 20]);
            throw new IOException("No space left on device");
        }));
        assertTrue(e.getMessage().contains("No space left on device. Free some space"), e.getMessage());
        assertTrue(e.getMessage().contains(target.toString()), e.getMessage());
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("out.txt"), names());
    }

    @Test
    void leavesNothingWhenTheWriterFails() throws IOException {
        final RuntimeException failure = new IllegalStateException("mine");
        assertSame(failure, assertThrows(IllegalStateException.class, () -> AtomicFile.write(folder.resolve("out.txt"), out -> {
            out.write(1);
            throw failure;
        })));
        assertEquals(List.of(), names());
    }

    @Test
    void saysWhyATargetCannotBe() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "x");
        assertMessage(folder.resolve("no/such/out.tif"), "does not exist. Create it first");
        assertMessage(folder, "is a folder");
        assertMessage(file.resolve("out.tif"), "is a file, not a folder");
        assertMessage(folder.resolve("n".repeat(300)), "too long");
        assertEquals(List.of("file"), names());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesAReadOnlyFolder() {
        // Where tests run as an administrator, only the system's own folders of no files are read-only.
        assertMessage(Path.of("/proc/self/out.tif"), "could not be written");
    }

    @Test
    void checkingLeavesNothing() throws IOException {
        AtomicFile.checkWritable(folder.resolve("out.tif"));
        assertEquals(List.of(), names());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void followsALink() throws IOException {
        final Path real = Files.writeString(folder.resolve("real.txt"), "old");
        final Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real);
        AtomicFile.write(link, out -> out.write("new".getBytes()));
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals("new".getBytes(), Files.readAllBytes(real));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void anInterruptFromTheKeyboardLeavesNothing() throws Exception {
        final Path target = folder.resolve("out.txt");
        final Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
            System.getProperty("java.class.path"), Stalled.class.getName(), target.toString()).redirectErrorStream(true).start();
        while (process.isAlive() && (names().isEmpty() || Files.size(folder.resolve(names().get(0))) == 0)) {
            Thread.sleep(20);
        }
        assertTrue(names().get(0).endsWith(AtomicFile.PART_SUFFIX), names().toString());
        process.destroy();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(List.of(), names());
        assertFalse(Files.exists(target));
    }

    /** A process that stops in the middle of writing. */
    static final class Stalled {
        public static void main(final String[] args) {
            AtomicFile.write(Path.of(args[0]), out -> {
                out.write(new byte[1 << 20]);
                try {
                    Thread.sleep(60_000);
                }
                catch (final InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    private static void assertMessage(final Path target, final String expected) {
        final String message = assertThrows(InvalidInputException.class, () -> AtomicFile.checkWritable(target)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
