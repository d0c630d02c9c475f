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
package net.diffusionj.service.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.MemoryUse;
import net.diffusionj.service.record.GenerationRecord.Origin;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.record.GenerationRecord.Reused;
import net.diffusionj.service.record.GenerationRecord.Span;
import net.diffusionj.service.record.GenerationRecord.StageMillis;
import net.diffusionj.service.record.GenerationRecord.Work;

/** A record as one line of JSON, and back. Keys that a line has beside those of this version are passed over. Stateless. */
public final class RecordJson {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final double DECIMALS = 1000;

    private RecordJson() {}

    /** What a line of the log holds. */
    public sealed interface Line {}

    /** @param value a record */
    public record Whole(GenerationRecord value) implements Line {}

    /** @param version higher than this program's {@link GenerationRecord#VERSION} */
    public record Newer(int version) implements Line {}

    /** @param reason what is wrong with it */
    public record Damaged(String reason) implements Line {}

    /** @param record anything
     *  @return one line, without its end */
    public static String encode(final GenerationRecord record) {
        final JsonObject json = new JsonObject();
        json.addProperty("v", GenerationRecord.VERSION);
        json.addProperty("time", record.origin().ended().toString());
        json.addProperty("process", record.origin().process());
        json.addProperty("program", record.origin().program());
        json.addProperty("onnxruntime", record.origin().runtime());
        json.addProperty("cuda", record.origin().cuda());
        json.addProperty("instance", record.origin().instance());
        json.addProperty("outcome", record.outcome().end().name().toLowerCase(Locale.ROOT));
        json.addProperty("detail", record.outcome().detail());
        work(record.work(), json);
        times(record.times(), json);
        json.add("ram", span(record.memory().ram()));
        json.addProperty("heap_bytes", record.memory().heapBytes());
        json.add("gpu", span(record.memory().gpu()));
        json.addProperty("sessions", record.memory().sessions());
        json.addProperty("session_bytes", record.memory().sessionBytes());
        json.addProperty("result_found", record.reused().result());
        json.addProperty("sessions_found", record.reused().sessionsOpen());
        json.addProperty("sessions_opened", record.reused().sessionsOpened());
        json.addProperty("embeddings_found", record.reused().embeddingsFound());
        json.addProperty("embeddings_made", record.reused().embeddingsMade());
        final JsonArray ladder = new JsonArray();
        record.ladder().forEach(ladder::add);
        json.add("ladder", ladder);
        record.fallback().ifPresent(text -> json.addProperty("fallback", text));
        return GSON.toJson(json);
    }

    private static void work(final Work work, final JsonObject json) {
        json.addProperty("task", work.task());
        json.addProperty("model", work.model());
        work.modelHash().ifPresent(hash -> json.addProperty("hash", hash));
        json.addProperty("width", work.widthPx());
        json.addProperty("height", work.heightPx());
        json.addProperty("steps", work.steps());
        json.addProperty("images", work.images());
        json.addProperty("scheduler", work.scheduler());
        json.addProperty("provider", work.provider());
        work.prompt().ifPresent(prompt -> json.addProperty("prompt", prompt));
    }

    private static void times(final StageMillis times, final JsonObject json) {
        json.addProperty("queue_ms", rounded(times.queue()));
        json.addProperty("load_ms", rounded(times.load()));
        json.addProperty("text_ms", rounded(times.text()));
        json.addProperty("denoise_ms", rounded(times.denoise()));
        final JsonArray steps = new JsonArray();
        times.steps().forEach(millis -> steps.add(rounded(millis)));
        json.add("step_ms", steps);
        json.addProperty("model_ms", rounded(times.model()));
        json.addProperty("decode_ms", rounded(times.decode()));
        json.addProperty("total_ms", rounded(times.total()));
    }

    private static double rounded(final double millis) {
        return Math.rint(millis * DECIMALS) / DECIMALS;
    }

