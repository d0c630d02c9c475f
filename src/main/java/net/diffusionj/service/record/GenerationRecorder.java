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

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.record.GenerationRecord.MemoryUse;
import net.diffusionj.service.record.GenerationRecord.Origin;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.settings.RecordSettings;

/**
 * Makes the record of every generation and hands it on: to Flight Recorder, to the log, to those who ask for the latest, and to the watch that warns. Nothing
 * that goes wrong here ends a generation.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class GenerationRecorder implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(GenerationRecorder.class.getName());
    private static final int KEPT = 200;

    private final GenerationLog log;
    private final MemoryProbe memory;
    private final Clock clock;
    private final String program;
    private final Supplier<List<OpenSession>> sessions;
    private final MemorySampler sampler;
    private final HeapLook heap;
    private final HealthWatch health = new HealthWatch();
    private final boolean flightRecorder = GenerationEvent.isAvailable();
    private final Deque<GenerationRecord> latest = new ArrayDeque<>();
    private boolean saidThatTheLogFails;

    /**
     * @param log where lines go
     * @param memory tells of RAM and GPUs
     * @param clock the time of day
     * @param program DiffusionJ's version
     * @param sessions what is open now
     */
    public GenerationRecorder(final GenerationLog log, final MemoryProbe memory, final Clock clock, final String program,
        final Supplier<List<OpenSession>> sessions) {
        this.log = log;
        this.memory = memory;
        this.clock = clock;
        this.program = program;
        this.sessions = sessions;
        this.sampler = new MemorySampler(memory, health::look);
        this.heap = new HeapLook(memory, System::nanoTime);
    }

    /**
     * @param home the DiffusionJ home
     * @param program DiffusionJ's version
     * @param sessions what is open now
     */
    public GenerationRecorder(final Path home, final String program, final Supplier<List<OpenSession>> sessions) {
        this(new GenerationLog(home), MemoryProbe.ofThisMachine(), Clock.systemUTC(), program, sessions);
    }

    /** @return what tells this process from others in a log */
    static String process() {
        final ProcessHandle self = ProcessHandle.current();
        return self.pid() + self.info().startInstant().map(start -> "-" + start.getEpochSecond()).orElse("");
    }

    /** @return notes for a generation that has just been called for; to be ended */
    public GenerationNotes begin() {
        final GenerationNotes notes =
            new GenerationNotes(memory.residentBytes(), memory.mostResidentBytes(), flightRecorder ? Optional.of(begunEvent()) : Optional.empty());
        sampler.watch(notes);
        return notes;
    }

    private static Object begunEvent() {
        final GenerationEvent event = new GenerationEvent();
        event.begin();
        return event;
    }

    /**
     * Ends a generation.
     *
     * @param notes of it
     * @param outcome how it ended
     * @param settings what may go to the disk
     * @param warning is told what the user should know now: that the log cannot be written, or what the latest records show; each once
     * @return its record
     */
    public GenerationRecord end(final GenerationNotes notes, final Outcome outcome, final RecordSettings settings, final Consumer<String> warning) {
        sampler.leave(notes);
        final GenerationRecord record = record(notes, outcome, settings.prompts());
        if (notes.event().isPresent() && notes.event().get() instanceof final GenerationEvent event) event.commit(record);
        keep(record);
        if (settings.log()) write(record).ifPresent(warning);
        health.add(record).stream().filter(found -> !found.kind().isToldByTheRun()).forEach(found -> warning.accept(found.text()));
        return record;
    }

    private GenerationRecord record(final GenerationNotes notes, final Outcome outcome, final boolean withPrompt) {
        final List<OpenSession> open = sessions.get();
        final OptionalLong after = memory.residentBytes();
        final MemoryUse use = new MemoryUse(notes.ram(after, memory.mostResidentBytes()), heap.afterGeneration(), notes.gpuSpan(), open.size(),
            open.stream().mapToLong(session -> session.ramBytes() + session.gpuBytes()).sum());
        final Origin origin = new Origin(clock.instant(), process(), program, notes.runtime(), notes.cuda(), notes.instance());
        return new GenerationRecord(origin, outcome, notes.work(withPrompt), notes.times(), use, notes.reused(), notes.ladder(), notes.fallback());
    }

    private synchronized void keep(final GenerationRecord record) {
        if (latest.size() == KEPT) latest.removeFirst();
        latest.addLast(record);
    }

    /** @return that the log cannot be written, the first time */
    private Optional<String> write(final GenerationRecord record) {
        try {
            log.append(record);
            return Optional.empty();
        }
        catch (final IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "no line in " + log.file(), e);
            synchronized (this) {
                if (saidThatTheLogFails) return Optional.empty();
                saidThatTheLogFails = true;
            }
            return Optional.of("Generations leave no record in " + log.file() + ": " + e.getMessage() + ". Free some space or make the folder writable, or set"
                + " record.log to false.");
        }
    }

    /** @return records of the last {@value #KEPT} generations of this program, the latest last */
    public synchronized List<GenerationRecord> latest() {
        return new ArrayList<>(latest);
    }

    /** @param states of the machine's GPUs now, looked at by somebody else
     *  @return what they show that was not told yet */
    public List<HealthWarning> look(final List<GpuState> states) {
        return health.look(states);
    }

    /** @return everything that was warned of since the program began */
    public List<HealthWarning> warnings() {
        return health.all();
    }

    @Override
    public void close() {
        sampler.close();
    }
}
