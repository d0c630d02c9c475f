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

import java.util.OptionalLong;

import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.queue.WaitText;

import org.scijava.app.StatusService;
import org.scijava.log.Logger;
import org.scijava.task.Task;

/** Shows the progress of a generation in the status bar and the list of tasks. Used by the one thread that runs it. */
final class GenerationProgress implements DiffusionListener {

    private final int images;
    private final StatusService status;
    private final Task task;
    private final Logger log;
    private String text = "";

    GenerationProgress(final DiffusionRequest request, final StatusService status, final Task task, final Logger log) {
        this.images = request.batch();
        this.status = status;
        this.task = task;
        this.log = log;
    }

    @Override
    public void stage(final Stage stage) {
        text = Character.toUpperCase(stage.text().charAt(0)) + stage.text().substring(1);
        status.showStatus(text);
        task.setStatusMessage(text);
    }

    @Override
    public void waiting(final int ahead, final OptionalLong expectedMillis) {
        text = "Waiting for " + ahead + (ahead == 1 ? " other generation" : " other generations")
            + (expectedMillis.isPresent() ? ", about " + WaitText.of(expectedMillis.getAsLong()) : "");
        status.showStatus(text);
        task.setStatusMessage(text);
    }

    @Override
    public void step(final int step, final int steps, final int imageIndex) {
        final String image = imageIndex == 0 ? "" : ", image " + (imageIndex + 1) + " of " + images;
        text = "Step " + step + " of " + steps + image;
        status.showStatus(step, steps, text);
        task.setStatusMessage(text);
        task.setProgressMaximum(steps);
        task.setProgressValue(step);
    }

    /** Shows tiles beside the last message, without moving the bar of the steps in the list of tasks. */
    @Override
    public void tile(final int tile, final int tiles) {
        status.showStatus(tile, tiles, text + ", tile " + tile + " of " + tiles);
    }

    @Override
    public void warning(final String message) {
        log.warn(message);
    }
}
