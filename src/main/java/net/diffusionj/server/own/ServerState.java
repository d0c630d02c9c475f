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
package net.diffusionj.server.own;

import java.util.Locale;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.server.ClientWords;
import net.diffusionj.server.ModelNames;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.record.RecordJson;
import net.diffusionj.service.remote.Protocol;

/** How the server is doing, for {@code diffusionj monitor --server}: versions, queue, latest records, GPUs and warnings. Thread-safe. */
public final class ServerState {

    private final DiffusionEngine engine;
    private final ModelNames models;
    private final ClientWords words;
    private final MemoryProbe memory;

    /**
     * @param engine runs requests
     * @param models that clients may name
     * @param words makes of a message what a client may read
     * @param memory of this machine
     */
    public ServerState(final DiffusionEngine engine, final ModelNames models, final ClientWords words, final MemoryProbe memory) {
        this.engine = engine;
        this.models = models;
        this.words = words;
        this.memory = memory;
    }

    JsonObject json() {
        final JsonObject json = new JsonObject();
        json.addProperty("program", Protocol.program());
        final JsonArray names = new JsonArray();
        models.all().forEach(names::add);
        json.add("models", names);
        json.add("queue", queue(engine.queue()));
        final JsonArray records = new JsonArray();
        engine.records().forEach(record -> records.add(RecordJson.encode(record)));
        json.add("records", records);
        json.add("gpus", gpus());
        final JsonArray warnings = new JsonArray();
        engine.healthWarnings().forEach(found -> {
            final JsonObject warning = new JsonObject();
            warning.addProperty("warning", found.kind().name().toLowerCase(Locale.ROOT));
            warning.addProperty("subject", words.of(found.subject()));
            warning.addProperty("text", words.of(found.text()));
            warnings.add(warning);
        });
        json.add("warnings", warnings);
        return json;
    }

    private static JsonObject queue(final QueueSnapshot queue) {
        final JsonObject json = new JsonObject();
        json.addProperty("interactive", queue.interactive());
        json.addProperty("batch", queue.batch());
        json.addProperty("running", queue.running());
        json.addProperty("longest_wait_ms", queue.longestWaitMillis());
        queue.expectedWaitMillis().ifPresent(millis -> json.addProperty("expected_wait_ms", millis));
        json.addProperty("instances", queue.instances().size());
        return json;
    }

    private JsonArray gpus() {
        final JsonArray gpus = new JsonArray();
        for (final GpuState state : memory.gpus()) {
            final JsonObject gpu = new JsonObject();
            gpu.addProperty("index", state.index());
            gpu.addProperty("name", state.name());
            gpu.addProperty("driver", state.driver());
            state.loadPercent().ifPresent(percent -> gpu.addProperty("load_percent", percent));
            state.memory().ifPresent(room -> {
                gpu.addProperty("total_bytes", room.totalBytes());
                gpu.addProperty("used_bytes", room.usedBytes());
            });
            state.celsius().ifPresent(celsius -> gpu.addProperty("celsius", celsius));
            state.clockMhz().ifPresent(mhz -> gpu.addProperty("clock_mhz", mhz));
            state.mostClockMhz().ifPresent(mhz -> gpu.addProperty("most_clock_mhz", mhz));
            gpus.add(gpu);
        }
        return gpus;
    }
}
