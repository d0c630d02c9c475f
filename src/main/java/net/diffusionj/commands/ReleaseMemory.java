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

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.DiffusionService;

/** Closes models that stay open between runs, frees their memory and says how much that was. The next run opens them again. */
@Plugin(type = Command.class, label = "Release Memory",
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Release Memory")},
    description = "Closes models that stay open between runs and frees their memory")
public class ReleaseMemory extends PlainCommand {

    private static final double MB = 1e6;

    @Parameter
    private DiffusionService diffusion;

    @Parameter
    private OnnxSessionService sessions;

    @Parameter
    private StatusService status;

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    @Override
    void perform() {
        final List<OpenSession> before = sessions.open();
        diffusion.releaseMemory();
        final List<OpenSession> after = sessions.open();
        report = List.of(said(before.stream().filter(session -> !isIn(after, session)).toList(), after.size()));
        status.showStatus(report.get(0));
    }

    /** Figures of a session change with every use; its file and what it runs on do not. */
    private static boolean isIn(final List<OpenSession> sessions, final OpenSession wanted) {
        return sessions.stream().anyMatch(session -> session.file().equals(wanted.file()) && session.providers().equals(wanted.providers()));
    }

    private static String said(final List<OpenSession> closed, final int stillOpen) {
        final long bytes = closed.stream().mapToLong(session -> session.ramBytes() + session.gpuBytes()).sum();
        final String released = closed.isEmpty() ? "nothing released" : "released " + Math.round(bytes / MB) + " MB of " + files(closed.size());
        if (stillOpen > 0) return "DiffusionJ: " + released + "; " + files(stillOpen) + " in use or pinned";
        return "DiffusionJ: " + released + (closed.isEmpty() ? ", for no model was open" : "");
    }

    private static String files(final int count) {
        return count + (count == 1 ? " model file" : " model files");
    }
}
