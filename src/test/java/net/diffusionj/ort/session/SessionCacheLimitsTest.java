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
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/** What a cache keeps open and for how long, on a machine and by a clock that the test moves. */
class SessionCacheLimitsTest {

    private static final long EACH = 100;

    private final Machine machine = new Machine();
    private final Map<Path, OnnxSession> last = new HashMap<>();
    private SessionCache cache;
    @TempDir
    private Path folder;

    /** Every opened session takes as much. */
    private static final class Machine extends Clock implements MemoryProbe {
        private Instant now = Instant.EPOCH;
        private long resident;
        private long available = Long.MAX_VALUE;

        @Override
        public OptionalLong residentBytes() {
            resident += EACH;
            return OptionalLong.of(resident);
        }

        @Override
        public OptionalLong availableBytes() {
            return OptionalLong.of(available);
        }

        @Override
        public OptionalLong totalBytes() {
            return OptionalLong.of(10 * EACH);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(final ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void wait(final Duration time) {
            now = now.plus(time);
        }
    }

    @BeforeEach
    void open() {
        cache = cache(new CacheLimits(3 * EACH + EACH / 2, 3 * EACH, 1000, Duration.ofMinutes(10), Duration.ofDays(1)));
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private SessionCache cache(final CacheLimits limits) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx), limits, Optional.empty(), machine, machine);
    }

    private Path copy(final String name) throws IOException {
        return Files.copy(OrtFixtures.GRAPHS.resolve("scalar.onnx"), folder.resolve(name + ".onnx"));
    }

    private OnnxSession use(final Path model) {
        try (SessionLease lease = cache.lease(model, ProviderChoice.CPU)) {
            return last.put(model, lease.session());
        }
        finally {
            machine.wait(Duration.ofSeconds(1));
        }
    }

    /** @return whether the model was still open since it was used last */
    private boolean isOpen(final Path model) {
        final OnnxSession before = use(model);
        return last.get(model) == before;
    }

    @Test
    void closesWhatWasUsedLongestAgo() throws IOException {
        final Path a = copy("a");
        final Path b = copy("b");
        final Path c = copy("c");
        use(a);
        use(b);
        use(c);
        assertEquals(3 * EACH, cache.ramBytes());
        use(a);
        use(copy("d"));
        assertEquals(3, cache.size());
        assertTrue(isOpen(a));
        assertTrue(isOpen(c));
        assertEquals(3, cache.size());
        assertEquals(3 * EACH, cache.ramBytes());
        assertEquals(false, isOpen(b), "b was used longest ago");
    }

    @Test
    void neverClosesWhatIsLentOrPinned() throws IOException {
        final Path pinned = copy("pinned");
        cache.pin(pinned);
        use(pinned);
        try (SessionLease one = cache.lease(copy("one"), ProviderChoice.CPU); SessionLease two = cache.lease(copy("two"), ProviderChoice.CPU);
            SessionLease three = cache.lease(copy("three"), ProviderChoice.CPU)) {
            assertEquals(4, cache.size(), "over the limit, but all in use");
            machine.available = 0;
            machine.wait(Duration.ofHours(1));
            cache.releaseUnused();
            cache.closeIdle();
            assertEquals(4, cache.size());
            for (final SessionLease lease : new SessionLease[] {one, two, three}) assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(lease));
        }
        assertEquals(3, cache.size(), "what came back was closed until the rest fitted");
        cache.releaseUnused();
        assertEquals(1, cache.size(), "with no memory to spare, only what is pinned stays");
        assertTrue(isOpen(pinned));
        cache.unpin(pinned);
        cache.closeIdle();
        assertEquals(0, cache.size());
    }

    @Test
    void releasesWhatNobodyUsedForAWhile() throws IOException {
        final Path old = copy("old");
        final Path fresh = copy("fresh");
        use(old);
        machine.wait(Duration.ofMinutes(9));
        use(fresh);
        cache.releaseUnused();
        assertEquals(2, cache.size());
        machine.wait(Duration.ofMinutes(2));
        cache.releaseUnused();
        assertEquals(1, cache.size());
        assertTrue(isOpen(fresh));
    }

    @Test
    void makesRoomWhenTheMachineRunsShort() throws IOException {
        use(copy("a"));
        machine.available = 999;
        cache.releaseUnused();
        assertEquals(0, cache.size());
    }

    @Test
    void opensAReplacedModelAgainAndClosesTheOldOneWhenItComesBack() throws IOException {
        final Path model = copy("model");
        final SessionLease old = cache.lease(model, ProviderChoice.CPU);
        final Path other = folder.resolve("other");
        Files.copy(OrtFixtures.GRAPHS.resolve("half.onnx"), other);
        Files.move(other, model, StandardCopyOption.REPLACE_EXISTING);
        try (SessionLease now = cache.lease(model, ProviderChoice.CPU)) {
            assertEquals("x", now.inputs().get(0).name());
            assertEquals(2, cache.size());
            assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(old), "the old one still works");
            old.close();
            assertEquals(1, cache.size());
            try (SessionLease again = cache.lease(model, ProviderChoice.CPU)) {
                assertEquals(now.inputs(), again.inputs());
                assertEquals(1, cache.size());
            }
        }
    }

    @Test
    void noticesChangedBytesOfTheSameSizeAndTime() throws IOException {
        final Path model = copy("model");
        final FileTime time = Files.getLastModifiedTime(model);
        use(model);
        final Path twin = Files.copy(model, folder.resolve("twin"));
        Files.setLastModifiedTime(twin, time);
        Files.move(twin, model, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(time, Files.getLastModifiedTime(model));
        assertEquals(false, isOpen(model), "another file of the same size and time");
    }

    /** Windows lets nobody replace weights that a session has mapped. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void noticesReplacedWeightsBesideTheModel() throws IOException {
        final Path model = Files.copy(OrtFixtures.GRAPHS.resolve("external.onnx"), folder.resolve("external.onnx"));
        final Path weights = Files.copy(OrtFixtures.GRAPHS.resolve("external.onnx_data"), folder.resolve("external.onnx_data"));
        use(model);
        assertTrue(isOpen(model));
        final byte[] bytes = Files.readAllBytes(weights);
        bytes[3] ^= 0x40;
        final Path aside = Files.write(folder.resolve("aside"), bytes);
        Files.move(aside, weights, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(false, isOpen(model));
    }

    @Test
    void countsWhatSessionsTakeAsMeasured() {
        use(OrtFixtures.GRAPHS.resolve("greedy.onnx"));
        assertEquals(EACH, cache.ramBytes());
        cache.closeIdle();
        assertEquals(0, cache.ramBytes());
    }

    @Test
    void measuresThisMachine() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        final long total = memory.totalBytes().orElseThrow();
        assertTrue(total > 1L << 28, "total " + total);
        memory.availableBytes().ifPresent(available -> assertTrue(available > 0 && available <= total, "available " + available));
        memory.residentBytes().ifPresent(resident -> assertTrue(resident > 1L << 20 && resident < total, "resident " + resident));
        final CacheLimits limits = CacheLimits.defaults(memory);
        assertTrue(limits.maxRamBytes() > total / 2 && limits.minFreeBytes() < total);
    }
}
