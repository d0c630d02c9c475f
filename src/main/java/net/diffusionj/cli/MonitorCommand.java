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

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.service.record.GenerationLog;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.HealthWarning;
import net.diffusionj.service.record.HealthWatch;
import net.diffusionj.service.record.LogTail;
import net.diffusionj.service.record.RecordJson;
import net.diffusionj.service.remote.ServerConnection;
import net.diffusionj.service.settings.ServerSettings;
import net.diffusionj.service.settings.SettingsFile;

/** {@code diffusionj monitor}: the session monitor without a screen. Reads the records that all programs of this home leave. */
@Command(name = "monitor", mixinStandardHelpOptions = true,
    description = "Shows the records of the latest generations, the NVIDIA GPUs, and warnings with what to do: of this computer, or of a server.")
final class MonitorCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 500;
    /** Polls between two looks at the GPUs. */
    private static final int POLLS_PER_LOOK = 10;
    /** What the watch is told of beside the lines that are shown, so that it has series. */
    private static final int HISTORY = 2000;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Printer printer;
    private final HealthWatch health = new HealthWatch();
    private final MemoryProbe memory = MemoryProbe.ofThisMachine();

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print each record as it is in the log, one JSON object a line; a warning is an object with the key \"warning\".")
    private boolean json;

    @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--lines", paramLabel = "N", defaultValue = "20", description = "How many records to begin with; ${DEFAULT-VALUE} if left out.")
    private int lines;

    @Option(names = "--server", paramLabel = "URL", description = "Ask a running server instead, such as http://127.0.0.1:7860.")
    private String server;
    @Option(names = "--token-file", paramLabel = "FILE", description = "With --server: file with the token that it asks for. Default: that of the settings.")
    private Path tokenFile;

    MonitorCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public Integer call() {
        if (lines < 0) throw new ParameterException(spec.commandLine(), "--lines should be 0 or more, but is " + lines + '.');
        if (server != null) return ofServer();
        final GenerationLog log = new GenerationLog(DiffusionHome.locate());
        try {
            final LogTail tail = new LogTail(log);
            begin(log);
            gpus(true);
            if (follow) followFrom(tail);
            return 0;
        }
        catch (final IOException e) {
            throw new DiffusionJException("The records in " + log.file() + " cannot be read: " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    private int ofServer() {
        final URI address = ServerSettings.address(server).orElseThrow(() -> new InvalidInputException("--server should be the address of a server, such as"
            + " http://127.0.0.1:7860, not '" + server + "'."));
        final ServerSettings set = new SettingsFile(DiffusionHome.locate()).load().server();
        final ServerSettings way = tokenFile == null ? set : new ServerSettings(Optional.of(address), Optional.of(tokenFile), set.certificate());
        final ServerMonitor monitor = new ServerMonitor(printer, json, new ServerConnection(address, way));
        monitor.show(lines);
        if (follow) monitor.follow();
        return 0;
    }

    private void begin(final GenerationLog log) throws IOException {
        final GenerationLog.Contents contents = log.read(Math.max(HISTORY, lines));
        final List<GenerationRecord> all = contents.records();
        if (!json) printer.result(MonitorTable.HEAD);
        for (int i = 0; i < all.size(); i++) {
            if (i >= all.size() - lines) show(all.get(i));
            health.add(all.get(i));
        }
        health.all().forEach(this::warn);
        contents.remark().ifPresent(remark -> printer.note("diffusionj: in " + log.file() + ' ' + remark));
        if (all.isEmpty()) printer.note("diffusionj: there are no records in " + log.file() + " yet. Every generation leaves one.");
    }

    private void followFrom(final LogTail tail) throws IOException {
        try {
            for (int poll = 1;; poll++) {
                Thread.sleep(POLL_MILLIS);
                final GenerationLog.Contents come = tail.next();
                for (final GenerationRecord record : come.records()) {
                    show(record);
                    health.add(record).forEach(this::warn);
                }
                come.remark().ifPresent(remark -> printer.note("diffusionj: " + remark));
                if (poll % POLLS_PER_LOOK == 0) gpus(false);
            }
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(final GenerationRecord record) {
        printer.result(json ? RecordJson.encode(record) : MonitorTable.line(record));
    }

    private void gpus(final boolean print) {
        final List<GpuState> states = memory.gpus();
        if (print && !json) states.forEach(state -> printer.result(MonitorTable.line(state)));
        final int before = health.all().size();
        health.look(states);
        health.all().stream().skip(before).forEach(this::warn);
    }

    private void warn(final HealthWarning warning) {
        if (!json) {
            printer.result("Warning: " + warning.text());
            return;
        }
        final JsonObject object = new JsonObject();
        object.addProperty("warning", warning.kind().name().toLowerCase(Locale.ROOT));
        object.addProperty("subject", warning.subject());
        object.addProperty("text", warning.text());
        printer.result(GSON.toJson(object));
    }
}
