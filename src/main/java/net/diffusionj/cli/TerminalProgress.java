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

import java.util.Optional;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.DiffusionListener;

/** Shows denoising steps, or the tiles of a large image, as a bar on a terminal; a file or pipe in its place gets the warnings alone. */
final class TerminalProgress implements DiffusionListener, AutoCloseable {

    private static final int REFRESH_MILLIS = 100;
    private static final int COLUMNS = 80;

    private final Printer printer;
    private final boolean terminal;
    private final int images;
    private Optional<ProgressBar> bar = Optional.empty();
    private Stage stage = Stage.STARTING;
    private int stepsDone;
    private boolean tilesSeen;

    TerminalProgress(final Printer printer, final int images) {
        this.printer = printer;
        this.images = images;
        this.terminal = System.console() != null;
    }

    @Override
    public void stage(final Stage newStage) {
        stage = newStage;
        stepsDone = 0;
    }

    @Override
    public void step(final int step, final int steps, final int imageIndex) {
        stepsDone = step;
        // In tiles, a step has a bar of its own.
        if (!terminal || tilesSeen) return;
        if (step == 1) start(images == 1 ? "denoising" : "from image " + (imageIndex + 1) + " of " + images, steps);
        bar.ifPresent(b -> b.stepTo(step));
        if (step == steps) close();
    }

    @Override
    public void tile(final int tile, final int tiles) {
        tilesSeen = true;
        if (!terminal) return;
        if (bar.isEmpty()) start(stage == Stage.DENOISING ? "step " + (stepsDone + 1) + ", tiles" : stage.text() + ", tiles", tiles);
        bar.ifPresent(b -> b.stepTo(tile));
        if (tile == tiles) close();
    }

    private void start(final String task, final int max) {
        close();
        bar = Optional.of(new ProgressBarBuilder().setTaskName(task).setInitialMax(max).setUpdateIntervalMillis(REFRESH_MILLIS)
            .setStyle(ProgressBarStyle.ASCII).setConsumer(new ConsoleProgressBarConsumer(printer.progressStream(), COLUMNS)).build());
    }

    @Override
    public void warning(final String message) {
        close();
        printer.note("Warning: " + message);
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
