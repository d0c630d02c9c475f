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

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import net.diffusionj.CancelToken;

/**
 * Something of a model that is being opened, perhaps by another thread. Waiting for it ends when the run is cancelled; the opening itself goes on.
 * <p>
 * Thread-safe.
 * </p>
 *
 * @param <T> what is opened
 */
public final class LoadingPart<T> {

    private static final long CANCEL_POLL_MILLIS = 20;

    private final CompletableFuture<T> future;

    /** @param future completes with what is opened, or with its failure */
    public LoadingPart(final CompletableFuture<T> future) {
        this.future = future;
    }

    boolean isDone() {
        return future.isDone();
    }

    /**
     * @param cancel ends the wait
     * @return what was opened
     * @throws CancellationException if the run was cancelled, or the thread interrupted, before it was open
     */
    public T await(final CancelToken cancel) {
        try {
            while (!future.isDone()) {
                cancel.throwIfCancelled();
                try {
                    return future.get(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS);
                }
                catch (final TimeoutException e) {
                    cancel.throwIfCancelled();
                }
            }
            return future.get();
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel.cancel();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        }
        catch (final ExecutionException e) {
            if (e.getCause() instanceof final RuntimeException failure) throw failure;
            if (e.getCause() instanceof final Error error) throw error;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** @param action done with what is opened as soon as it is; not done if it fails to open */
    void whenOpen(final java.util.function.Consumer<T> action) {
        future.thenAccept(action);
    }
}