    private static JsonObject span(final Span span) {
        final JsonObject json = new JsonObject();
        span.before().ifPresent(bytes -> json.addProperty("before", bytes));
        span.peak().ifPresent(bytes -> json.addProperty("peak", bytes));
        span.after().ifPresent(bytes -> json.addProperty("after", bytes));
        return json;
    }

    /** @param line of a log, without its end; perhaps damaged
     *  @return what it holds */
    public static Line decode(final String line) {
        try {
            final JsonElement parsed = JsonParser.parseString(line);
            if (!parsed.isJsonObject()) return new Damaged("it is not a JSON object");
            final JsonObject json = parsed.getAsJsonObject();
            final int version = get(json, "v").getAsInt();
            if (version > GenerationRecord.VERSION) return new Newer(version);
            if (version < 1) return new Damaged("its version is " + version);
            return new Whole(record(json));
        }
        catch (final JsonParseException | IllegalStateException | IllegalArgumentException | UnsupportedOperationException | DateTimeException e) {
            return new Damaged(String.valueOf(e.getMessage()));
        }
    }

    private static GenerationRecord record(final JsonObject json) {
        final Origin origin = new Origin(Instant.parse(text(json, "time")), text(json, "process"), text(json, "program"), text(json, "onnxruntime"),
            get(json, "cuda").getAsBoolean(), get(json, "instance").getAsInt());
        final Outcome outcome = new Outcome(End.valueOf(text(json, "outcome").toUpperCase(Locale.ROOT)), text(json, "detail"));
        final Work work = new Work(text(json, "task"), text(json, "model"), maybe(json, "hash"), get(json, "width").getAsInt(),
            get(json, "height").getAsInt(), get(json, "steps").getAsInt(), get(json, "images").getAsInt(), text(json, "scheduler"), text(json, "provider"),
            maybe(json, "prompt"));
        final List<Double> steps = new ArrayList<>();
        get(json, "step_ms").getAsJsonArray().forEach(step -> steps.add(step.getAsDouble()));
        final StageMillis times = new StageMillis(millis(json, "queue_ms"), millis(json, "load_ms"), millis(json, "text_ms"), millis(json, "denoise_ms"),
            steps, millis(json, "model_ms"), millis(json, "decode_ms"), millis(json, "total_ms"));
        final MemoryUse memory = new MemoryUse(span(json, "ram"), get(json, "heap_bytes").getAsLong(), span(json, "gpu"),
            get(json, "sessions").getAsInt(), get(json, "session_bytes").getAsLong());
        final Reused reused = new Reused(get(json, "result_found").getAsBoolean(), get(json, "sessions_found").getAsInt(),
            get(json, "sessions_opened").getAsInt(), get(json, "embeddings_found").getAsInt(), get(json, "embeddings_made").getAsInt());
        final List<String> ladder = new ArrayList<>();
        get(json, "ladder").getAsJsonArray().forEach(step -> ladder.add(step.getAsString()));
        return new GenerationRecord(origin, outcome, work, times, memory, reused, ladder, maybe(json, "fallback"));
    }

    private static JsonElement get(final JsonObject json, final String key) {
        final JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) throw new JsonParseException("it has no \"" + key + '"');
        return value;
    }

    private static String text(final JsonObject json, final String key) {
        return get(json, key).getAsString();
    }

    private static double millis(final JsonObject json, final String key) {
        return get(json, key).getAsDouble();
    }

    private static Optional<String> maybe(final JsonObject json, final String key) {
        return json.has(key) ? Optional.of(text(json, key)) : Optional.empty();
    }

    private static Span span(final JsonObject json, final String key) {
        final JsonObject span = get(json, key).getAsJsonObject();
        return new Span(bytes(span, "before"), bytes(span, "peak"), bytes(span, "after"));
    }

    private static OptionalLong bytes(final JsonObject json, final String key) {
        return json.has(key) ? OptionalLong.of(json.get(key).getAsLong()) : OptionalLong.empty();
    }
}
