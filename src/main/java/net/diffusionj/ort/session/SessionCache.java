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
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.MemoryFigures;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.onnx.ModelFiles;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.rewrite.OptimisedModels;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OnnxEnvironment;

/**
 * Opens models, keeps them open, and lends them out. Everybody who asks for the same file on the same providers gets the same session, unless the file
 * has changed meanwhile. Sessions that nobody uses are closed, the one used longest ago first, when they exceed the {@link CacheLimits}, when the
 * machine runs short of memory, or after a time; what is lent stays open, whatever the cache is told.
 * <p>
 * Thread-safe. Two different models open side by side; one model is opened once, and callers that ask meanwhile wait.
 * </p>
 */
public final class SessionCache implements AutoCloseable {

    private final ModelOpener opener;
    private final OnnxEnvironment onnx;
    private final ExecutionProviders providers;
    private final CacheLimits limits;
    private final MemoryProbe memory;
    private final Clock clock;
    private final IdleTimer timer;
    private final ModelFiles.Reader reader = new ModelFiles.Reader();
    private final SessionLedger ledger;
    private final SessionRoom room;

    /**
     * Makes a cache with limits that suit this machine, and no optimised models on the disk.
     *
     * @param onnx the runtime
     * @param providers what works on this machine
     */
    public SessionCache(final OnnxEnvironment onnx, final ExecutionProviders providers) {
        this(onnx, providers, CacheLimits.defaults(MemoryProbe.ofThisMachine()), Optional.empty());
    }

    /**
     * Makes a cache.
     *
     * @param onnx the runtime
     * @param providers what works on this machine
     * @param limits how much to keep, and for how long
     * @param optimised where large models are kept in their optimised form; empty to do without
     */
    public SessionCache(final OnnxEnvironment onnx, final ExecutionProviders providers, final CacheLimits limits,
        final Optional<OptimisedModels> optimised) {
        this(onnx, providers, limits, optimised, MemoryProbe.ofThisMachine(), new SteadyClock());
    }

    SessionCache(final OnnxEnvironment onnx, final ExecutionProviders providers, final CacheLimits limits, final Optional<OptimisedModels> optimised,
        final MemoryProbe memory, final Clock clock) {
        this.opener = new ModelOpener(onnx, providers, optimised);
        this.onnx = onnx;
        this.providers = providers;
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
        this.ledger = new SessionLedger(limits);
        this.room = new SessionRoom(ledger, memory);
        final boolean shrinksFirst = limits.idleShrink().compareTo(limits.idleRelease()) < 0;
        this.timer = new IdleTimer(shrinksFirst ? limits.idleShrink() : limits.idleRelease(), this::cleanUp);
    }

    /**
     * Lends a model, opening it first if it is not open or has changed on the disk.
     *
     * @param modelFile an ONNX file
     * @param choice what to run it on
     * @return the lease, to be closed by the caller
     * @throws InvalidInputException if the file or the provider cannot be used
     * @throws InsufficientMemoryException if there is too little memory to open it
     */
    public SessionLease lease(final Path modelFile, final ProviderChoice choice) {
        return lease(modelFile, providers.resolve(choice));
    }

