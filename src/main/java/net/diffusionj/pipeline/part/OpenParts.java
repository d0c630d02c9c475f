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
package net.diffusionj.pipeline.part;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.memory.NativeHeap;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionLease;

/**
 * The parts of a model for the time of one run, by role. They open side by side and are waited for when they are first used. Holds leases, which
 * {@link #close()} returns; the sessions stay in the cache.
 * <p>
 * One run's own. Parts are begun and waited for on its thread; {@link #use} and {@link #useFloat32} may also be called from the thread that decodes.
 * </p>
 */
public final class OpenParts implements AutoCloseable {

    private final ModelFolder folder;
    private final PartSource source;
    private final Map<PartRole, LoadingPart<SessionLease>> parts = new LinkedHashMap<>();
    private final Map<PartRole, PartInUse> inUse = new EnumMap<>(PartRole.class);
    private final Map<PartRole, Optional<PartInUse>> inFloat32 = new EnumMap<>(PartRole.class);
    private final List<SessionLease> extraLeases = new ArrayList<>();
    private final MemoryLadder.Warnings memoryWarnings = new MemoryLadder.Warnings();
    private long waitedNanos;
    private int found;

    /**
     * @param folder the model
     * @param source where its parts come from
     */
    public OpenParts(final ModelFolder folder, final PartSource source) {
        this.folder = folder;
        this.source = source;
    }

    /**
     * Begins to lease a part, opening it if it is not open yet. What cannot be opened fails when it is first used.
     *
     * @param role which part
     * @throws net.diffusionj.InvalidInputException if the model has no such part
     */
    public void begin(final PartRole role) {
        if (parts.containsKey(role)) return;
        final LoadingPart<SessionLease> part = source.begin(role.file(folder), role.choice(source.policy()));
        if (part.isDone()) found++;
        parts.put(role, part);
    }

    /** @return parts that were open when they were begun */
    public int found() {
        return found;
    }

    /** @return parts that were opened for this run */
    public int opened() {
        return parts.size() - found;
    }

    /** @return what had to be done because memory was short, one sentence a step */
    public List<String> memorySteps() {
        return memoryWarnings.texts();
    }

    /** @param role a part
     *  @return whether it was begun */
    public boolean has(final PartRole role) {
        return parts.containsKey(role);
    }

    /** @return whether every part that was begun is open */
    public boolean isOpen() {
        return parts.values().stream().allMatch(LoadingPart::isDone);
    }

    /**
     * Waits for something of the model, and counts the time.
     *
     * @param <T> what is opened
     * @param loading what is being opened
     * @return what was opened
     */
    public <T> T await(final LoadingPart<T> loading) {
        if (loading.isDone()) return loading.await(source.cancel());
        final long start = System.nanoTime();
        try {
            return loading.await(source.cancel());
        }
        finally {
            waitedNanos += System.nanoTime() - start;
        }
    }

    /** @return nanoseconds that the run has waited for parts to open */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Waits for a part, beginning it if nothing has yet. */
    private SessionLease lease(final PartRole role) {
        begin(role);
        return await(parts.get(role));
    }

    /**
     * Lends a part, waiting for it if need be.
     *
     * @param role which part
     * @return one for the whole run, so that a part that has moved to the CPU stays there
     */
    public PartInUse use(final PartRole role) {
        final SessionLease lease = lease(role);
        synchronized (this) {
            return inUse.computeIfAbsent(role, key -> newPart(role.title(), lease));
        }
    }

    /**
     * Lends the part again, computing in float32.
     *
     * @param role which part
     * @return one for the whole run; empty if the part computes in float32 anyway
     */
    public Optional<PartInUse> useFloat32(final PartRole role) {
        final SessionLease half = lease(role);
        synchronized (this) {
            return inFloat32.computeIfAbsent(role, key -> source.sessions().leaseFloat32(half.file(), half.providers()).map(lease -> {
                extraLeases.add(lease);
                return newPart(role.title() + " in float32", lease);
            }));
        }
    }

    private PartInUse newPart(final String name, final SessionLease lease) {
        return new PartInUse(name, lease, memoryWarnings, this::releaseMemory, () -> runsOnCpu(lease) ? Optional.empty() : Optional.of(onCpu(lease)));
    }

    private void releaseMemory() {
        parts.values().stream().filter(LoadingPart::isDone).forEach(part -> part.whenOpen(SessionLease::shrink));
        source.sessions().closeIdle();
        // Direct buffers that nobody holds any more are freed by the collector only.
        System.gc();
        NativeHeap.trim();
    }

    private synchronized SessionLease onCpu(final SessionLease lease) {
        final SessionLease moved = source.sessions().lease(lease.file(), ProviderChoice.CPU);
        extraLeases.add(moved);
        return moved;
    }

    private static boolean runsOnCpu(final SessionLease lease) {
        return lease.providers().get(0) == ExecutionProvider.CPU;
    }

    /** @param role a part
     *  @return the providers that it was opened with, the preferred one first */
    public List<ExecutionProvider> providers(final PartRole role) {
        return lease(role).providers();
    }

    /** @param role a part, opened or not
     *  @return the providers that it would be opened with */
    public List<ExecutionProvider> expectedProviders(final PartRole role) {
        return source.sessions().providers().resolve(role.choice(source.policy()));
    }

    /** @param role a part
     *  @return memory that could be taken for runs of it; empty if unknown */
    public OptionalLong freeBytes(final PartRole role) {
        return source.sessions().freeBytes(providers(role));
    }

    /** @return what had to be done because memory was short, and where parts run that should run elsewhere, for the user; complete after the run */
    public List<String> warnings() {
        final List<String> warnings = new ArrayList<>(memoryWarnings.texts());
        parts.values().stream().filter(LoadingPart::isDone).forEach(part -> part.whenOpen(lease -> lease.placementWarning().ifPresent(warnings::add)));
        return warnings;
    }

    /** Returns what is open, and what is still being opened as soon as it is. */
    @Override
    public void close() {
        parts.values().forEach(part -> part.whenOpen(SessionLease::close));
        extraLeases.forEach(SessionLease::close);
    }
}
