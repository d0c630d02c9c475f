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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import net.diffusionj.DiffusionJException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {

    @TempDir
    private Path temp;
    private Path folder;
    private Path library;
    private byte[] content;
    private Map<String, URL> files;

    @BeforeEach
    void makeAJar() throws IOException {
        content = new byte[200_000];
        new Random(1).nextBytes(content);
        folder = temp.resolve("natives");
        library = folder.resolve("lib a.so");
        files = Map.of("lib a.so", Files.write(temp.resolve("source"), content).toUri().toURL());
        new NativeFiles(folder).provide("it", files);
        assertArrayEquals(content, Files.readAllBytes(library));
    }

    /** Damage that neither the size nor the time shows. */
    private void damage() throws IOException {
        final FileTime time = Files.getLastModifiedTime(library);
        final byte[] damaged = content.clone();
        damaged[1000] ^= 1;
        Files.write(library, damaged);
        Files.setLastModifiedTime(library, time);
    }

    @Test
    void halfAFileIsUnpackedAnew() throws IOException {
        Files.write(library, java.util.Arrays.copyOf(content, 100_000));
        new NativeFiles(folder).provide("it", files);
        assertArrayEquals(content, Files.readAllBytes(library));
        try (Stream<Path> left = Files.list(folder)) {
            assertTrue(left.noneMatch(file -> file.toString().endsWith(".part")), "nothing lies aside");
        }
    }

    @Test
    void aFileThatWasTouchedIsReadAndKeptOrReplaced() throws IOException {
        final Object identity = Files.readAttributes(library, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
        Files.setLastModifiedTime(library, FileTime.fromMillis(1000));
        new NativeFiles(folder).provide("it", files);
        assertEquals(identity, Files.readAttributes(library, java.nio.file.attribute.BasicFileAttributes.class).fileKey(), "right, so not written again");
        final byte[] other = content.clone();
        other[5] ^= 1;
        Files.write(library, other);
        Files.setLastModifiedTime(library, FileTime.fromMillis(2000));
        new NativeFiles(folder).provide("it", files);
        assertArrayEquals(content, Files.readAllBytes(library));
    }

    @Test
    void afterACrashWhileLoadingContentsAreRead() throws IOException {
        damage();
        new NativeFiles(folder).provide("it", files);
        assertTrue(!java.util.Arrays.equals(content, Files.readAllBytes(library)), "a start reads sizes and times only");
        // Of a process that is gone.
        Files.createFile(folder.resolve("loading-" + gone() + "-1234-ab"));
        new NativeFiles(folder).provide("it", files);
        assertArrayEquals(content, Files.readAllBytes(library));
        damage();
        new NativeFiles(folder).provide("it", files);
        assertTrue(!java.util.Arrays.equals(content, Files.readAllBytes(library)), "the note is gone");
    }

    @Test
    void aProcessThatIsLoadingDidNotCrash() throws IOException {
        damage();
        try (LoadingNotes.Note note = new NativeFiles(folder).loading()) {
            new NativeFiles(folder).provide("it", files);
            assertTrue(!java.util.Arrays.equals(content, Files.readAllBytes(library)), note.toString());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertTrue(left.noneMatch(file -> file.getFileName().toString().startsWith("loading-")), "the note is taken back");
        }
    }

    @Test
    void aRecordThatIsDamagedOrMissingIsMadeAgain() throws IOException {
        for (final String text : new String[] {"", "rubbish\n", "99999999999999999999 1 x lib a.so\n"}) {
            Files.writeString(folder.resolve(".unpacked"), text);
            Files.write(library, new byte[10]);
            new NativeFiles(folder).provide("it", files);
            assertArrayEquals(content, Files.readAllBytes(library), text);
        }
    }

    @Test
    void whatCannotBeUnpackedIsNamedWithTheFolder() throws IOException {
        final Path blocked = Files.writeString(temp.resolve("file"), "x").resolve("natives");
        final String message = assertThrows(DiffusionJException.class, () -> new NativeFiles(blocked).provide("the library", files)).getMessage();
        assertTrue(message.contains("the library") && message.contains(blocked.toString()) && message.contains("-Ddiffusionj.home="), message);
    }

    private static long gone() {
        long process = 999_999_999;
        while (ProcessHandle.of(process).isPresent()) process++;
        return process;
    }
}
