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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.provider.NvidiaDriver;
import net.diffusionj.service.record.HealthWarning.Kind;

/**
 * Warns, once for each kind and subject, of what records and looks at the GPUs show. Takes the records of one program as they come, or those of a log.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class HealthWatch {

    /** Series that are followed at the same time; the one that was touched longest ago goes. */
    private static final int SERIES = 64;
    /** What the memory ladder says of a part that has left the GPU. */
    private static final String MOVED = "it ran on the CPU";

    private final Map<String, MemoryClimb> memory = bounded();
    private final Map<String, SlowerSteps> steps = bounded();
    private final Map<Integer, GpuHealth> gpus = new HashMap<>();
    private final List<HealthWarning> all = new ArrayList<>();
    private final List<HealthWarning> untold = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private boolean wantsDriver;

    private static <T> Map<String, T> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<String, T> eldest) {
                return size() > SERIES;
            }
        };
    }

    /**
     * @param record the next generation
     * @return what was not told yet, of this record and of looks before it
     */
    public synchronized List<HealthWarning> add(final GenerationRecord record) {
        wantsDriver |= record.origin().cuda();
        if (!record.reused().result()) {
            final String process = record.origin().process();
            memory.computeIfAbsent(process, key -> new MemoryClimb()).add(record).ifPresent(text -> warn(Kind.MEMORY_CLIMBS, process, text));
            if (record.outcome().end() == GenerationRecord.End.MADE) {
                final String kind = SlowerSteps.kind(record);
                steps.computeIfAbsent(kind, key -> new SlowerSteps()).add(record).ifPresent(text -> warn(Kind.STEPS_SLOWER, kind, text));
            }
        }
        record.fallback().ifPresent(text -> warn(Kind.CPU_FALLBACK, text, text + " 'diffusionj info' shows what the GPU lacks."));
        record.ladder().stream().filter(step -> step.contains(MOVED)).forEach(step -> warn(Kind.CPU_FALLBACK, step,
            step + " Ask for smaller images or batches, or close what else uses the GPU."));
        return take();
    }

    /** @param states of the machine's GPUs now
     *  @return what was not told yet */
    public synchronized List<HealthWarning> look(final List<GpuState> states) {
        for (final GpuState state : states) {
            gpus.computeIfAbsent(state.index(), index -> new GpuHealth()).look(state).forEach(found -> warn(found.kind(), found.subject(), found.text()));
            if (wantsDriver) oldDriver(state.driver()).ifPresent(text -> warn(Kind.OLD_DRIVER, state.driver(), text));
        }
        return List.copyOf(untold);
    }

    private static Optional<String> oldDriver(final String driver) {
        return NvidiaDriver.tooOldForCuda(driver).map(wanted -> "The NVIDIA driver " + driver + " is older than this ONNX Runtime, built for CUDA 12, wants: "
            + wanted + " or newer. Install a newer driver.");
    }

    private void warn(final Kind kind, final String subject, final String text) {
        if (!told.add(kind + " " + subject)) return;
        final HealthWarning warning = new HealthWarning(kind, subject, text);
        all.add(warning);
        untold.add(warning);
    }

    private List<HealthWarning> take() {
        final List<HealthWarning> taken = List.copyOf(untold);
        untold.clear();
        return taken;
    }

    /** @return everything that was warned of, in its order */
    public synchronized List<HealthWarning> all() {
        return List.copyOf(all);
    }
}
