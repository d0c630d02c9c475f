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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.ChildJvm;

/** Things whole or absent, bounded, and no litter. */
class DiskCacheTest {

    private static final int BYTES = 1000;
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path home;
    private DiskCache folders;
    private DiskCache files;

    @BeforeEach
    void open() {
        folders = DiskCache.ofFolders(home.resolve("cache/folders"), 3 * BYTES, HOUR);
        files = DiskCache.ofFiles(home.resolve("cache/files"), ".result", 3 * BYTES, HOUR);
    }

    private static void make(final DiskCache cache, final String key) throws IOException {
        try (AtomicFolder part = cache.begin(key)) {
            Files.createDirectories(part.part().resolve("deep/er"));
            Files.write(part.part().resolve("deep/er/large"), new byte[BYTES - 10]);
            Files.write(part.part().resolve("small"), new byte[10]);
            part.commit();
        }
    }

    private static void age(final Path path, final Duration age) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
    }

    private static Set<String> names(final DiskCache cache) throws IOException {
        try (Stream<Path> all = Files.list(cache.folder())) {
            return all.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void aFolderAppearsWholeAndAtOnce() throws IOException {
        try (AtomicFolder part = folders.begin("a")) {
            Files.write(part.part().resolve("half"), new byte[1]);
            assertFalse(Files.exists(folders.path("a")));
        }
        assertEquals(Set.of(), names(folders), "nothing of what was not committed");
        make(folders, "a");
        assertEquals(Set.of("a"), names(folders));
        assertEquals(BYTES, FileTree.bytes(folders.path("a")));
    }

    @Test
    void theFirstOfTwoMakersWins() throws IOException {
        try (AtomicFolder slow = folders.begin("a")) {
            Files.writeString(slow.part().resolve("by"), "slow");
            try (AtomicFolder fast = folders.begin("a")) {
                Files.writeString(fast.part().resolve("by"), "fast");
                fast.commit();
            }
            slow.commit();
        }
        assertEquals("fast", Files.readString(folders.path("a").resolve("by")), "nobody's thing changes while it is read");
        assertEquals(Set.of("a"), names(folders));
    }

    @Test
    void aFileIsReplacedWhole() throws IOException {
        files.write("a", out -> out.write(new byte[5]));
        assertThrows(InvalidInputException.class, () -> files.write("a", out -> {
            out.write(1);
            throw new IOException("No space left on device");
        }));
        assertEquals(5, Files.size(files.path("a")));
        files.write("a", out -> out.write(new byte[7]));
        assertEquals(7, Files.size(files.path("a")));
        assertEquals(Set.of("a.result"), names(files));
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() throws IOException {
        for (final String key : List.of("a", "b", "c", "d")) {
            make(folders, key);
            files.write(key, out -> out.write(new byte[BYTES]));
            age(folders.path(key), Duration.ofDays(20 - key.charAt(0) + 'a'));
            age(files.path(key), Duration.ofDays(20 - key.charAt(0) + 'a'));
        }
        folders.touch("a");
        files.touch("a");
        Files.writeString(folders.folder().resolve("x.lock"), "no thing");
        Files.writeString(files.folder().resolve("notes.txt"), "no thing");
        assertEquals(List.of(folders.path("b")), folders.makeRoom("d", 0));
        assertEquals(Set.of("a", "c", "d", "x.lock"), names(folders));
        assertEquals(List.of(files.path("b")), files.makeRoom("d", 0));
        assertEquals(Set.of("a.result", "c.result", "d.result", "notes.txt"), names(files));
        assertEquals(List.of(folders.path("c"), folders.path("d")), folders.makeRoom("new", 2 * BYTES), "and for what is to come");
        assertEquals(List.of(), folders.makeRoom("new", 2 * BYTES));
    }

    @Test
    void theOneInHandStaysWhateverItsSize() throws IOException {
        final DiskCache small = DiskCache.ofFolders(folders.folder(), BYTES / 2, HOUR);
        make(small, "old");
        make(small, "new");
        age(small.path("new"), Duration.ofDays(1));
        assertEquals(List.of(small.path("old")), small.makeRoom("new", 0));
        assertEquals(Set.of("new"), names(small));
    }

    @Test
    void whatAKilledProcessLeftGoesOnceItIsOld() throws IOException {
        final Path old = folders.begin("old").part();
        Files.write(old.resolve("half"), new byte[100 * BYTES]);
        age(old, Duration.ofMinutes(61));
        final Path young = folders.begin("young").part();
        age(young, Duration.ofMinutes(59));
        make(folders, "a");
        folders.makeRoom("b", 0);
        assertEquals(Set.of("a", young.getFileName().toString()), names(folders), "a part is no thing that takes room, and somebody may still fill it");
        folders.deletePartsOf("you");
        assertTrue(Files.exists(young), "another key's");
        folders.deletePartsOf("young");
        assertEquals(Set.of("a"), names(folders));
    }

    @Test
    void discardingLeavesNothingAndNeedsNothing() throws IOException {
        folders.discard("absent");
        make(folders, "a");
        folders.discard("a");
        Files.writeString(folders.folder().resolve("b"), "a file where a folder should be");
        folders.discard("b");
        assertEquals(Set.of(), names(folders));
        files.write("a", out -> out.write(1));
        files.discard("a");
        assertEquals(Set.of(), names(files));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatLinksLeadToStays() throws IOException {
        final Path outside = Files.createDirectories(home.resolve("outside"));
        Files.write(outside.resolve("weights"), new byte[50 * BYTES]);
        make(folders, "a");
        Files.createSymbolicLink(folders.path("a").resolve("link"), outside);
        assertEquals(BYTES, FileTree.bytes(folders.path("a")));
        folders.discard("a");
        assertEquals(Set.of(), names(folders));
        assertTrue(Files.exists(outside.resolve("weights")));
    }

    @Test
    void whatCannotBeMadeIsRemembered() throws IOException {
        make(folders, "a");
        assertFalse(folders.isGivenUp("a"));
        folders.giveUp("a");
        assertTrue(DiskCache.ofFolders(folders.folder(), BYTES, HOUR).isGivenUp("a"));
        assertFalse(folders.isGivenUp("b"));
        folders.discard("a");
        folders.makeRoom("b", 100 * BYTES);
        assertTrue(folders.isGivenUp("a"), "is no thing, and stays");
    }

    /** Makes and trims for as long as it lives. */
    public static final class Child {

        private Child() {}

        /** @param args the home and a letter
         *  @throws IOException if the cache fails */
        public static void main(final String[] args) throws IOException {
            final DiskCache cache = DiskCache.ofFolders(Path.of(args[0]), 3 * BYTES, HOUR);
            for (int i = 0; i < 200; i++) {
                final String key = args[1] + i % 5;
                if (!Files.exists(cache.path(key))) make(cache, key);
                cache.makeRoom(key, 0);
                // Half of the other's keys too, so that both discard the same things.
                cache.discard("ab".charAt(i % 2) + "0");
            }
            System.out.println("done");
        }
    }

    @Test
    void twoProcessesDoNotDisturbEachOther() throws IOException {
        Files.createDirectories(folders.folder());
        try (ChildJvm one = ChildJvm.start(Child.class, List.of("-Xmx64m"), folders.folder().toString(), "a");
            ChildJvm two = ChildJvm.start(Child.class, List.of("-Xmx64m"), folders.folder().toString(), "b")) {
            assertEquals(0, one.waitForEnd(), one::output);
            assertEquals(0, two.waitForEnd(), two::output);
        }
        for (final String name : names(folders)) {
            assertTrue(name.matches("[ab][0-4]"), name);
            assertEquals(BYTES, FileTree.bytes(folders.path(name)), name + " is whole");
        }
    }
}
