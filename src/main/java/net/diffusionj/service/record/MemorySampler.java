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

import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;

/**
 * Looks at the memory while generations run, on a daemon thread that is there as long as one does: ten times a second at RAM, every two seconds at NVIDIA
 * GPUs, whose program takes tens of milliseconds. Thread-safe.
 */
final class MemorySampler implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(MemorySampler.class.getName());
    private static final long RAM_MILLIS = 100;
    private static final int RAM_PER_GPU = 20;

    private final MemoryProbe memory;
    private final Consumer<List<GpuState>> gpuListener;
    private final Set<GenerationNotes> running = new HashSet<>();
    private ScheduledExecutorService thread;
    private int ticks;

    /** @param memory tells
     *  @param gpuListener hears of every look at the GPUs */
    MemorySampler(final MemoryProbe memory, final Consumer<List<GpuState>> gpuListener) {
        this.memory = memory;
        this.gpuListener = gpuListener;
    }

    synchronized void watch(final GenerationNotes notes) {
        running.add(notes);
        if (thread != null) return;
        ticks = 0;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread daemon = new Thread(task, "DiffusionJ watches memory");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(this::tick, RAM_MILLIS, RAM_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void leave(final GenerationNotes notes) {
        running.remove(notes);
        if (running.isEmpty()) close();
    }

    private synchronized Set<GenerationNotes> now() {
        return Set.copyOf(running);
    }

    private void tick() {
        try {
            final Set<GenerationNotes> runs = now();
            final var resident = memory.residentBytes();
            runs.forEach(notes -> notes.sawRam(resident));
            if (ticks++ % RAM_PER_GPU == 0 && runs.stream().anyMatch(notes -> notes.gpu().isPresent())) lookAtGpus(runs);
        }
        catch (final RuntimeException | OutOfMemoryError e) {
            // What came through would end the watch without a word.
            LOG.log(Level.DEBUG, "The memory could not be looked at.", e);
        }
    }

    private void lookAtGpus(final Set<GenerationNotes> runs) {
        final List<GpuState> states = memory.gpus();
        for (final GenerationNotes notes : runs) {
            final Optional<Integer> index = notes.gpu();
            states.stream().filter(state -> index.isPresent() && state.index() == index.get()).flatMap(state -> state.memory().stream())
                .mapToLong(GpuMemory::usedBytes).forEach(notes::sawGpu);
        }
        if (!states.isEmpty()) gpuListener.accept(states);
    }

    @Override
    public synchronized void close() {
        if (thread == null) return;
        thread.shutdown();
        thread = null;
    }
}
