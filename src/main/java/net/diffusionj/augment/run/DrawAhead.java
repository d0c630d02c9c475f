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
package net.diffusionj.augment.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;

/**
 * Draws what comes next on threads of its own, while what was drawn before is judged and written. One request is drawn at a time, in the order of asking; on
 * the CPU several are handed to the queue together, which makes small ones go through the model as one: there each image has the same bits in any company. A
 * GPU may round otherwise, and a replay would not be equal to the byte.
 * <p>
 * Thread-safe; closed by its opener, which ends what is being drawn.
 * </p>
 */
final class DrawAhead implements AutoCloseable {

    /** Images that are handed to the queue at once where that changes no bit: as many as it lets go together. */
    private static final int IMAGES_AT_ONCE = 8;
    private static final String CPU = "cpu";
    private static final long WAIT_MINUTES = 10;

    private final CancelToken stop = new CancelToken();
    private final CancelToken.Registration linked;
    private final Semaphore turns = new Semaphore(1, true);
    private final int atOnce;
    private final ExecutorService threads;
    private boolean known;

    /** @param cancel ends all drawing
     *  @param images of the largest request: of large ones no more than one is handed over, since they fill the model by themselves */
    DrawAhead(final CancelToken cancel, final int images) {
        atOnce = Math.max(1, IMAGES_AT_ONCE / images);
        threads = Executors.newFixedThreadPool(atOnce, task -> {
            final Thread thread = new Thread(task, "DiffusionJ augment");
            thread.setDaemon(true);
            return thread;
        });
        linked = cancel.onCancel(stop::cancel);
    }

    /** @param draw draws, ended by the token that it is given
     *  @return waits for the drawing, and throws what it has thrown */
    Supplier<Drawing> begin(final Function<CancelToken, Drawing> draw) {
        final CompletableFuture<Drawing> drawing = CompletableFuture.supplyAsync(() -> now(draw), threads);
        return () -> {
            try {
                return drawing.join();
            }
            catch (final CompletionException e) {
                if (e.getCause() instanceof final RuntimeException failure) throw failure;
                if (e.getCause() instanceof final Error failure) throw failure;
                throw e;
            }
        };
    }

    /** @param draw as for {@link #begin}
     *  @return what it draws, when its turn has come */
    Drawing now(final Function<CancelToken, Drawing> draw) {
        turns.acquireUninterruptibly();
        try {
            stop.throwIfCancelled();
            final Drawing drawing = draw.apply(stop);
            learn(drawing);
            return drawing;
        }
        finally {
            turns.release();
        }
    }

    private synchronized void learn(final Drawing drawing) {
        if (known) return;
        known = true;
        if (drawing.settings().getOrDefault("provider", "").equals(CPU)) turns.release(atOnce - 1);
    }

    /** Ends what is being drawn, and waits for its end, so that its engine may be closed. */
    @Override
    public void close() {
        stop.cancel();
        linked.close();
        threads.shutdown();
        boolean interrupted = false;
        for (boolean ended = false; !ended;) {
            try {
                ended = threads.awaitTermination(WAIT_MINUTES, TimeUnit.MINUTES);
            }
            catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
