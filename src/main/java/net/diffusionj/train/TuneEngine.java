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
package net.diffusionj.train;

import java.nio.file.Path;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.ProcessLock;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.service.DiffusionEngine;

/**
 * Tunes models. Whatever is wrong with a request is said before anything is written; what has been learned is kept on the disk once a minute, and a tuning that
 * was stopped or killed goes on from there.
 * <p>
 * Thread-safe; two tunings in one home at once are refused.
 * </p>
 */
public final class TuneEngine {

    private final DiffusionEngine diffusion;
    private final Path home;

    /**
     * @param diffusion opens models and draws with them; stays the caller's
     * @param home the DiffusionJ home
     */
    public TuneEngine(final DiffusionEngine diffusion, final Path home) {
        this.diffusion = diffusion;
        this.home = home;
    }

    /**
     * Tunes a model, on the calling thread, for as long as the request says.
     *
     * @param request what to learn
     * @param listener is told of progress and warnings, on this thread
     * @param cancel stops the work; the best weights so far are installed, and the tuning can go on
     * @return how it ended
     * @throws InvalidInputException if the request cannot be used, before anything is written; or if files cannot be written
     * @throws net.diffusionj.ort.runtime.InsufficientMemoryException if memory is too short, before anything is learned
     */
    public TuneOutcome tune(final TuneRequest request, final TuneListener listener, final CancelToken cancel) {
        final ProcessLock lock = RunFolder.lock(home);
        try {
            return new TuningRun(diffusion, home, request, listener, cancel).run();
        }
        finally {
            RunFolder.release(lock);
        }
    }

    /**
     * Takes an installed model away, and what is left of a tuning of its name.
     *
     * @param name of a model
     * @return what was removed, in words
     * @throws InvalidInputException if there is no such model, or a program works with it
     */
    public String remove(final String name) {
        final InstalledModels models = diffusion.installedModels();
        final Path folder = models.folder().resolve(name).normalize();
        if (diffusion.sessionsNow().stream().anyMatch(session -> session.leases() > 0 && session.file().startsWith(folder))) {
            throw new InvalidInputException("The model " + name + " is in use. Wait until that run has ended.");
        }
        final boolean tuningAlone = new RunFolder(home, name).exists() && !models.names().contains(name);
        final boolean unfinished = RunFolder.remove(home, name, () -> {
            if (tuningAlone) return;
            diffusion.releaseMemory();
            models.remove(name);
        });
        if (tuningAlone) return "Removed the unfinished tuning " + name + ".";
        return "Removed the model " + name + (unfinished ? " and its unfinished tuning." : ".");
    }
}
