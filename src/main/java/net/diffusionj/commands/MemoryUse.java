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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import net.diffusionj.ort.memory.MemoryFigures;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;

/** Lists the models that are open, what they take, and what there is. */
@Plugin(type = Command.class, label = "Memory Use",
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Memory Use")},
    description = "Lists the models that are open and the memory that they take")
public class MemoryUse extends PlainCommand {

    private static final double MB = 1e6;

    @Parameter
    private OnnxSessionService sessions;

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    @Override
    void perform() {
        final Instant now = Instant.now();
        report = new ArrayList<>();
        sessions.open().forEach(session -> report.add(line(session, now)));
        final MemoryFigures memory = sessions.memory();
        report.add("open models: " + megabytes(memory.sessionRamBytes()) + " of at most " + megabytes(memory.limits().maxRamBytes()));
        memory.sessionGpuBytes().forEach((gpu, bytes) -> report.add("open models on " + gpu + ": " + megabytes(bytes)));
        report.add("this program: " + megabytes(memory.residentBytes()) + "; free: " + megabytes(memory.availableBytes()) + " of "
            + megabytes(memory.totalBytes()));
    }

    private static String line(final OpenSession session, final Instant now) {
        final String on = session.providers().stream().map(ExecutionProvider::id).collect(Collectors.joining(", "));
        final String gpu = session.gpu().map(device -> ", " + megabytes(session.gpuBytes()) + " of " + device).orElse("");
        final String use = session.leases() > 0 ? "in use" : "unused for " + Math.max(0, Duration.between(session.lastUse(), now).toSeconds()) + " s";
        return session.file() + " on " + on + ": " + megabytes(session.ramBytes()) + gpu + ", " + use + (session.pinned() ? ", pinned" : "");
    }

    private static String megabytes(final long bytes) {
        return Math.round(bytes / MB) + " MB";
    }

    private static String megabytes(final OptionalLong bytes) {
        return bytes.isPresent() ? megabytes(bytes.getAsLong()) : "unknown";
    }
}
