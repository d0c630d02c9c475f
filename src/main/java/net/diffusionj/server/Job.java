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
package net.diffusionj.server;

import java.util.Optional;
import java.util.OptionalLong;

import net.diffusionj.CancelToken;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.DiffusionListener;

/**
 * A client's request while it waits and runs: how far it is, and what can stop it.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class Job implements DiffusionListener {

    private final String caller;
    private final int images;
    private final long startNanos = System.nanoTime();
    private final CancelToken cancel = new CancelToken();
    private Optional<Why> stopped = Optional.empty();
    private volatile Stage stage = Stage.STARTING;
    private volatile At at = new At(0, 0, 0);

    /** Who stops a job. */
    public enum Why {
        /** The client has hung up. */
        GONE,
        /** A client has asked for it. */
        INTERRUPTED,
        /** It takes longer than it may. */
        TIME,
        /** The server stops. */
        STOPPING
    }

    /**
     * How far it is.
     *
     * @param step steps done of the images at hand
     * @param steps of them in all
     * @param image first image at hand, from 0
     */
    public record At(int step, int steps, int image) {}

    Job(final String caller, final int images) {
        this.caller = caller;
        this.images = images;
    }

    /** @param why the first reason counts */
    public void stop(final Why why) {
        synchronized (this) {
            if (stopped.isEmpty()) stopped = Optional.of(why);
        }
        cancel.cancel();
    }

    /** @return who has stopped it; empty if nobody has */
    public synchronized Optional<Why> stopped() {
        return stopped;
    }

    CancelToken cancel() {
        return cancel;
    }

    /** @return the client's computer */
    public String caller() {
        return caller;
    }

    /** @return how many images it makes */
    public int images() {
        return images;
    }

    /** @return how long ago it came */
    public double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** @return what happens now */
    public Stage stage() {
        return stage;
    }

    /** @return how far it is */
    public At at() {
        return at;
    }

    /** @return whether it has its turn */
    public boolean runs() {
        return stage != Stage.STARTING && stage != Stage.WAITING;
    }

    /** @return share that is done, 0 to 1 */
    public double share() {
        final At now = at;
        return now.steps() == 0 ? 0 : Math.min(1, (now.image() + (double) now.step() / now.steps()) / images);
    }

    @Override
    public void stage(final Stage newStage) {
        stage = newStage;
    }

    @Override
    public void waiting(final int ahead, final OptionalLong expectedMillis) {
        stage = Stage.WAITING;
    }

    @Override
    public void step(final int step, final int steps, final int imageIndex) {
        at = new At(step, steps, imageIndex);
    }
}
