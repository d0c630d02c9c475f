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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.testing.OrtFixtures;

/** Leases: shared, counted, and never closed under somebody's feet, which would end this JVM. */
class SessionCacheTest {

    private SessionCache cache;

    @BeforeEach
    void open() {
        cache = OrtFixtures.newCache();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void keepsASessionOpenWhileItIsLent() {
        final SessionLease lease = OrtFixtures.lease(cache, "scalar");
        cache.closeIdle();
        assertEquals(1, cache.size());
        assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(lease));
        lease.close();
        assertEquals(1, cache.size(), "stays open for the next one");
        cache.closeIdle();
        assertEquals(0, cache.size());
    }

    @Test
    void closesWhatIsLentWhenItComesBackToAClosedCache() {
        final SessionLease first = OrtFixtures.lease(cache, "scalar");
        final SessionLease second = OrtFixtures.lease(cache, "scalar");
        cache.close();
        first.close();
        first.close();
        assertEquals(1, cache.size(), "the second lease still holds it");
        assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(second));
        second.close();
        assertEquals(0, cache.size());
        assertThrows(DiffusionJException.class, () -> OrtFixtures.lease(cache, "scalar"));
        assertThrows(IllegalStateException.class, second::newCall);
    }

    @Test
    void opensAFileOnceWhateverItsPathLooksLike() {
        try (SessionLease one = OrtFixtures.lease(cache, "scalar");
            SessionLease other = cache.lease(OrtFixtures.GRAPHS.toAbsolutePath().resolve("..").resolve("ort").resolve("scalar.onnx"), ProviderChoice.CPU)) {
            assertEquals(one.file(), other.file());
            assertEquals(1, cache.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<!DOCTYPE html><html>not found</html>", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"})
    void refusesAFileThatIsNoModelAndTakesTheMendedOne(final String content, @TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("model.onnx");
        Files.writeString(file, content);
        final DiffusionJException e = assertThrows(InvalidInputException.class, () -> cache.lease(file, ProviderChoice.CPU));
        assertTrue(e.getMessage().contains("model.onnx"), e.getMessage());
        assertEquals(0, cache.size());
        Files.copy(OrtFixtures.GRAPHS.resolve("scalar.onnx"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (SessionLease lease = cache.lease(file, ProviderChoice.CPU)) {
            assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(lease));
        }
    }

    @Test
    void refusesATruncatedModelAndMissingWeights(@TempDir final Path folder) throws IOException {
        final byte[] whole = Files.readAllBytes(OrtFixtures.GRAPHS.resolve("external.onnx"));
        final Path truncated = Files.write(folder.resolve("truncated.onnx"), java.util.Arrays.copyOf(whole, whole.length - 20));
        assertThrows(InvalidInputException.class, () -> cache.lease(truncated, ProviderChoice.CPU));
        final Path lonely = Files.write(folder.resolve("lonely.onnx"), whole);
        final DiffusionJException e = assertThrows(InvalidInputException.class, () -> cache.lease(lonely, ProviderChoice.CPU));
        assertTrue(e.getMessage().contains("second file"), e.getMessage());
        assertThrows(InvalidInputException.class, () -> cache.lease(folder.resolve("absent.onnx"), ProviderChoice.CPU));
    }

    @Test
    void survivesRunsCancelsAndClosesFromManyThreads() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            final List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                final boolean cancels = i % 2 == 0;
                work.add(threads.submit(() -> {
                    for (int round = 0; round < 25; round++) {
                        try (SessionLease lease = OrtFixtures.lease(cache, "scalar")) {
                            assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(lease));
                        }
                        if (cancels) runSlowlyAndCancel();
                        cache.closeIdle();
                    }
                }));
            }
            for (final Future<?> one : work) one.get();
        }
        finally {
            threads.shutdownNow();
        }
        cache.closeIdle();
        assertEquals(0, cache.size());
    }

    private void runSlowlyAndCancel() {
        final CancelToken cancel = new CancelToken();
        try (SessionLease lease = OrtFixtures.lease(cache, "slow"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "iterations")).fill(1_000_000);
            call.output(OrtFixtures.output(lease, "result"), 256, 256);
            final Thread canceller = new Thread(() -> {
                try {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(5));
                }
                catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                cancel.cancel();
            });
            canceller.start();
            assertThrows(CancellationException.class, () -> call.run(cancel));
        }
    }
}
