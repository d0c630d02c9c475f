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
package net.diffusionj.server.sdapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

import net.diffusionj.io.ImageFile;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.scheduler.config.SchedulerName.Levels;
import net.diffusionj.server.ClientWords;
import net.diffusionj.server.Generations;
import net.diffusionj.server.Job;
import net.diffusionj.server.ModelNames;
import net.diffusionj.server.http.Answer;
import net.diffusionj.server.http.Endpoint;
import net.diffusionj.server.http.Endpoint.Access;
import net.diffusionj.server.http.Exchange;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionOutcome;

/**
 * What is under {@code /sdapi/v1}. Progress and interrupting are a client's own: they see the requests that come from the same computer.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class SdApi {

    private static final String ROOT = "/sdapi/v1/";
    private static final int MOST_CLIENTS = 1000;

    private final DiffusionEngine engine;
    private final Generations generations;
    private final ModelNames models;
    private final ClientWords words;
    private final MemoryProbe memory;
    private final long mostPixels;
    /** The model that each client has chosen. */
    private final Map<String, String> chosen = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, String> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    /**
     * @param engine knows models
     * @param generations runs requests
     * @param models that clients may name
     * @param words makes of a message what a client may read
     * @param memory of this machine
     * @param mostPixels width times height of a picture, given or asked for, that is accepted
     */
    public SdApi(final DiffusionEngine engine, final Generations generations, final ModelNames models, final ClientWords words, final MemoryProbe memory,
        final long mostPixels) {
        this.engine = engine;
        this.generations = generations;
        this.models = models;
        this.words = words;
        this.memory = memory;
        this.mostPixels = mostPixels;
    }

    /** @return everything that is answered */
    public List<Endpoint> endpoints() {
        return List.of(post("txt2img", Access.SLOW, exchange -> images(exchange, ImageRequest::fromText)),
            post("img2img", Access.SLOW, exchange -> images(exchange, ImageRequest::fromImage)), post("png-info", Access.QUICK, this::pngInfo),
            get("progress", exchange -> Answer.json(progress(exchange.caller()))), post("interrupt", Access.QUICK, this::interrupt),
            post("skip", Access.QUICK, this::interrupt), get("options", exchange -> Answer.json(options(exchange.caller()))),
            post("options", Access.QUICK, this::setOptions), get("sd-models", exchange -> Answer.json(sdModels())),
            post("refresh-checkpoints", Access.QUICK, exchange -> Answer.json(JsonNull.INSTANCE)), get("samplers", exchange -> Answer.json(samplers())),
            get("schedulers", exchange -> Answer.json(schedulers())), get("memory", exchange -> Answer.json(Memory.of(memory))),
            get("scripts", exchange -> Answer.json(scripts())), empty("upscalers"), empty("loras"), empty("sd-vae"), empty("prompt-styles"),
            empty("hypernetworks"), empty("face-restorers"), empty("latent-upscale-modes"));
    }

    private static Endpoint get(final String name, final Endpoint.Handler handler) {
        return new Endpoint("GET", ROOT + name, Access.QUICK, handler);
    }

    private static Endpoint post(final String name, final Access access, final Endpoint.Handler handler) {
        return new Endpoint("POST", ROOT + name, access, handler);
    }

    /** There are none here, which is an answer. */
    private static Endpoint empty(final String name) {
        return get(name, exchange -> Answer.json(new JsonArray()));
    }

    private interface Reader {
        ImageRequest read(JsonObject json, String caller, ImageRequest.Rules rules);
    }

    private Answer images(final Exchange exchange, final Reader reader) {
        final Function<String, String> names = models::forEngine;
        final ImageRequest asked = reader.read(exchange.json(), exchange.caller(), new ImageRequest.Rules(names, engine::defaults, chosen(exchange.caller()),
            mostPixels));
        final DiffusionOutcome outcome =
            generations.run(exchange, new BranchRequest(asked.request(), 0, List.of(PipelineBranch.UNCHANGED)), job -> job).get(0);
        return Answer.json(outcome.isCancelled() ? ImageAnswer.interrupted(asked) : ImageAnswer.of(asked, outcome.result(), words::of));
    }

    private Answer pngInfo(final Exchange exchange) {
        final ImageFile picture = Base64Images.decode(new Fields(exchange.json()).text("image").orElse(""), mostPixels, "The picture in image");
        final Map<String, String> settings = picture.metadata().settings();
        final JsonObject items = new JsonObject();
        settings.forEach(items::addProperty);
        final JsonObject answer = new JsonObject();
        answer.addProperty("info", settings.isEmpty() ? "" : InfoText.of(settings, settings.getOrDefault("seed", ""), picture.image().dimension(0),
            picture.image().dimension(1)));
        answer.add("items", items);
        answer.add("parameters", items);
        return Answer.json(answer);
    }

    private JsonObject progress(final String caller) {
        final Optional<Job> job = generations.jobs().current(caller);
        final double share = job.map(Job::share).orElse(0.0);
        final JsonObject state = new JsonObject();
        state.addProperty("skipped", false);
        state.addProperty("interrupted", job.flatMap(Job::stopped).isPresent());
        state.addProperty("job", job.map(now -> now.stage().text()).orElse(""));
        state.addProperty("job_count", generations.jobs().count(caller));
        state.addProperty("job_no", 0);
        state.addProperty("sampling_step", job.map(now -> now.at().step()).orElse(0));
        state.addProperty("sampling_steps", job.map(now -> now.at().steps()).orElse(0));
        final JsonObject answer = new JsonObject();
        answer.addProperty("progress", share);
        answer.addProperty("eta_relative", share > 0 ? job.map(Job::seconds).orElse(0.0) * (1 - share) / share : 0);
        answer.add("state", state);
        answer.add("current_image", JsonNull.INSTANCE);
        answer.add("textinfo", JsonNull.INSTANCE);
        return answer;
    }

    private Answer interrupt(final Exchange exchange) {
        generations.jobs().current(exchange.caller()).ifPresent(job -> job.stop(Job.Why.INTERRUPTED));
        return Answer.json(new JsonObject());
    }

    private String chosen(final String caller) {
        synchronized (chosen) {
            return chosen.getOrDefault(caller, "");
        }
    }

    private JsonObject options(final String caller) {
        final JsonObject options = new JsonObject();
        final String model = chosen(caller);
        options.addProperty("sd_model_checkpoint", model.isEmpty() ? models.defaultName() : model);
        options.addProperty("sd_checkpoint_hash", "");
        options.addProperty("samples_format", "png");
        options.addProperty("CLIP_stop_at_last_layers", 1);
        return options;
    }

    private Answer setOptions(final Exchange exchange) {
        final JsonObject json = exchange.json();
        final Optional<String> model = new Fields(json).text("sd_model_checkpoint").map(String::strip);
        model.ifPresent(models::forEngine);
        synchronized (chosen) {
            model.ifPresent(name -> chosen.put(exchange.caller(), name));
        }
        final JsonArray warnings = new JsonArray();
        json.keySet().stream().filter(name -> !name.equals("sd_model_checkpoint"))
            .forEach(name -> warnings.add(name + " is ignored: it is not an option here."));
        final JsonObject answer = new JsonObject();
        answer.add("warnings", warnings);
        return Answer.json(answer);
    }

    private JsonArray sdModels() {
        final JsonArray list = new JsonArray();
        for (final String name : models.all()) {
            final JsonObject model = new JsonObject();
            model.addProperty("title", name);
            model.addProperty("model_name", name);
            model.add("hash", JsonNull.INSTANCE);
            model.add("sha256", JsonNull.INSTANCE);
            model.addProperty("filename", name);
            model.add("config", JsonNull.INSTANCE);
            list.add(model);
        }
        return list;
    }

    private static JsonArray samplers() {
        final JsonArray list = new JsonArray();
        Samplers.all().forEach((name, id) -> {
            final JsonObject sampler = new JsonObject();
            sampler.addProperty("name", name);
            final JsonArray aliases = new JsonArray();
            aliases.add(id);
            sampler.add("aliases", aliases);
            sampler.add("options", new JsonObject());
            list.add(sampler);
        });
        return list;
    }

    private static JsonElement schedulers() {
        final JsonArray list = new JsonArray();
        list.add(spacing("automatic", "Automatic"));
        for (final Levels levels : Levels.values()) list.add(spacing(levels.id(), Samplers.label(levels)));
        return list;
    }

    private static JsonObject spacing(final String name, final String label) {
        final JsonObject spacing = new JsonObject();
        spacing.addProperty("name", name);
        spacing.addProperty("label", label);
        return spacing;
    }

    private static JsonElement scripts() {
        final JsonObject scripts = new JsonObject();
        scripts.add("txt2img", new JsonArray());
        scripts.add("img2img", new JsonArray());
        return scripts;
    }
}
