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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.NodePlacement;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * The right to use an open model until {@link #close()}. While any lease is out the session stays open, whatever the cache is asked to do.
 * <p>
 * Thread-safe, like the session under it; closing twice does nothing. Calls made from a lease must be closed before it.
 * </p>
 */
public final class SessionLease implements AutoCloseable {

    private final OnnxSession session;
    private final Runnable giveBack;
    private final AtomicBoolean returned = new AtomicBoolean();

    SessionLease(final OnnxSession session, final Runnable giveBack) {
        this.session = session;
        this.giveBack = giveBack;
    }

    OnnxSession session() {
        return session;
    }

    /** @return the model file */
    public Path file() {
        return session.file();
    }

    /** @return whether the model's form in int8 was opened in its place, so that its numbers are slightly others */
    public boolean int8() {
        return session.int8();
    }

    /** @return the providers that the session was opened with, the preferred one first */
    public List<ExecutionProvider> providers() {
        return session.providers();
    }

    /** @return the model's inputs, in its order */
    public List<TensorSpec> inputs() {
        return session.inputs();
    }

    /** @return the model's outputs, in its order */
    public List<TensorSpec> outputs() {
        return session.outputs();
    }

    /** @return where the model's nodes run; empty on the CPU, before the first run, and if nobody is to look */
    public Optional<NodePlacement> placement() {
        return session.profile().placement();
    }

    /** @return for the user: heavy nodes of a GPU session run on the CPU; empty if not, or before the first run */
    public Optional<String> placementWarning() {
        return session.profile().warning();
    }

    /**
     * Prepares runs of one set of shapes.
     *
     * @return a new call, to be closed by the caller before this lease
     */
    public ModelCall newCall() {
        if (returned.get()) throw new IllegalStateException("the lease of " + file() + " was given back");
        return new ModelCall(session);
    }

    /**
     * Frees the memory that runs have taken and that ONNX Runtime keeps for the next one. A last {@link ModelCall#run(CancelToken, boolean)} does so
     * more cheaply; when the last lease comes back it happens by itself. The session stays good, also for runs under way.
     */
    public void shrink() {
        session.shrinkArena();
    }

    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) giveBack.run();
    }
}
