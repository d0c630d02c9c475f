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

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/** A session on lease that does not run gives back what its runs have taken, and stays open. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class IdleShrinkTest {

    private static final int SIDE = 32;
    /** Two maps of 512 channels at 8 times the side, float32, are alive at once. */
    private static final long MAP = 512L * 64 * SIDE * SIDE * Float.BYTES;

    private static SessionCache cache(final Duration idleShrink) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx, ProviderOptions.DEFAULTS),
            new CacheLimits(8L << 30, CacheLimits.AUTOMATIC, 0, Duration.ofHours(1), idleShrink), Optional.empty());
    }

    @Test
    void theTimerFreesTheArenaAndTheNextRunGivesTheSamePixels() throws InterruptedException {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        try (SessionCache cache = cache(Duration.ofSeconds(1)); SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, SIDE, SIDE).fill(0.5);
            final TensorBuffer pixels = call.output(OrtFixtures.output(lease, "sample"), 1, 3, 8 * SIDE, 8 * SIDE);
            call.run(new CancelToken());
            final float[] first = pixels.toFloats();
            final long kept = memory.residentBytes().getAsLong();
            long left = kept;
            for (int i = 0; i < 100 && kept - left <= MAP; i++) {
                Thread.sleep(100);
                left = memory.residentBytes().getAsLong();
            }
            final long freed = kept - left;
            assertTrue(freed > MAP, () -> "freed " + freed + " bytes");
            assertEquals(1, cache.open().size());
            // The timer gives its own lease back a moment after the memory.
            for (int i = 0; i < 100 && cache.open().get(0).leases() > 1; i++) Thread.sleep(100);
            assertEquals(1, cache.open().get(0).leases(), "nothing but the caller's lease");
            pixels.fill(0);
            call.run(new CancelToken());
            assertArrayEquals(first, pixels.toFloats());
        }
    }

    @Test
    void whatHasRunAMomentAgoIsLeftAlone() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        try (SessionCache cache = cache(Duration.ofMinutes(5)); SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, SIDE, SIDE).fill(0.5);
            call.output(OrtFixtures.output(lease, "sample"), 1, 3, 8 * SIDE, 8 * SIDE);
            call.run(new CancelToken());
            final long kept = memory.residentBytes().getAsLong();
            cache.shrinkUnused();
            final long freed = kept - memory.residentBytes().getAsLong();
            assertTrue(freed < MAP / 2, () -> "freed " + freed + " bytes");
        }
    }
}
