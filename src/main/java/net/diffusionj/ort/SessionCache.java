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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

/**
 * Opens models, keeps them open, and lends them out. Everybody who asks for the same file on the same providers gets the same session. A session
 * is closed when the cache is told to and no lease is out, at the latest when its last lease comes back to a closed cache.
 * <p>
 * Thread-safe. Two different models open side by side; one model is opened once, and who asks meanwhile waits.
 * </p>
 */
public final class SessionCache implements AutoCloseable {

    private record Key(Path file, List<ExecutionProvider> providers) { }

    private static final class Entry {
        private final CompletableFuture<OnnxSession> session = new CompletableFuture<>();
        private int leases;
    }

    private final OnnxEnvironment onnx;
    private final ExecutionProviders providers;
    private final Map<Key, Entry> entries = new HashMap<>();
    private boolean closed;

    /**
     * @param onnx the runtime
     * @param providers what works on this machine
     */
    public SessionCache(final OnnxEnvironment onnx, final ExecutionProviders providers) {
        this.onnx = onnx;
        this.providers = providers;
    }

    /**
     * Lends a model, opening it first if nobody has.
     *
     * @param modelFile an ONNX file
     * @param choice what to run it on
     * @return the lease, to be closed by the caller
     * @throws InvalidInputException if the file or the provider cannot be used
     */
    public SessionLease lease(final Path modelFile, final ProviderChoice choice) {
        final Key key = new Key(realPath(modelFile), providers.resolve(choice));
        final Entry entry;
        final boolean first;
        synchronized (this) {
            if (closed) throw new DiffusionJException("The session cache is closed; " + modelFile + " cannot be opened any more.");
            first = !entries.containsKey(key);
            entry = entries.computeIfAbsent(key, k -> new Entry());
            entry.leases++;
        }
        if (first) open(key, entry);
        try {
            return new SessionLease(entry.session.join(), () -> giveBack(key, entry));
        }
        catch (final CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Whoever waits for the same session fails with the same error; the next one tries again. */
    private void open(final Key key, final Entry entry) {
        try {
            entry.session.complete(OnnxSession.open(onnx, key.file(), providers, key.providers()));
        }
        catch (final RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(key, entry);
            }
            entry.session.completeExceptionally(e);
        }
    }

    private void giveBack(final Key key, final Entry entry) {
        synchronized (this) {
            entry.leases--;
            if (entry.leases > 0 || !closed) return;
            entries.remove(key, entry);
        }
        entry.session.join().close();
    }

    /** Closes every session that nobody has on lease. Those on lease stay open and cached. */
    public void closeIdle() {
        final List<OnnxSession> idle = new ArrayList<>();
        synchronized (this) {
            for (final Iterator<Entry> it = entries.values().iterator(); it.hasNext();) {
                final Entry entry = it.next();
                if (entry.leases > 0) continue;
                idle.add(entry.session.join());
                it.remove();
            }
        }
        closeAll(idle);
    }

    /** @return the number of sessions that are open or being opened */
    public synchronized int size() {
        return entries.size();
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
        synchronized (this) {
            closed = true;
        }
        closeIdle();
    }

    private static void closeAll(final List<OnnxSession> sessions) {
        DiffusionJException failure = null;
        for (final OnnxSession session : sessions) {
            try {
                session.close();
            }
            catch (final DiffusionJException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        if (failure != null) throw failure;
    }

    private static Path realPath(final Path file) {
        try {
            return file.toRealPath();
        }
        catch (final IOException e) {
            throw new InvalidInputException("The model file " + file + " cannot be read. Get the model again, with all its files.", e);
        }
    }
}