    /**
     * Lends a model, opening it first if it is not open or has changed on the disk.
     *
     * @param modelFile an ONNX file
     * @param wanted what to run it on, in order of preference, as {@link ExecutionProviders#resolve} gave it
     * @return the lease, to be closed by the caller
     * @throws InvalidInputException if the file cannot be used
     * @throws InsufficientMemoryException if there is too little memory to open it
     */
    public SessionLease lease(final Path modelFile, final List<ExecutionProvider> wanted) {
        final SessionEntry.Key key = new SessionEntry.Key(ModelFiles.locate(modelFile), List.copyOf(wanted));
        final ModelFiles files = reader.look(key.file());
        final SessionLedger.Claim claim = ledger.claim(key, files, GpuDevice.of(key.providers(), providers.options()));
        final SessionEntry entry = claim.entry();
        room.close(claim.stale());
        if (claim.first()) open(entry);
        try {
            return new SessionLease(entry.session.join(), () -> giveBack(entry));
        }
        catch (final CompletionException e) {
            if (e.getCause() instanceof final Error error) throw error;
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /**
     * Lends a model if it is open already and has not changed on the disk; waits for nothing and tries no provider out.
     *
     * @param modelFile an ONNX file
     * @param choice what to run it on
     * @return the lease, to be closed by the caller; empty if the model is yet to be opened
     */
    public Optional<SessionLease> leaseOpen(final Path modelFile, final ProviderChoice choice) {
        if (ledger.size() == 0 || !providers.knows(choice)) return Optional.empty();
        final SessionEntry.Key key = new SessionEntry.Key(ModelFiles.locate(modelFile), List.copyOf(providers.resolve(choice)));
        return ledger.claimOpen(key, reader.look(key.file())).map(entry -> new SessionLease(entry.session.join(), () -> giveBack(entry)));
    }

    /**
     * Lends a model that computes in float16 as one that computes in float32, for where float16's range is too small.
     *
     * @param modelFile an ONNX file
     * @param wanted what to run it on
     * @return the lease, to be closed by the caller; empty if the model does not compute in float16
     */
    public Optional<SessionLease> leaseFloat32(final Path modelFile, final List<ExecutionProvider> wanted) {
        return opener.float32(ModelFiles.locate(modelFile)).map(rewritten -> lease(rewritten, wanted));
    }

    /** Whoever waits for the same session fails with the same error; the next one tries again. */
    private void open(final SessionEntry entry) {
        try {
            room.make(entry.files.bytes(), entry.gpu);
            final OnnxSession session = measured(entry);
            entry.session.complete(session);
            timer.start();
            room.keepLimits(entry.gpu);
        }
        catch (final RuntimeException | Error e) {
            ledger.forget(entry);
            entry.session.completeExceptionally(e);
        }
    }

    private OnnxSession measured(final SessionEntry entry) {
        ledger.beginOpening(entry);
        final OptionalLong ramBefore = memory.residentBytes();
        final Optional<GpuMemory> gpuBefore = entry.gpu.flatMap(memory::gpu);
        try {
            return opener.open(entry.key.file(), entry.files.bytes(), entry.key.providers());
        }
        finally {
            final long ramGrown = ramBefore.isEmpty() ? 0 : memory.residentBytes().orElse(0) - ramBefore.getAsLong();
            final Optional<GpuMemory> gpuAfter = gpuBefore.isEmpty() ? Optional.empty() : entry.gpu.flatMap(memory::gpu);
            ledger.endOpening(entry, ramGrown, gpuAfter.map(after -> after.usedBytes() - gpuBefore.orElseThrow().usedBytes()).orElse(0L));
        }
    }

    private void giveBack(final SessionEntry entry) {
        if (!ledger.returning(entry, clock.instant())) return;
        // While this last lease counts, nobody closes the session.
        entry.session.join().shrinkArena();
        if (ledger.hasAtMostOneLease()) room.trimIfGrown();
        if (ledger.returned(entry)) room.close(List.of(entry));
        else room.keepLimits(entry.gpu);
    }

    /**
     * Keeps a model open that nobody has on lease, until {@link #unpin} or {@link #close}. It need not be open yet.
     *
     * @param modelFile an ONNX file
     */
    public void pin(final Path modelFile) {
        ledger.pin(ModelFiles.locate(modelFile));
    }

    /** @param modelFile a model that need not stay open any more; nothing happens if it was not pinned */
    public void unpin(final Path modelFile) {
        ledger.unpin(ModelFiles.locate(modelFile));
    }

    /** Closes every session that nobody has on lease and that is not pinned. Those on lease stay open and cached. */
    public void closeIdle() {
        room.close(ledger.take(entry -> true));
    }

    private void cleanUp() {
        shrinkUnused();
        releaseUnused();
    }

    /** Frees what runs have left in sessions that have run nothing for the time of the limits, also in those on lease; all stay open. Called by a timer. */
    void shrinkUnused() {
        final List<SessionEntry> entries = ledger.borrow(session -> session.hasRested(limits.idleShrink()));
        for (final SessionEntry entry : entries) {
            try {
                entry.session.join().shrinkArena();
            }
            finally {
                if (ledger.returned(entry)) room.close(List.of(entry));
            }
        }
        if (!entries.isEmpty()) room.trimIfGrown();
    }

    /** Closes what nobody has used for the time of the limits, and more while the machine is short of memory. Called by a timer. */
    void releaseUnused() {
        final Instant latest = clock.instant().minus(limits.idleRelease());
        room.close(ledger.take(entry -> !entry.lastUse.isAfter(latest)));
        room.make(0, Optional.empty());
    }

    /** @return the number of sessions that are open or being opened */
    public int size() {
        return ledger.size();
    }

    /** @return RAM that open sessions took when they were opened, in bytes */
    public long ramBytes() {
        return ledger.ramBytes();
    }

    /** @return what is open now, the one used last first */
    public List<OpenSession> open() {
        return ledger.open();
    }

    /** @return how much memory there is and what the sessions have of it */
    public MemoryFigures figures() {
        return new MemoryFigures(memory.residentBytes(), memory.availableBytes(), memory.totalBytes(), ledger.ramBytes(), ledger.gpuBytes(), limits);
    }

    /**
     * @param wanted what a session runs on, the preferred one first
     * @return memory that a run there could still take, in bytes; empty if unknown
     */
    public OptionalLong freeBytes(final List<ExecutionProvider> wanted) {
        final Optional<GpuDevice> gpu = GpuDevice.of(wanted, providers.options());
        if (gpu.isEmpty()) return memory.availableBytes();
        return gpu.flatMap(memory::gpu).map(found -> OptionalLong.of(found.freeBytes())).orElse(OptionalLong.empty());
    }

    /** @return what runs models on this machine */
    public ExecutionProviders providers() {
        return providers;
    }

    /** @return the runtime under the sessions */
    public OnnxEnvironment onnx() {
        return onnx;
    }

    /** Lends nothing more, closes what is idle now and the rest as it comes back. */
    @Override
    public void close() {
        ledger.close();
        timer.close();
        closeIdle();
    }
}
