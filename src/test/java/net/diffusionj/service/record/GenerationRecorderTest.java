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
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.record.GenerationRecord.StageMillis;
import net.diffusionj.service.settings.RecordSettings;

/** The recorder with a machine whose clock and memory do what a test says. */
@Timeout(60)
class GenerationRecorderTest {

    private static final RecordSettings LOGGED = new RecordSettings(true, false);
    private static final Outcome MADE = new Outcome(End.MADE, "");

    @TempDir
    private Path home;

    /** A clock that is set at every look, and memory that a test sets. */
    private static final class Machine extends Clock implements MemoryProbe {
        private final Iterator<Instant> times;
        private volatile long resident = 1000;
        private volatile long gpuUsed = 5;

        Machine(final Instant... times) {
            this.times = List.of(times).iterator();
        }

        @Override
        public Instant instant() {
            return times.next();
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
        public OptionalLong residentBytes() {
            return OptionalLong.of(resident);
        }

        @Override
        public OptionalLong availableBytes() {
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong totalBytes() {
            return OptionalLong.empty();
        }

        @Override
        public List<GpuState> gpus() {
            return List.of(new GpuState(1, "x", "999.1", OptionalInt.empty(), Optional.of(new GpuMemory(100, gpuUsed)), OptionalInt.empty(),
                OptionalInt.empty(), OptionalInt.empty(), Optional.empty()));
        }
    }

    private GenerationRecorder recorder(final Machine machine) {
        return new GenerationRecorder(new GenerationLog(home), machine, machine, "test", List::of);
    }

    @Test
    void aClockThatIsSetBackChangesLabelsAndNothingElse() throws Exception {
        final Machine machine = new Machine(Instant.parse("2030-01-01T00:00:00Z"), Instant.parse("1999-01-01T00:00:00Z"));
        final List<GenerationRecord> made = new ArrayList<>();
        try (GenerationRecorder recorder = recorder(machine)) {
            for (int i = 0; i < 2; i++) {
                final GenerationNotes notes = recorder.begin();
                Thread.sleep(30);
                notes.started(2);
                Thread.sleep(30);
                made.add(recorder.end(notes, MADE, LOGGED, warning -> {
                    throw new AssertionError(warning);
                }));
            }
        }
        for (final GenerationRecord record : made) {
            final StageMillis times = record.times();
            assertTrue(times.queue() >= 30 && times.queue() < 10_000 && times.total() >= times.queue() + 30 && times.total() < 20_000, times::toString);
            assertEquals(2, record.origin().instance());
        }
        assertEquals(List.of("2030-01-01T00:00:00Z", "1999-01-01T00:00:00Z"),
            new GenerationLog(home).read(10).records().stream().map(record -> record.origin().ended().toString()).toList(), "as they came");
    }

    @Test
    void onlyTheTimeInTheQueueIsWaited() throws Exception {
        try (GenerationRecorder recorder = recorder(new Machine(Instant.EPOCH))) {
            final GenerationNotes notes = recorder.begin();
            for (int attempt = 0; attempt < 2; attempt++) {
                Thread.sleep(50);
                notes.queued();
                Thread.sleep(20);
                notes.started(attempt);
            }
            final StageMillis times = recorder.end(notes, MADE, LOGGED, warning -> {}).times();
            assertTrue(times.queue() >= 40 && times.queue() <= times.total() - 100, times::toString);
        }
    }

    @Test
    void thePeakIsSeenWhileTheRunGoesOn() throws Exception {
        final Machine machine = new Machine(Instant.EPOCH);
        try (GenerationRecorder recorder = recorder(machine)) {
            final GenerationNotes notes = recorder.begin();
            notes.provider("cuda", Optional.of(1));
            machine.resident = 9000;
            machine.gpuUsed = 50;
            Thread.sleep(600);
            machine.resident = 2000;
            final GenerationRecord record = recorder.end(notes, MADE, LOGGED, warning -> {});
            assertEquals(new GenerationRecord.Span(OptionalLong.of(1000), OptionalLong.of(9000), OptionalLong.of(2000)), record.memory().ram());
            assertEquals(OptionalLong.of(50), record.memory().gpu().peak());
        }
    }

    @Test
    void theLatestAreKeptInMemoryAndNoMore() {
        final Machine machine = new Machine(java.util.stream.Stream.generate(() -> Instant.EPOCH).limit(250).toArray(Instant[]::new));
        try (GenerationRecorder recorder = recorder(machine)) {
            for (int i = 0; i < 250; i++) {
                final GenerationNotes notes = recorder.begin();
                notes.started(i);
                recorder.end(notes, MADE, new RecordSettings(false, false), warning -> {});
            }
            assertEquals(200, recorder.latest().size());
            assertEquals(249, recorder.latest().get(199).origin().instance());
        }
    }
}
