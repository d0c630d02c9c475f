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
package net.diffusionj.ij1;

import java.awt.GraphicsEnvironment;

import ij.IJ;
import ij.plugin.frame.Recorder;

import org.scijava.event.EventHandler;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.event.ModuleCanceledEvent;
import org.scijava.module.event.ModuleErroredEvent;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;
import org.scijava.thread.ThreadService;

/**
 * Tidies ImageJ up after a command of ours that made nothing: no line in the recorder for what did not run, no progress bar at half. Without a
 * screen it also prints the reason, which SciJava shows in windows alone. Touches ImageJ only when a command ends, for this service is made long
 * before Fiji has patched it. Thread-safe.
 */
@Plugin(type = Service.class)
public class RunEndService extends AbstractService implements SciJavaService {

    @Parameter
    private LogService log;

    @Parameter
    private ThreadService threads;

    private volatile boolean hostTells;

    /** Leaves reasons to the host, which shows them itself. */
    void leaveReasonsToHost() {
        hostTells = true;
    }

    @EventHandler
    private void onEvent(final ModuleCanceledEvent event) {
        final Module module = event.getModule();
        if (!Modules.isOurs(module)) return;
        tidyUp();
        final String reason = event.getReason();
        if (hostTells || reason == null || reason.isEmpty() || !GraphicsEnvironment.isHeadless()) return;
        log.error(Modules.title(module.getInfo()) + ": " + reason);
    }

    @EventHandler
    private void onEvent(final ModuleErroredEvent event) {
        if (Modules.isOurs(event.getModule())) tidyUp();
    }

    /**
     * ImageJ notes a menu command before it runs and writes it to the recorder afterwards, unless it is taken back. SciJava tells of steps later, on
     * the event thread, so the bar is emptied there too, behind the last step.
     */
    private void tidyUp() {
        if (!IJ.isMacro()) Recorder.setCommand(null);
        threads.queue(() -> IJ.showProgress(1.0));
    }
}
