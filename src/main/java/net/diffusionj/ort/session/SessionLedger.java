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
package net.diffusionj.ort.session;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.onnx.ModelFiles;

/**
 * The books of a {@link SessionCache}: which sessions there are, who has them, what they take, and which of them may go. Opens and closes none.
 * <p>
 * Thread-safe: each method is one step under one lock, and none waits for anything else.
 * </p>
 */
final class SessionLedger {

    private final CacheLimits limits;
    private final Map<SessionEntry.Key, SessionEntry> entries = new HashMap<>();
    private final Set<SessionEntry> replaced = new HashSet<>();
    private final Set<SessionEntry> opening = new HashSet<>();
    private final Set<Path> pinned = new HashSet<>();
    /** What each GPU has, as told when a session was opened on it. */
    private final Map<GpuDevice, GpuMemory> gpus = new HashMap<>();
    private boolean closed;

    SessionLedger(final CacheLimits limits) {
        this.limits = limits;
    }

    /**
     * A lease that was entered.
     *
     * @param entry whose session it is of
     * @param first whether the session is still to be opened, by the receiver of this
     * @param stale what is to be closed because its model has changed
     */
    record Claim(SessionEntry entry, boolean first, List<SessionEntry> stale) {}

    synchronized Claim claim(final SessionEntry.Key key, final ModelFiles files, final Optional<GpuDevice> gpu) {
        if (closed) throw new DiffusionJException("The session cache is closed; " + key.file() + " cannot be opened any more.");
        final List<SessionEntry> stale = new ArrayList<>();
        final SessionEntry known = entries.get(key);
        if (known != null && files.differFrom(known.files)) retire(known, stale);
        final boolean first = !entries.containsKey(key);
        final SessionEntry entry = entries.computeIfAbsent(key, k -> new SessionEntry(k, files, gpu));
        entry.leases++;
        return new Claim(entry, first, stale);
    }

    /** @return the session's entry with one lease more; empty if it is not open, or its model has changed, or the cache is closed */
    synchronized Optional<SessionEntry> claimOpen(final SessionEntry.Key key, final ModelFiles files) {
        final SessionEntry entry = entries.get(key);
        if (closed || entry == null || !entry.session.isDone() || entry.session.isCompletedExceptionally() || files.differFrom(entry.files)) {
            return Optional.empty();
        }
        entry.leases++;
        return Optional.of(entry);
    }

    /**
     * Enters leases for a moment's work on sessions, so that nobody closes them meanwhile. Does not count as a use.
     *
     * @param which of those that are open
     * @return their entries, each to be {@link #returned}
     */
    synchronized List<SessionEntry> borrow(final Predicate<OnnxSession> which) {
        final List<SessionEntry> borrowed = Stream.concat(entries.values().stream(), replaced.stream())
            .filter(entry -> entry.session.isDone() && !entry.session.isCompletedExceptionally() && which.test(entry.session.join())).toList();
        borrowed.forEach(entry -> entry.leases++);
        return borrowed;
    }

    private void retire(final SessionEntry entry, final List<SessionEntry> toClose) {
        entries.remove(entry.key, entry);
        entry.replaced = true;
        if (entry.isIdle()) toClose.add(entry);
        else replaced.add(entry);
    }

    /** @param entry whose session did not open */
    synchronized void forget(final SessionEntry entry) {
        entries.remove(entry.key, entry);
        replaced.remove(entry);
    }

    synchronized void beginOpening(final SessionEntry entry) {
        opening.add(entry);
        if (opening.size() > 1) opening.forEach(other -> other.openedAlone = false);
    }

    /**
     * What two sessions took that were opened at the same time cannot be told apart; their files' sizes stand for it.
     *
     * @param entry is open now, or failed to open
     * @param ramGrown RAM that the process has taken meanwhile; 0 if unknown
     * @param gpuGrown the same of the GPU's memory
     */
    synchronized void endOpening(final SessionEntry entry, final long ramGrown, final long gpuGrown) {
        opening.remove(entry);
        entry.ramBytes = entry.openedAlone && ramGrown > 0 ? ramGrown : entry.gpu.isPresent() ? 0 : entry.files.bytes();
        if (entry.gpu.isPresent() && entry.openedAlone && gpuGrown > 0) entry.gpuBytes = gpuGrown;
    }

    /** @param device a GPU
     *  @param memory what it has now */
    synchronized void remember(final GpuDevice device, final GpuMemory memory) {
        gpus.put(device, memory);
    }

