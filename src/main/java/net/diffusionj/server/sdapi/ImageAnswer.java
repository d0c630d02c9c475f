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

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import net.diffusionj.io.ImageBytes;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.Seed;

/** What AUTOMATIC1111 answers to a request for images: base64 PNGs with their settings in them, the request, and {@code info} as JSON in a text. Stateless. */
final class ImageAnswer {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    private ImageAnswer() {}

    /**
     * @param asked what was asked for
     * @param result what was made
     * @param words makes of a warning what a client may read
     * @return the answer
     */
    static JsonObject of(final ImageRequest asked, final DiffusionResult result, final UnaryOperator<String> words) {
        final Map<String, String> settings = result.settings();
        final List<byte[]> pictures = ImageBytes.png(result.image(), settings);
        final JsonArray images = new JsonArray();
        if (asked.sendImages()) pictures.forEach(png -> images.add(Base64Images.encode(png)));
        final JsonObject info = info(asked, settings, pictures.size(), result.image().dimension(0), result.image().dimension(1));
        final List<String> warnings = new ArrayList<>(asked.warnings());
        result.warnings().stream().map(words).forEach(warnings::add);
        info.add("warnings", list(warnings));
        return answer(asked, images, info);
    }

    /** @param asked what was asked for
     *  @return the answer to a request that a client has interrupted: no images */
    static JsonObject interrupted(final ImageRequest asked) {
        final JsonObject info = new JsonObject();
        info.addProperty("interrupted", true);
        final List<String> warnings = new ArrayList<>(asked.warnings());
        warnings.add("The request was interrupted, so there are no images.");
        info.add("warnings", list(warnings));
        return answer(asked, new JsonArray(), info);
    }

    private static JsonObject answer(final ImageRequest asked, final JsonArray images, final JsonObject info) {
        final JsonObject answer = new JsonObject();
        answer.add("images", images);
        answer.add("parameters", asked.echo());
        answer.addProperty("info", GSON.toJson(info));
        return answer;
    }

    private static JsonObject info(final ImageRequest asked, final Map<String, String> settings, final int pictures, final long widthPx, final long heightPx) {
        final JsonObject info = new JsonObject();
        final JsonArray prompts = new JsonArray();
        final JsonArray negatives = new JsonArray();
        final JsonArray seeds = new JsonArray();
        final JsonArray texts = new JsonArray();
        for (int i = 0; i < pictures; i++) {
            final String seed = Seed.text(asked.request().seed() + i);
            prompts.add(settings.getOrDefault("prompt", ""));
            negatives.add(settings.getOrDefault("negative", ""));
            seeds.add(new BigInteger(seed));
            texts.add(InfoText.of(settings, seed, widthPx, heightPx));
        }
        info.addProperty("prompt", settings.getOrDefault("prompt", ""));
        info.add("all_prompts", prompts);
        info.addProperty("negative_prompt", settings.getOrDefault("negative", ""));
        info.add("all_negative_prompts", negatives);
        info.add("seed", seeds.get(0));
        info.add("all_seeds", seeds);
        info.addProperty("subseed_strength", 0);
        info.addProperty("width", widthPx);
        info.addProperty("height", heightPx);
        info.addProperty("sampler_name", Samplers.name(settings.getOrDefault("scheduler", "")));
        info.addProperty("cfg_scale", Double.valueOf(settings.getOrDefault("guidance", "0")));
        info.addProperty("steps", Integer.valueOf(settings.getOrDefault("steps", "0")));
        info.addProperty("batch_size", pictures);
        info.addProperty("sd_model_name", settings.getOrDefault("model", ""));
        if (settings.containsKey("strength")) info.addProperty("denoising_strength", Double.valueOf(settings.get("strength")));
        info.addProperty("index_of_first_image", 0);
        info.add("infotexts", texts);
        info.add("styles", new JsonArray());
        info.addProperty("job_timestamp", STAMP.format(Instant.now()));
        info.addProperty("version", "DiffusionJ " + settings.getOrDefault("diffusionj", ""));
        return info;
    }

    private static JsonArray list(final List<String> texts) {
        final JsonArray list = new JsonArray();
        texts.forEach(list::add);
        return list;
    }
}
