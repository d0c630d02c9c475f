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
package net.diffusionj.ort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

/**
 * Opens models, keeps them open, and lends them out. Everybody who asks for the same file on the same providers gets the same session, unless the file
 * has changed meanwhile. Sessions that nobody uses are closed, the one used longest ago first, when they exceed the {@link CacheLimits}, when the
 * machine runs short of memory, or after a time; what is lent stays open, whatever the cache is told.
 * <p>
 * Thread-safe. Two different models open side by side; one model is opened once, and who asks meanwhile waits.
 * </p>
 */
public final class SessionCache implements AutoCloseable {

    private static final long WORTH_TRIMMING = 16L << 20;

    private record Key(Path file, List<ExecutionProvider> providers) { }

    /** One session, from before it is open. Fields are guarded by the cache. */
    private static final class Entry {
        private final CompletableFuture<OnnxSession> session = new CompletableFuture<>();
        private final Key key;
        private final ModelFiles files;
        private int leases;
        private boolean replaced;
        private boolean openedAlone = true;
        private long ramBytes;
        private Instant lastUse = Instant.MIN;

        Entry(final Key key, final ModelFiles files) {
            this.key = key;
            this.files = files;
        }

        boolean isIdle() {
            return leases == 0 && session.isDone() && !session.isCompletedExceptionally();
        }

        long gpuBytes() {
            return gpuOf(key).isPresent() ? files.bytes() : 0;
        }
    }

