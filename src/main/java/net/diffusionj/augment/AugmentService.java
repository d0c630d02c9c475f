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
package net.diffusionj.augment;

import org.scijava.service.SciJavaService;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentOutcome;

/**
 * Augments folders and stacks, for scripts and commands. Thread-safe. Failures are as {@link AugmentEngine} has them.
 */
public interface AugmentService extends SciJavaService {

    /**
     * Makes what is not there yet, on the calling thread.
     *
     * @param request what to make
     * @return how it ended
     */
    default AugmentOutcome augment(final AugmentRequest request) {
        return augment(request, AugmentListener.NONE, new CancelToken());
    }

    /**
     * Makes what is not there yet, on the calling thread.
     *
     * @param request what to make
     * @param listener is told of progress and warnings, on this thread
     * @param cancel stops the work
     * @return how it ended
     */
    AugmentOutcome augment(AugmentRequest request, AugmentListener listener, CancelToken cancel);

    /**
     * Plans and measures on one image what the rest would take. Writes nothing.
     *
     * @param request what would be made
     * @param listener is told of warnings
     * @param cancel stops the work
     * @return plan, time and disk use
     */
    AugmentEstimate dryRun(AugmentRequest request, AugmentListener listener, CancelToken cancel);

    /**
     * Makes the files of a manifest again, bit for bit on the same machine and settings.
     *
     * @param request which manifest, and where to
     * @param listener is told of progress, and of files that came out otherwise
     * @param cancel stops the work
     * @return how it ended
     */
    AugmentOutcome replay(ReplayRequest request, AugmentListener listener, CancelToken cancel);
}
