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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.settings.RecordSettings;

/** How much of the heap lies in RAM: looked at seldom, and never taken for memory that a program keeps. */
class HeapLookTest {

    private static final long MB = 1_000_000;
    private static final int GENERATIONS = 60;

    /** A process whose memory a test sets. */
    private static final class Process implements MemoryProbe {
        private final AtomicLong resident = new AtomicLong(400 * MB);
        private final AtomicLong heap = new AtomicLong(20 * MB);
        private final AtomicLong clock = new AtomicLong();
        private long costNanos;
        private int looks;

        @Override
        public OptionalLong residentBytes() {
            return OptionalLong.of(resident.get());
        }

        @Override
        public OptionalLong residentHeapBytes() {
            looks++;
            clock.addAndGet(costNanos);
            return OptionalLong.of(heap.get());
        }

        @Override
        public OptionalLong availableBytes() {
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong totalBytes() {
            return OptionalLong.empty();
        }
    }

    @Test
    void looksTakeAHundredthOfTheTimeAndNoneOfTheFirstGenerations() {
        final Process process = new Process();
        process.costNanos = 20 * MB;
        final HeapLook look = new HeapLook(process, process.clock::get);
        for (int i = 1; i < MemoryClimb.WARM_UP; i++) assertEquals(Runtime.getRuntime().totalMemory(), look.afterGeneration(), "generation " + i);
        assertEquals(0, process.looks);
        assertEquals(20 * MB, look.afterGeneration());
        process.heap.set(30 * MB);
        for (int i = 0; i < 200; i++) {
            process.clock.addAndGet(100 * MB);
            assertEquals((i < 19 ? 20 : 30) * MB, look.afterGeneration(), "generation " + i);
        }
        // 200 generations of 0.1 s, and a look of 0.02 s after every 2 s of them.
        assertEquals(11, process.looks);
    }

    @Test
    void whereNothingTellsItIsWhatTheHeapHasTaken() {
        final MemoryProbe silent = new MemoryProbe() {
            @Override
            public OptionalLong residentBytes() {
                return OptionalLong.empty();
            }

            @Override
            public OptionalLong availableBytes() {
                return OptionalLong.empty();
            }

            @Override
            public OptionalLong totalBytes() {
                return OptionalLong.empty();
            }
        };
        final HeapLook look = new HeapLook(silent, System::nanoTime);
        for (int i = 0; i < 10; i++) assertEquals(Runtime.getRuntime().totalMemory(), look.afterGeneration());
    }

    private static List<String> warnings(final Path home, final long heapGrowth) {
        final Process process = new Process();
        final List<String> warnings = new ArrayList<>();
        try (GenerationRecorder recorder = new GenerationRecorder(new GenerationLog(home), process, Clock.systemUTC(), "test", List::of)) {
            for (int i = 0; i < GENERATIONS; i++) {
                final GenerationNotes notes = recorder.begin();
                notes.started(0);
                process.resident.addAndGet(8 * MB);
                process.heap.addAndGet(heapGrowth);
                recorder.end(notes, new Outcome(End.MADE, ""), new RecordSettings(false, false), warnings::add);
            }
        }
        return warnings;
    }

    @Test
    void aHeapWhosePagesAreUsedForTheFirstTimeIsNoClimb(@TempDir final Path home) {
        assertEquals(List.of(), warnings(home, 8 * MB));
        final List<String> climbing = warnings(home, 0);
        assertEquals(1, climbing.size(), climbing::toString);
        assertTrue(climbing.get(0).startsWith("Memory grows by about 8.0 MB with every generation"), climbing::toString);
    }
}
