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

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import net.diffusionj.ProgramEndsException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NativeWorkTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void theEndStopsCallsAndWaitsForThem() throws InterruptedException {
        final NativeWork work = new NativeWork();
        final CountDownLatch stopped = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        final AtomicInteger through = new AtomicInteger();
        final Thread caller = new Thread(() -> {
            try (NativeWork.Call call = work.begin()) {
                call.stopWith(stopped::countDown);
                begun.countDown();
                stopped.await();
                Thread.sleep(100);
                through.incrementAndGet();
            }
            catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        caller.start();
        begun.await();
        assertTrue(work.end(LONG));
        assertEquals(1, through.get(), "the end comes after the call");
        caller.join();
    }

    @Test
    void nothingBeginsAfterTheEndAndWhatNeedNotHappenDoesNot() {
        final NativeWork work = new NativeWork();
        final AtomicInteger done = new AtomicInteger();
        work.unlessEnding(done::incrementAndGet);
        assertFalse(work.isEnding());
        assertTrue(work.end(LONG));
        assertTrue(work.isEnding());
        assertThrows(ProgramEndsException.class, work::begin);
        work.unlessEnding(done::incrementAndGet);
        assertEquals(1, done.get());
    }

    @Test
    void patienceEnds() {
        final NativeWork work = new NativeWork();
        final NativeWork.Call call = work.begin();
        assertFalse(work.end(Duration.ofMillis(50)));
        final AtomicInteger stops = new AtomicInteger();
        call.stopWith(stops::incrementAndGet);
        assertEquals(1, stops.get(), "a call that names its stop after the end is stopped at once");
        call.close();
        assertTrue(work.end(LONG));
    }
}
