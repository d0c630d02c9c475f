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
package net.diffusionj.service.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.ProcessLock;
import net.diffusionj.testing.ChildJvm;

/** The file of records: bounded, shared, damaged, full. */
@Timeout(60)
class GenerationLogTest {

    private static final int LINES_OF_CHILD = 60;

    @TempDir
    private Path home;

    /** Another process that writes. */
    public static final class Child {

        private Child() {}

        /** @param args a home and a name
         *  @throws IOException if a line cannot be written */
        public static void main(final String[] args) throws IOException {
            final GenerationLog log = new GenerationLog(Path.of(args[0]), 20_000);
            for (int i = 0; i < LINES_OF_CHILD; i++) log.append(Records.of(args[1], "m" + i, 1, 0));
        }
    }

    private static List<String> models(final GenerationLog.Contents contents) {
        return contents.records().stream().map(record -> record.work().model()).toList();
    }

    @Test
    void filesAreBoundedInSizeAndNumberAndTheLatestLinesStay() throws IOException {
        final GenerationLog log = new GenerationLog(home, 4000);
        for (int i = 0; i < 60; i++) log.append(Records.of("1", "m" + i, 1, 0));
        assertEquals(GenerationLog.FILES, log.files().size());
        for (final Path file : log.files()) assertTrue(Files.size(file) <= 4000, file + ": " + Files.size(file));
        assertEquals(List.of("m57", "m58", "m59"), models(log.read(3)));
        final List<String> all = models(log.read(1000));
        assertEquals(IntStream.range(60 - all.size(), 60).mapToObj(i -> "m" + i).toList(), all);
        assertTrue(all.size() > 15, all::toString);
    }

    @Test
    void severalProcessesLoseNothing() throws IOException {
        try (ChildJvm one = ChildJvm.start(Child.class, List.of("-Xmx100m"), home.toString(), "a");
            ChildJvm two = ChildJvm.start(Child.class, List.of("-Xmx100m"), home.toString(), "b")) {
            assertEquals(0, one.waitForEnd(), one::output);
            assertEquals(0, two.waitForEnd(), two::output);
        }
        final GenerationLog log = new GenerationLog(home, 20_000);
        final GenerationLog.Contents all = log.read(1000);
        assertEquals(Optional.empty(), all.remark());
        for (final String process : List.of("a", "b")) {
            assertEquals(IntStream.range(0, LINES_OF_CHILD).mapToObj(i -> "m" + i).toList(), all.records().stream()
                .filter(record -> record.origin().process().equals(process)).map(record -> record.work().model()).collect(Collectors.toList()));
        }
        assertTrue(log.files().size() > 2, "the files changed meanwhile");
    }

    @Test
    void damagedAndNewerLinesAreCountedAndPassedOver() throws IOException {
        final GenerationLog log = new GenerationLog(home);
        log.append(Records.of("1", "first", 1, 0));
        Files.write(log.file(), new byte[] {'{', (byte) 0xff, 0, '\n'}, StandardOpenOption.APPEND);
        Files.writeString(log.file(), "{\"v\":2}\n\n{\"v\":1,\"time\":\"2026-", StandardOpenOption.APPEND);
        log.append(Records.of("1", "second", 1, 0));
        final GenerationLog.Contents found = log.read(100);
        assertEquals(List.of("first", "second"), models(found));
        assertEquals("2 lines are damaged and left out; 1 line is of a newer DiffusionJ and left out: update this one to read it.",
            found.remark().orElseThrow());
    }

    /** A device on which every write fails as on a full disk. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsAnErrorThatSaysSo() throws IOException {
        Files.createDirectories(home.resolve("logs"));
        final GenerationLog log = new GenerationLog(home);
        Files.createSymbolicLink(log.file(), Path.of("/dev/full"));
        final IOException e = assertThrows(IOException.class, () -> log.append(Records.of("1", "m", 1, 0)));
        assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
    }

    /** Sets a limit on the size of files on itself, as {@code ulimit -f} does, so that a line breaks off in its middle. */
    public static final class Cut {

        private Cut() {}

        /** @param args a home
         *  @throws Exception if the limit cannot be set */
        public static void main(final String[] args) throws Exception {
            final GenerationLog log = new GenerationLog(Path.of(args[0]));
            log.append(Records.of("1", "whole", 1, 0));
            final long limit = Files.size(log.file()) + 100;
            new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--fsize=" + limit).start().waitFor();
            try {
                log.append(Records.of("1", "cut", 1, 0));
                System.out.println("written");
            }
            catch (final IOException e) {
                System.out.println("refused, left " + (limit - Files.size(log.file())));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLineThatBreaksOffIsTakenBack() throws IOException {
        try (ChildJvm child = ChildJvm.start(Cut.class, List.of("-Xmx100m", "-XX:-UsePerfData"), home.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(child.output().contains("refused, left 100"), child::output);
        }
        assertEquals(List.of("whole"), models(new GenerationLog(home).read(10)));
    }

    @Test
    void aLockThatIsNeverFreedIsAnErrorAndNoWaitForEver() throws IOException {
        Files.createDirectories(home.resolve("logs"));
        final GenerationLog log = new GenerationLog(home);
        try (ProcessLock held = ProcessLock.take(home.resolve("logs/generations.lock"))) {
            final IOException e = assertThrows(IOException.class, () -> log.append(Records.of("1", "m", 1, 0)), held::toString);
            assertTrue(e.getMessage().contains("another program holds"), e.getMessage());
        }
        log.append(Records.of("1", "m", 1, 0));
        assertEquals(List.of("m"), models(log.read(10)));
    }

    @Test
    void theTailFollowsAcrossFilesAndWaitsForTheEndOfALine() throws IOException {
        final GenerationLog log = new GenerationLog(home, 4000);
        log.append(Records.of("1", "before", 1, 0));
        final LogTail tail = new LogTail(log);
        assertEquals(List.of(), models(tail.next()));
        final List<String> seen = new ArrayList<>();
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            log.append(Records.of("1", "m" + i, 1, 0));
            expected.add("m" + i);
            if (i % 3 == 2) seen.addAll(models(tail.next()));
        }
        final String half = RecordJson.encode(Records.of("1", "slow", 1, 0));
        Files.writeString(log.file(), half.substring(0, 50), StandardOpenOption.APPEND);
        seen.addAll(models(tail.next()));
        assertEquals(expected, seen);
        Files.write(log.file(), (half.substring(50) + '\n').getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        assertEquals(List.of("slow"), models(tail.next()));
    }

    @Test
    void aTailThatBeginsBeforeTheFileSeesItsFirstLine() throws IOException {
        final GenerationLog log = new GenerationLog(home);
        final LogTail tail = new LogTail(log);
        assertEquals(List.of(), models(tail.next()));
        log.append(Records.of("1", "first", 1, 0));
        assertEquals(List.of("first"), models(tail.next()));
    }
}
