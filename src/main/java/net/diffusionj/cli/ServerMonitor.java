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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.service.queue.WaitText;
import net.diffusionj.service.record.RecordJson;
import net.diffusionj.service.remote.Protocol;
import net.diffusionj.service.remote.ServerConnection;

/** The monitor of a server: asks it how it is doing, instead of reading a log. Not thread-safe. */
final class ServerMonitor {

    private static final long POLL_MILLIS = 1000;

    private final Printer printer;
    private final boolean json;
    private final ServerConnection connection;
    private final Set<String> shownWarnings = new HashSet<>();
    private List<String> seen = List.of();

    /**
     * @param printer for what is shown
     * @param json whether for programs
     * @param connection to the server
     */
    ServerMonitor(final Printer printer, final boolean json, final ServerConnection connection) {
        this.printer = printer;
        this.json = json;
        this.connection = connection;
    }

    /** @param lines how many records at most */
    void show(final int lines) {
        final JsonObject state = ask();
        if (json) printer.result(state.get("queue").toString());
        else {
            printer.result("DiffusionJ " + state.get("program").getAsString() + " at " + connection.server() + ", models: " + String.join(", ",
                texts(state, "models")));
            printer.result(queue(state.getAsJsonObject("queue")));
            printer.result(MonitorTable.HEAD);
        }
        seen = texts(state, "records");
        seen.subList(Math.max(0, seen.size() - lines), seen.size()).forEach(this::record);
        if (!json) state.getAsJsonArray("gpus").forEach(gpu -> printer.result(MonitorTable.line(gpu(gpu.getAsJsonObject()))));
        warnings(state);
    }

    /** Shows what comes, until the thread is interrupted. A server that does not answer is asked again. */
    void follow() {
        boolean answers = true;
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                try {
                    final JsonObject state = ask();
                    if (!answers) printer.note("diffusionj: the server " + connection.server() + " answers again.");
                    answers = true;
                    news(texts(state, "records"));
                    warnings(state);
                }
                catch (final DiffusionJException e) {
                    if (answers) printer.note("diffusionj: " + e.getMessage());
                    answers = false;
                }
            }
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonObject ask() {
        final JsonObject state = connection.ask(Protocol.STATE, "");
        if (!state.has("queue") || !state.has("records")) {
            throw new DiffusionJException("The server " + connection.server() + " does not tell how it is doing. Is it a DiffusionJ server?");
        }
        return state;
    }

    /** The server keeps its latest records, so what is new stands behind what was seen. */
    private void news(final List<String> records) {
        final Set<String> before = new HashSet<>(seen);
        records.stream().filter(record -> !before.contains(record)).forEach(this::record);
        seen = records;
    }

    private void record(final String line) {
        if (json) printer.result(line);
        else if (RecordJson.decode(line) instanceof final RecordJson.Whole whole) printer.result(MonitorTable.line(whole.value()));
    }

    private void warnings(final JsonObject state) {
        for (final JsonElement warning : state.getAsJsonArray("warnings")) {
            if (!shownWarnings.add(warning.toString())) continue;
            printer.result(json ? warning.toString() : "Warning: " + warning.getAsJsonObject().get("text").getAsString());
        }
    }

    private static String queue(final JsonObject queue) {
        final int waiting = queue.get("interactive").getAsInt() + queue.get("batch").getAsInt();
        return queue.get("running").getAsInt() + " running on " + queue.get("instances").getAsInt() + (queue.get("instances").getAsInt() == 1 ? " instance, "
            : " instances, ") + waiting + " waiting"
            + (queue.has("expected_wait_ms") ? ", a new request for about " + WaitText.of(queue.get("expected_wait_ms").getAsLong()) : "");
    }

    private static List<String> texts(final JsonObject state, final String key) {
        final List<String> texts = new ArrayList<>();
        state.getAsJsonArray(key).forEach(text -> texts.add(text.getAsString()));
        return texts;
    }

    private static GpuState gpu(final JsonObject gpu) {
        final Optional<GpuMemory> memory = gpu.has("total_bytes")
            ? Optional.of(new GpuMemory(gpu.get("total_bytes").getAsLong(), gpu.get("used_bytes").getAsLong())) : Optional.empty();
        return new GpuState(gpu.get("index").getAsInt(), gpu.get("name").getAsString(), gpu.get("driver").getAsString(), number(gpu, "load_percent"), memory,
            number(gpu, "celsius"), number(gpu, "clock_mhz"), number(gpu, "most_clock_mhz"), Optional.empty());
    }

    private static OptionalInt number(final JsonObject json, final String key) {
        return json.has(key) ? OptionalInt.of(json.get(key).getAsInt()) : OptionalInt.empty();
    }
}
