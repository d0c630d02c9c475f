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

import java.util.Optional;

import org.scijava.service.SciJavaService;

import net.diffusionj.CancelToken;
import net.diffusionj.train.material.ImageSet;

/**
 * Tunes models, for scripts and commands. Thread-safe. Failures are as {@link TuneEngine} has them.
 */
public interface TuneService extends SciJavaService {

    /**
     * Tunes a model on the calling thread.
     *
     * @param request what to learn
     * @return how it ended
     */
    default TuneOutcome tune(final TuneRequest request) {
        return tune(request, TuneListener.NONE, new CancelToken());
    }

    /**
     * Tunes a model on the calling thread.
     *
     * @param request what to learn
     * @param listener is told of progress and warnings, on this thread
     * @param cancel stops the work
     * @return how it ended
     */
    TuneOutcome tune(TuneRequest request, TuneListener listener, CancelToken cancel);

    /**
     * Takes an installed model away, and what is left of a tuning of its name.
     *
     * @param name of a model
     * @return what was removed, in words
     * @throws net.diffusionj.InvalidInputException if there is no such model, or it is in use
     */
    String remove(String name);

    /** @param watcher is told of every tuning from now on, on the thread that runs it */
    void watch(TuneListener watcher);

    /** @param images the images that are open in the application, which asks for them when they are wanted */
    void openImages(ImageSet images);

    /** @return the images that are open in the application; empty where there is none that has any */
    Optional<ImageSet> openImages();
}