    /** @return whether no more than one lease of all sessions is out */
    synchronized boolean hasAtMostOneLease() {
        return Stream.concat(entries.values().stream(), replaced.stream()).mapToInt(entry -> entry.leases).sum() <= 1;
    }

    /**
     * Enters that a lease comes back.
     *
     * @param entry whose it is
     * @param now when
     * @return whether it is the last one; it counts until {@link #returned}
     */
    synchronized boolean returning(final SessionEntry entry, final Instant now) {
        entry.lastUse = now;
        if (entry.leases == 1) return true;
        entry.leases--;
        return false;
    }

    /** @param entry whose last lease is back
     *  @return whether its session is to be closed */
    synchronized boolean returned(final SessionEntry entry) {
        entry.leases--;
        final boolean closeIt = entry.leases == 0 && (closed || entry.replaced);
        if (closeIt) forget(entry);
        return closeIt;
    }

    synchronized void pin(final Path file) {
        pinned.add(file);
    }

    synchronized void unpin(final Path file) {
        pinned.remove(file);
    }

    /**
     * Strikes out the idle session used longest ago if there is too little room.
     *
     * @param newBytes size of a model that is about to be opened; 0 to look at those that are open
     * @param gpu the GPU that it goes to; empty for the CPU
     * @param freeRam what of the machine's memory could be taken
     * @param freeGpu what of the GPU's
     * @return whose session is to be closed; empty if there is room, or nothing that may go
     */
    synchronized Optional<SessionEntry> victim(final long newBytes, final Optional<GpuDevice> gpu, final long freeRam, final long freeGpu) {
        final long newRam = gpu.isPresent() ? 0 : newBytes;
        final boolean shortOfRam = ramBytes(entries.values()) > limits.maxRamBytes() - newRam || freeRam - newRam < limits.minFreeBytes();
        final List<SessionEntry> onGpu = entries.values().stream().filter(entry -> gpu.isPresent() && entry.gpu.equals(gpu)).toList();
        final long newGpu = gpu.isPresent() ? newBytes : 0;
        final long mostGpu = gpu.map(device -> limits.maxGpuBytes(Optional.ofNullable(gpus.get(device)))).orElse(Long.MAX_VALUE);
        final boolean shortOfGpu = sum(onGpu.stream(), entry -> entry.gpuBytes) > mostGpu - newGpu || freeGpu < newGpu;
        if (!shortOfRam && !shortOfGpu) return Optional.empty();
        final Optional<SessionEntry> victim =
            (shortOfRam ? entries.values() : onGpu).stream().filter(this::mayGo).min(Comparator.comparing(entry -> entry.lastUse));
        victim.ifPresent(entry -> entries.remove(entry.key));
        return victim;
    }

    private boolean mayGo(final SessionEntry entry) {
        return entry.isIdle() && !pinned.contains(entry.key.file());
    }

    /**
     * Strikes out idle sessions.
     *
     * @param which of them
     * @return whose sessions are to be closed
     */
    synchronized List<SessionEntry> take(final Predicate<SessionEntry> which) {
        final List<SessionEntry> taken = entries.values().stream().filter(entry -> (closed ? entry.isIdle() : mayGo(entry)) && which.test(entry)).toList();
        taken.forEach(entry -> entries.remove(entry.key));
        return taken;
    }

    /** Enters no lease any more; pins do not count from now on. */
    synchronized void close() {
        closed = true;
    }

    synchronized int size() {
        return entries.size() + replaced.size();
    }

    synchronized long ramBytes() {
        return ramBytes(entries.values()) + ramBytes(replaced);
    }

    private static long ramBytes(final Collection<SessionEntry> all) {
        return sum(all.stream(), entry -> entry.ramBytes);
    }

    private static long sum(final Stream<SessionEntry> all, final ToLongFunction<SessionEntry> bytes) {
        return all.mapToLong(bytes).sum();
    }

    synchronized Map<GpuDevice, Long> gpuBytes() {
        return Stream.concat(entries.values().stream(), replaced.stream()).filter(entry -> entry.gpu.isPresent())
            .collect(Collectors.groupingBy(entry -> entry.gpu.orElseThrow(), Collectors.summingLong(entry -> entry.gpuBytes)));
    }

    /** @return what is open, the one used last first */
    synchronized List<OpenSession> open() {
        return Stream.concat(entries.values().stream(), replaced.stream()).filter(entry -> entry.session.isDone())
            .map(entry -> entry.describe(pinned.contains(entry.key.file()))).sorted(Comparator.comparing(OpenSession::lastUse).reversed()).toList();
    }
}
