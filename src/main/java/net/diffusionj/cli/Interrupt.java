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
package net.diffusionj.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import net.diffusionj.CancelToken;

/**
 * Ctrl-C: asks the work to stop and keeps the JVM alive until it has, so that native memory and unfinished files are cleaned up. Must be closed
 * when the work is done.
 */
final class Interrupt implements AutoCloseable {

    static final long PATIENCE_SECONDS = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    Interrupt(final CancelToken cancel) {
        this(cancel, PATIENCE_SECONDS);
    }

    /**
     * @param cancel asks the work to stop
     * @param patienceSeconds how long it may take to
     */
    Interrupt(final CancelToken cancel, final long patienceSeconds) {
        hook = new Thread(() -> {
            cancel.cancel();
            awaitEnd(patienceSeconds);
        }, "diffusionj interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitEnd(final long patienceSeconds) {
        try {
            done.await(patienceSeconds, TimeUnit.SECONDS);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException shuttingDown) {
            // The hook is what called for the end: it returns by itself now that the work is done.
            Thread.yield();
        }
    }
}
