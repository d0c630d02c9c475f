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
package net.diffusionj.augment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;

/** Who draws beside whom: on the CPU several, elsewhere one after the other. */
@Timeout(60)
class DrawAheadTest {

    private static Drawing by(final String provider) {
        return new Drawing(List.of(), Map.of("provider", provider), null, null);
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        }
        catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onAGpuOneRequestIsDrawnAtATime() {
        final AtomicInteger together = new AtomicInteger();
        final AtomicInteger drawn = new AtomicInteger();
        try (DrawAhead ahead = new DrawAhead(new CancelToken(), 1)) {
            ahead.now(stop -> by("cuda"));
            final List<Supplier<Drawing>> begun = IntStream.range(0, 6).mapToObj(i -> ahead.begin(stop -> {
                assertEquals(1, together.incrementAndGet());
                drawn.incrementAndGet();
                together.decrementAndGet();
                return by("cuda");
            })).toList();
            begun.forEach(Supplier::get);
        }
        assertEquals(6, drawn.get());
    }

    @Test
    void onTheCpuSeveralAreHandedOverTogether() {
        final CountDownLatch eight = new CountDownLatch(8);
        try (DrawAhead ahead = new DrawAhead(new CancelToken(), 1)) {
            ahead.now(stop -> by("cpu"));
            final List<Supplier<Drawing>> begun = IntStream.range(0, 8).mapToObj(i -> ahead.begin(stop -> {
                eight.countDown();
                awaitQuietly(eight);
                return by("cpu");
            })).toList();
            begun.forEach(Supplier::get);
        }
        assertEquals(0, eight.getCount(), "eight at once");
    }

    @Test
    void whatADrawingThrowsComesThroughAsItIs() {
        try (DrawAhead ahead = new DrawAhead(new CancelToken(), 1)) {
            final OutOfMemoryError memory = new OutOfMemoryError("Java heap space");
            final Supplier<Drawing> fails = ahead.begin(stop -> {
                throw memory;
            });
            assertSame(memory, assertThrows(OutOfMemoryError.class, fails::get));
            final UnusableSourceException unusable = new UnusableSourceException("odd", null);
            final Supplier<Drawing> refuses = ahead.begin(stop -> {
                throw unusable;
            });
            assertSame(unusable, assertThrows(UnusableSourceException.class, refuses::get));
        }
    }

    @Test
    void closingEndsWhatIsDrawnAndWhatWaits() {
        final CountDownLatch drawing = new CountDownLatch(1);
        final AtomicInteger stopped = new AtomicInteger();
        final Supplier<Drawing> waits;
        try (DrawAhead ahead = new DrawAhead(new CancelToken(), 1)) {
            ahead.begin(stop -> {
                drawing.countDown();
                final CountDownLatch cancelled = new CountDownLatch(1);
                stop.onCancel(cancelled::countDown);
                awaitQuietly(cancelled);
                stopped.incrementAndGet();
                throw new CancellationException("cancelled");
            });
            awaitQuietly(drawing);
            waits = ahead.begin(stop -> by("cpu"));
        }
        assertEquals(1, stopped.get(), "closing waits for the end of what is drawn");
        assertThrows(CancellationException.class, waits::get);
    }

    @Test
    void theCallersTokenEndsIt() {
        final CancelToken cancel = new CancelToken();
        try (DrawAhead ahead = new DrawAhead(cancel, 1)) {
            cancel.cancel();
            assertThrows(CancellationException.class, () -> ahead.now(stop -> by("cpu")));
            assertTrue(cancel.isCancelled());
        }
    }
}
