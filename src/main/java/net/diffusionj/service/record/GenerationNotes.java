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

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import net.diffusionj.service.record.GenerationRecord.Reused;
import net.diffusionj.service.record.GenerationRecord.Span;
import net.diffusionj.service.record.GenerationRecord.StageMillis;
import net.diffusionj.service.record.GenerationRecord.Work;

/**
 * What one run notes down of itself, from the call to its end; the {@link GenerationRecorder} makes the record of it. Everything can be noted again: the last
 * word counts.
 * <p>
 * Thread-safe: the run's own threads note, and the thread that watches the memory.
 * </p>
 */
public final class GenerationNotes {

    private static final double NANOS_PER_MILLI = 1e6;

    private final long calledNanos = System.nanoTime();
    private final OptionalLong ramBefore;
    private final OptionalLong mostRamBefore;
    /** Of type {@link GenerationEvent}, a class that a Java without Flight Recorder cannot load. */
    private final Optional<Object> event;
    private OptionalLong ramPeak;
    private OptionalLong gpuBefore = OptionalLong.empty();
    private OptionalLong gpuPeak = OptionalLong.empty();
    private OptionalLong gpuLast = OptionalLong.empty();
    private Optional<Integer> gpu = Optional.empty();
    private long queuedNanos = calledNanos;
    private long waitedNanos;
    private int instance;
    private Work work = new Work("", "", Optional.empty(), 0, 0, 0, 0, "", "", Optional.empty());
    private String runtime = "";
    private boolean cuda;
    private Reused reused = Reused.NOTHING;
    private List<String> ladder = List.of();
    private Optional<String> fallback = Optional.empty();
    private StageMillis times = new StageMillis(0, 0, 0, 0, List.of(), 0, 0, 0);

    /** @param ramBefore what of the process lies in RAM now
     *  @param mostRamBefore the most that ever has
     *  @param event begun */
    GenerationNotes(final OptionalLong ramBefore, final OptionalLong mostRamBefore, final Optional<Object> event) {
        this.ramBefore = ramBefore;
        this.mostRamBefore = mostRamBefore;
        this.ramPeak = ramBefore;
        this.event = event;
    }

    /** Notes that it waits for its turn from here on, perhaps once more. Without a word, it does so from the call on. */
    public synchronized void queued() {
        queuedNanos = System.nanoTime();
    }

    /**
     * Notes that the wait is over and the work begins.
     *
     * @param onInstance which instance does it, from 0
     */
    public synchronized void started(final int onInstance) {
        waitedNanos += System.nanoTime() - queuedNanos;
        instance = onInstance;
    }

    /** @param what was asked for, as far as it is known; the provider and the hash come later */
    public synchronized void work(final Work what) {
        work = what;
    }

    /** @param hash SHA-256 over the model's files */
    public synchronized void modelHash(final String hash) {
        work = new Work(work.task(), work.model(), Optional.of(hash), work.widthPx(), work.heightPx(), work.steps(), work.images(), work.scheduler(),
            work.provider(), work.prompt());
    }

    /**
     * @param provider what the UNet runs on
     * @param gpuIndex the NVIDIA GPU that it is; empty for anything else
     */
    public synchronized void provider(final String provider, final Optional<Integer> gpuIndex) {
        work = new Work(work.task(), work.model(), work.modelHash(), work.widthPx(), work.heightPx(), work.steps(), work.images(), work.scheduler(), provider,
            work.prompt());
        gpu = gpuIndex;
    }

    /**
     * @param version of ONNX Runtime
     * @param cudaBuild whether it is the build for NVIDIA GPUs
     */
    public synchronized void runtime(final String version, final boolean cudaBuild) {
        runtime = version;
        cuda = cudaBuild;
    }

    /** @param what was there from earlier runs */
    public synchronized void reused(final Reused what) {
        reused = what;
    }

    /** @param steps what was done because memory was short */
    public synchronized void ladder(final List<String> steps) {
        ladder = List.copyOf(steps);
    }

    /** @param why it runs on the CPU where a GPU was wanted */
    public synchronized void fallback(final String why) {
        fallback = Optional.of(why);
    }

    /** @param stages where the time went; its queue and total are left out of account */
    public synchronized void times(final StageMillis stages) {
        times = stages;
    }

    synchronized Optional<Integer> gpu() {
        return gpu;
    }

    synchronized void sawRam(final OptionalLong resident) {
        ramPeak = larger(ramPeak, resident);
    }

    synchronized void sawGpu(final long usedBytes) {
        final OptionalLong used = OptionalLong.of(usedBytes);
        if (gpuBefore.isEmpty()) gpuBefore = used;
        gpuPeak = larger(gpuPeak, used);
        gpuLast = used;
    }

    private static OptionalLong larger(final OptionalLong one, final OptionalLong other) {
        if (one.isEmpty()) return other;
        return other.isEmpty() ? one : OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }

    Optional<Object> event() {
        return event;
    }

    /** A process's most, where it has grown, is exact; looks ten times a second may miss it. */
    synchronized Span ram(final OptionalLong after, final OptionalLong mostNow) {
        sawRam(after);
        if (mostNow.orElse(0) > mostRamBefore.orElse(Long.MAX_VALUE)) sawRam(mostNow);
        return new Span(ramBefore, ramPeak, after);
    }

    synchronized Span gpuSpan() {
        return new Span(gpuBefore, gpuPeak, gpuLast);
    }

    synchronized Work work(final boolean withPrompt) {
        return withPrompt ? work : new Work(work.task(), work.model(), work.modelHash(), work.widthPx(), work.heightPx(), work.steps(), work.images(),
            work.scheduler(), work.provider(), Optional.empty());
    }

    synchronized StageMillis times() {
        return new StageMillis(waitedNanos / NANOS_PER_MILLI, times.load(), times.text(), times.denoise(), times.steps(), times.model(), times.decode(),
            (System.nanoTime() - calledNanos) / NANOS_PER_MILLI);
    }

    synchronized int instance() {
        return instance;
    }

    synchronized String runtime() {
        return runtime;
    }

    synchronized boolean cuda() {
        return cuda;
    }

    synchronized Reused reused() {
        return reused;
    }

    synchronized List<String> ladder() {
        return ladder;
    }

    synchronized Optional<String> fallback() {
        return fallback;
    }
}