    private final ModelOpener opener;
    private final OnnxEnvironment onnx;
    private final ExecutionProviders providers;
    private final CacheLimits limits;
    private final MemoryProbe memory;
    private final Clock clock;
    private final IdleTimer timer;
    private final ModelFiles.Reader reader = new ModelFiles.Reader();
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Set<Entry> replaced = new HashSet<>();
    private final Set<Entry> opening = new HashSet<>();
    private final Set<Path> pinned = new HashSet<>();
    private final AtomicLong residentAfterTrim = new AtomicLong();
    private boolean closed;

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
        final Optional<OptimisedModels> optimised)
    {
        this(onnx, providers, limits, optimised, MemoryProbe.ofThisMachine(), Clock.systemUTC());
    }

    SessionCache(final OnnxEnvironment onnx, final ExecutionProviders providers, final CacheLimits limits, final Optional<OptimisedModels> optimised,
        final MemoryProbe memory, final Clock clock)
    {
        this.opener = new ModelOpener(onnx, providers, optimised);
        this.onnx = onnx;
        this.providers = providers;
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
        this.timer = new IdleTimer(limits.idleRelease(), this::releaseUnused);
    }

    /**
     * Lends a model, opening it first if nobody has or if it has changed on the disk.
     *
     * @param modelFile an ONNX file
     * @param choice what to run it on
     * @return the lease, to be closed by the caller
     * @throws InvalidInputException if the file or the provider cannot be used
     * @throws InsufficientMemoryException if there is too little memory to open it
     */
    public SessionLease lease(final Path modelFile, final ProviderChoice choice) {
        final Key key = new Key(realPath(modelFile), providers.resolve(choice));
        final ModelFiles files = look(key.file());
        final Entry entry;
        final boolean first;
        final List<Entry> stale = new ArrayList<>();
        synchronized (this) {
            if (closed) throw new DiffusionJException("The session cache is closed; " + modelFile + " cannot be opened any more.");
            final Entry known = entries.get(key);
            if (known != null && files.differFrom(known.files)) retire(known, stale);
            first = !entries.containsKey(key);
            entry = entries.computeIfAbsent(key, k -> new Entry(k, files));
            entry.leases++;
        }
        closeAll(stale);
        if (first) open(entry);
        try {
            return new SessionLease(entry.session.join(), () -> giveBack(entry));
        }
        catch (final CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private synchronized void retire(final Entry entry, final List<Entry> toClose) {
        entries.remove(entry.key, entry);
        entry.replaced = true;
        if (entry.isIdle()) toClose.add(entry);
        else replaced.add(entry);
    }

    /** Whoever waits for the same session fails with the same error; the next one tries again. */
    private void open(final Entry entry) {
        try {
            evict(entry.files.bytes(), gpuOf(entry.key), true);
            final long before = beginOpening(entry);
            final OnnxSession session;
            try {
                session = opener.open(entry.key.file(), entry.files.bytes(), entry.key.providers());
            }
            finally {
                endOpening(entry, before);
            }
            entry.session.complete(session);
            timer.start();
            evict(0, gpuOf(entry.key), false);
        }
        catch (final RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(entry.key, entry);
                replaced.remove(entry);
            }
            entry.session.completeExceptionally(e);
        }
    }

    private synchronized long beginOpening(final Entry entry) {
        opening.add(entry);
        if (opening.size() > 1) opening.forEach(other -> other.openedAlone = false);
        return memory.residentBytes().orElse(-1);
    }

    /** What two sessions took that were opened at the same time cannot be told apart; their files' sizes stand for it. */
    private synchronized void endOpening(final Entry entry, final long residentBefore) {
        opening.remove(entry);
        final long grown = residentBefore < 0 ? 0 : memory.residentBytes().orElse(0) - residentBefore;
        entry.ramBytes = entry.openedAlone && grown > 0 ? grown : gpuOf(entry.key).isPresent() ? 0 : entry.files.bytes();
    }

    private void giveBack(final Entry entry) {
        synchronized (this) {
            entry.lastUse = clock.instant();
            if (entry.leases > 1) {
                entry.leases--;
                return;
            }
        }
        // While this last lease counts, nobody closes the session.
        entry.session.join().shrinkArena();
        trimIfGrown();
        final boolean closeIt;
        synchronized (this) {
            entry.leases--;
            closeIt = entry.leases == 0 && (closed || entry.replaced);
            if (closeIt) {
                entries.remove(entry.key, entry);
                replaced.remove(entry);
            }
        }
        if (closeIt) closeAll(List.of(entry));
        else evict(0, gpuOf(entry.key), false);
    }

    /** What runs have freed beside the arenas stays with the C library; asking for it back takes milliseconds, so only when it is worth it. */
    private void trimIfGrown() {
        final long resident = memory.residentBytes().orElse(0);
        if (resident <= residentAfterTrim.get() + WORTH_TRIMMING || !NativeHeap.trim()) return;
        residentAfterTrim.set(memory.residentBytes().orElse(0));
    }

    /**
     * Keeps a model open that nobody has on lease, until {@link #unpin} or {@link #close}. It need not be open yet.
     *
     * @param modelFile an ONNX file
     */
    public void pin(final Path modelFile) {
        final Path file = realPath(modelFile);
        synchronized (this) {
            pinned.add(file);
        }
    }

    /** @param modelFile a model that need not stay open any more; nothing happens if it was not pinned */
    public void unpin(final Path modelFile) {
        final Path file = realPath(modelFile);
        synchronized (this) {
            pinned.remove(file);
        }
    }

    /** Closes every session that nobody has on lease and that is not pinned. Those on lease stay open and cached. */
    public void closeIdle() {
        closeAll(take(entry -> true));
    }

    /** Closes what nobody has used for the time of the limits, and more while the machine is short of memory. Called by a timer. */
    void releaseUnused() {
        final Instant latest = clock.instant().minus(limits.idleRelease());
        closeAll(take(entry -> !entry.lastUse.isAfter(latest)));
        evict(0, Optional.empty(), true);
    }

    /**
     * Closes idle sessions, the one used longest ago first, until a new one fits.
     *
     * @param newBytes size of a model that is about to be opened; 0 to look at those that are open
     * @param gpu the GPU that it goes to; empty for the CPU
     * @param keepFree whether to look at the machine's free memory too; not between two generations, for the next one would open everything again
     */
    private void evict(final long newBytes, final Optional<ExecutionProvider> gpu, final boolean keepFree) {
        Optional<Entry> victim = victim(newBytes, gpu, keepFree);
        while (victim.isPresent()) {
            closeAll(List.of(victim.get()));
            victim = victim(newBytes, gpu, keepFree);
        }
    }

    private synchronized Optional<Entry> victim(final long newBytes, final Optional<ExecutionProvider> gpu, final boolean keepFree) {
        final long newRam = gpu.isPresent() ? 0 : newBytes;
        final boolean shortOfRam = sum(entries.values(), true) > limits.maxRamBytes() - newRam
            || keepFree && memory.availableBytes().orElse(Long.MAX_VALUE) - newRam < limits.minFreeBytes();
        final List<Entry> onGpu = entries.values().stream().filter(entry -> gpu.isPresent() && gpuOf(entry.key).equals(gpu)).toList();
        final boolean shortOfGpu = sum(onGpu, false) > limits.maxGpuBytes() - (gpu.isPresent() ? newBytes : 0);
        if (!shortOfRam && !shortOfGpu) return Optional.empty();
        final Optional<Entry> victim = (shortOfRam ? entries.values() : onGpu).stream().filter(this::mayGo).min(Comparator.comparing(entry -> entry.lastUse));
        victim.ifPresent(entry -> entries.remove(entry.key));
        return victim;
    }

    private static long sum(final Collection<Entry> all, final boolean ram) {
        return all.stream().mapToLong(entry -> ram ? entry.ramBytes : entry.gpuBytes()).sum();
    }

    private boolean mayGo(final Entry entry) {
        return entry.isIdle() && !pinned.contains(entry.key.file());
    }

    private synchronized List<Entry> take(final Predicate<Entry> which) {
        final List<Entry> taken = entries.values().stream().filter(entry -> (closed ? entry.isIdle() : mayGo(entry)) && which.test(entry)).toList();
        taken.forEach(entry -> entries.remove(entry.key));
        return taken;
    }

    /** @return the number of sessions that are open or being opened */
    public synchronized int size() {
        return entries.size() + replaced.size();
    }

    /** @return RAM that open sessions took when they were opened, in bytes */
    public synchronized long ramBytes() {
        return sum(entries.values(), true) + sum(replaced, true);
    }

    /** @return what runs models on this machine */
    public ExecutionProviders providers() {
        return providers;
    }

    /** @return the runtime under the sessions */
    public OnnxEnvironment onnx() {
        return onnx;
    }

    /** @return the memory of this machine, as this cache sees it */
    public MemoryProbe memory() {
        return memory;
    }

    /** Lends nothing more, closes what is idle now and the rest as it comes back. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.close();
        closeIdle();
    }

    private static void closeAll(final List<Entry> taken) {
        if (taken.isEmpty()) return;
        DiffusionJException failure = null;
        for (final Entry entry : taken) {
            try {
                entry.session.join().close();
            }
            catch (final DiffusionJException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        NativeHeap.trim();
        if (failure != null) throw failure;
    }

    private static Optional<ExecutionProvider> gpuOf(final Key key) {
        return key.providers().stream().filter(provider -> provider != ExecutionProvider.CPU).findFirst();
    }

    private ModelFiles look(final Path file) {
        try {
            return reader.look(file);
        }
        catch (final IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The file itself may be a link into a store: its weights are looked for beside the link. */
    private static Path realPath(final Path file) {
        try {
            if (!Files.exists(file)) throw new java.nio.file.NoSuchFileException(file.toString());
            final Path absolute = file.toAbsolutePath().normalize();
            return absolute.getParent().toRealPath().resolve(absolute.getFileName());
        }
        catch (final IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InvalidInputException unreadable(final Path file, final IOException cause) {
        return new InvalidInputException("The model file " + file + " cannot be read. Get the model again, with all its files.", cause);
    }
}
