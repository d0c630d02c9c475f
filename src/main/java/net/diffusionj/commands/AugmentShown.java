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
package net.diffusionj.commands;

import org.scijava.app.StatusService;
import org.scijava.log.Logger;
import org.scijava.task.Task;

import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentProgress;

/** Shows the progress of an augmentation in the status bar and the list of tasks. Used by the one thread that runs it. */
final class AugmentShown implements AugmentListener {

    private static final int PARTS = 1000;

    private final StatusService status;
    private final Task task;
    private final Logger log;

    AugmentShown(final StatusService status, final Task task, final Logger log) {
        this.status = status;
        this.task = task;
        this.log = log;
    }

    @Override
    public void progress(final AugmentProgress progress) {
        final int part = (int) Math.round(progress.share() * PARTS);
        status.showStatus(part, PARTS, progress.inWords());
        task.setStatusMessage(progress.inWords());
        task.setProgressValue(part);
    }

    @Override
    public void warning(final String message) {
        log.warn(message);
    }
}
