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

/** A bar for a share of some work, on a terminal alone. */
final class TerminalBar implements AutoCloseable {

    private static final int REFRESH_MILLIS = 200;
    private static final int COLUMNS = 100;
    private static final int PARTS = 1000;

    private final Printer printer;
    private final String task;
    private final boolean terminal = System.console() != null;
    private Optional<ProgressBar> bar = Optional.empty();

    /** @param printer has the terminal
     *  @param task in one word, before the bar */
    TerminalBar(final Printer printer, final String task) {
        this.printer = printer;
        this.task = task;
    }

    /** @param share of the work that is done, 0 to 1
     *  @param message behind the bar */
    void show(final double share, final String message) {
        if (!terminal) return;
        if (bar.isEmpty()) {
            bar = Optional.of(new ProgressBarBuilder().setTaskName(task).setInitialMax(PARTS).setUpdateIntervalMillis(REFRESH_MILLIS).hideEta()
                .setStyle(ProgressBarStyle.ASCII).setConsumer(new ConsoleProgressBarConsumer(printer.progressStream(), COLUMNS)).build());
        }
        bar.get().stepTo(Math.round(share * PARTS));
        bar.get().setExtraMessage(message);
    }

    /** Ends the line; a later {@link #show} begins another. */
    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
