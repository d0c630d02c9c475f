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
package net.diffusionj.service.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is expected of a run, and how many should go together, by runs that were measured. */
class RunTimesTest {

    private final RunTimes times = new RunTimes();

    private void add(final int images, final long nanos) {
        times.add("one", "kind", images, images, nanos);
    }

    @Test
    void expectsTheMedianOfTheLastRunsAndForgetsTheFirst() {
        assertTrue(times.expected("one", "kind", 1).isEmpty());
        add(1, 5000);
        assertEquals(5000, times.expected("one", "kind", 1).orElseThrow(), "better than nothing");
        for (final long nanos : new long[] {100, 110, 90}) add(1, nanos);
        assertEquals(100, times.expected("one", "kind", 1).orElseThrow());
        assertEquals(300, times.expected("one", "kind", 3).orElseThrow());
        assertEquals(100, times.expected("another", "kind", 1).orElseThrow(), "what another needs is the best guess");
        assertTrue(times.expected("one", "other kind", 1).isEmpty());
    }

    @Test
    void aClockThatJumpsSaysNothing() {
        add(1, 1000);
        for (int i = 0; i < 4; i++) add(1, 100);
        add(1, -3_600_000_000_000L);
        add(1, 0);
        add(1, 3_600_000_000_000L);
        assertEquals(100, times.expected("one", "kind", 1).orElseThrow());
    }

    @Test
    void asManyAsGainGoTogether() {
        assertEquals(8, times.best("one", "kind", 8), "nothing speaks against it");
        add(1, 9999);
        add(1, 100);
        add(8, 8 * 75);
        assertEquals(8, times.best("one", "kind", 8));
        add(4, 4 * 60);
        assertEquals(4, times.best("one", "kind", 8), "eight were dearer an image than four");
        add(4, 4 * 150);
        add(4, 4 * 150);
        assertEquals(8, times.best("one", "kind", 8), "and then they were not");
        assertEquals(3, times.best("one", "kind", 3), "three are counted as two, and those are not measured yet");
    }

    @Test
    void aSizeThatWasTooDearIsTriedAgain() {
        add(1, 100);
        add(1, 100);
        add(2, 2 * 300);
        assertEquals(1, times.best("one", "kind", 2));
        for (int i = 0; i < 65; i++) add(1, 100);
        assertEquals(2, times.best("one", "kind", 2));
    }
}
