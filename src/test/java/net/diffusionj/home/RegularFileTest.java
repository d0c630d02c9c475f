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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.onnx.ModelFiles;
import net.diffusionj.ort.onnx.ProtobufReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Pipes in the place of files, which block whoever opens them, and unfinished files of processes that were killed. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class RegularFileTest {

    @TempDir
    private Path folder;

    @Test
    void aPipeIsRefusedWhereAModelIsRead() throws Exception {
        final Path pipe = folder.resolve("model.onnx");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        refuses(() -> RegularFile.check(pipe));
        refuses(() -> new ProtobufReader(pipe).close());
        refuses(() -> new ModelFiles.Reader().look(pipe));
        RegularFile.check(folder);
        RegularFile.check(folder.resolve("absent"));
    }

    private static void refuses(final Executable read) {
        final InvalidInputException e =
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThrows(InvalidInputException.class, read), "blocked");
        assertTrue(e.getMessage().contains("pipe"), e.getMessage());
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatIsBeingWrittenStays() throws IOException {
        final Path abandoned = Files.createFile(folder.resolve(".old.tif.0123abcd" + AtomicFile.PART_SUFFIX));
        final Path others = Files.createFile(folder.resolve("mine" + AtomicFile.PART_SUFFIX));
        final Path held = folder.resolve(".new.tif.4567cdef" + AtomicFile.PART_SUFFIX);
        try (FileChannel channel = FileChannel.open(held, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
            AtomicFile.checkWritable(folder.resolve("out.tif"));
            assertTrue(Files.notExists(abandoned));
            assertTrue(Files.exists(held) && lock.isValid() && Files.exists(others));
        }
    }
}
