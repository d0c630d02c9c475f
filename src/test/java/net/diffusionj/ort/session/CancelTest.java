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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.testing.OrtFixtures;

/** Stopping inside a model call, which takes minutes otherwise. */
class CancelTest {

    private static final long MINUTES_OF_WORK = 1_000_000;
    private static final double PATIENCE_SECONDS = 10;

    @Test
    void endsARunFromWithinAndLeavesTheSessionGood() throws InterruptedException {
        try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "slow"); ModelCall call = lease.newCall()) {
            final TensorBuffer iterations = call.input(OrtFixtures.input(lease, "iterations"));
            final TensorBuffer result = call.output(OrtFixtures.output(lease, "result"), 256, 256);
            iterations.fill(MINUTES_OF_WORK);
            final CancelToken cancel = new CancelToken();
            final Thread canceller = new Thread(() -> {
                try {
                    Thread.sleep(200);
                }
                catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                cancel.cancel();
            });
            final long start = System.nanoTime();
            canceller.start();
            assertThrows(CancellationException.class, () -> call.run(cancel));
            assertTrue((System.nanoTime() - start) / 1e9 < PATIENCE_SECONDS);
            canceller.join();
            assertThrows(CancellationException.class, () -> call.run(cancel), "a token stays cancelled");
            iterations.fill(2);
            call.run(new CancelToken());
            assertEquals(1, result.toFloats()[12_345], 1e-6);
        }
    }

    @Test
    void runsAnActionOnceWhetherItCameBeforeOrAfter() {
        final CancelToken cancel = new CancelToken();
        final AtomicInteger before = new AtomicInteger();
        final AtomicInteger takenBack = new AtomicInteger();
        final AtomicInteger after = new AtomicInteger();
        cancel.onCancel(before::incrementAndGet);
        cancel.onCancel(takenBack::incrementAndGet).close();
        cancel.cancel();
        cancel.cancel();
        cancel.onCancel(after::incrementAndGet);
        assertEquals(1, before.get());
        assertEquals(0, takenBack.get());
        assertEquals(1, after.get());
        assertThrows(CancellationException.class, cancel::throwIfCancelled);
    }
}
