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
package net.diffusionj.service;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.HealthWarning;

/**
 * What a session monitor shows and does: looks at the two services, and loads nothing to do so. Draws nothing.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class SessionWatch {

    private final DiffusionService diffusion;
    private final OnnxSessionService sessions;
    private final MemoryProbe memory;

    /**
     * Everything at one moment.
     *
     * @param sessions what is open, the one used last first
     * @param residentBytes what of this program lies in RAM; empty where the platform does not say
     * @param queue who works and who waits
     * @param records the latest generations, the latest last
     * @param gpus NVIDIA GPUs, as they were at the last look
     * @param warnings everything that was warned of
     */
    public record Figures(List<OpenSession> sessions, OptionalLong residentBytes, QueueSnapshot queue, List<GenerationRecord> records, List<GpuState> gpus,
        List<HealthWarning> warnings) {

        /** Copies the lists. */
        public Figures {
            sessions = List.copyOf(sessions);
            records = List.copyOf(records);
            gpus = List.copyOf(gpus);
            warnings = List.copyOf(warnings);
        }

        /** @return memory that the sessions took when they were opened */
        public long sessionBytes() {
            return sessions.stream().mapToLong(session -> session.ramBytes() + session.gpuBytes()).sum();
        }
    }

    /** @param diffusion has queue, records and warnings
     *  @param sessions has the open models */
    public SessionWatch(final DiffusionService diffusion, final OnnxSessionService sessions) {
        this(diffusion, sessions, MemoryProbe.ofThisMachine());
    }

    SessionWatch(final DiffusionService diffusion, final OnnxSessionService sessions, final MemoryProbe memory) {
        this.diffusion = diffusion;
        this.sessions = sessions;
        this.memory = memory;
    }

    /** @return the GPUs as they are now, which the watch over health gets to know too; takes tens of milliseconds where there are any */
    public List<GpuState> gpus() {
        final List<GpuState> states = memory.gpus();
        diffusion.look(states);
        return states;
    }

    /** @param gpus as {@link #gpus} has given them
     *  @return everything else as it is now */
    public Figures figures(final List<GpuState> gpus) {
        return new Figures(open(), memory.residentBytes(), diffusion.queue(), diffusion.records(), gpus, diffusion.healthWarnings());
    }

    /** Instances have sessions of their own beside those that scripts and one instance share. */
    private List<OpenSession> open() {
        return Stream.concat(sessions.open().stream(), diffusion.openSessions().stream()).distinct()
            .sorted(Comparator.comparing(OpenSession::lastUse).reversed())
            .toList();
    }

    /** Closes what nobody uses and has not pinned. */
    public void release() {
        diffusion.releaseMemory();
    }

    /**
     * @param model a file that is open
     * @param keep whether it is to stay open while nobody uses it
     */
    public void pin(final Path model, final boolean keep) {
        diffusion.pin(model, keep);
        if (sessions.open().isEmpty()) return;
        if (keep) sessions.cache().pin(model);
        else sessions.cache().unpin(model);
    }
}
