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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import net.diffusionj.image.ImageMask;
import net.diffusionj.io.ImageFile;
import net.diffusionj.server.http.Refusal;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.Seed;
import net.diffusionj.service.queue.Priority;

/**
 * A request of AUTOMATIC1111's API, understood. What it leaves out stays open, for the model to choose.
 *
 * @param request the same for the engine
 * @param model its name, as clients know it
 * @param warnings what of it is not done here, in sentences
 * @param sendImages whether the client wants to have the images
 * @param echo the request without its pictures, as the answer repeats it
 */
record ImageRequest(DiffusionRequest request, String model, List<String> warnings, boolean sendImages, JsonObject echo) {

    private static final int MOST_IMAGES = 100;

    /**
     * What understanding a request takes.
     *
     * @param model gives the engine's name of what a client calls a model
     * @param defaults gives the defaults of a model
     * @param chosen the model that this client has chosen by its options; empty for the server's default
     * @param mostPixels width times height of a picture, given or asked for, that is accepted
     */
    record Rules(Function<String, String> model, Function<String, ModelDefaults> defaults, String chosen, long mostPixels) {}

    /** @param json {@code txt2img}
     *  @param caller the client's computer
     *  @param rules of the server
     *  @return the request */
    static ImageRequest fromText(final JsonObject json, final String caller, final Rules rules) {
        final Fields fields = new Fields(json);
        final List<String> warnings = new ArrayList<>();
        final DiffusionRequest.Builder builder = common(fields, caller, rules, warnings);
        // Has a meaning with enable_hr alone, which is told of by itself.
        fields.skip("denoising_strength", "hr_scale", "hr_upscaler", "hr_second_pass_steps", "hr_resize_x", "hr_resize_y", "hr_checkpoint_name",
            "hr_sampler_name", "hr_scheduler", "hr_prompt", "hr_negative_prompt", "firstphase_width", "firstphase_height");
        return finished(builder, fields, warnings, json);
    }

    /** @param json {@code img2img}
     *  @param caller the client's computer
     *  @param rules of the server
     *  @return the request */
    static ImageRequest fromImage(final JsonObject json, final String caller, final Rules rules) {
        final Fields fields = new Fields(json);
        final List<String> warnings = new ArrayList<>();
        final DiffusionRequest.Builder builder = common(fields, caller, rules, warnings);
        final JsonArray images = fields.list("init_images").orElseGet(JsonArray::new);
        if (images.size() != 1 || !images.get(0).isJsonPrimitive()) {
            throw Refusal.input("The field init_images should be a list of one picture in base64, but has " + images.size() + '.');
        }
        builder.image(Base64Images.decode(images.get(0).getAsString(), rules.mostPixels(), "The picture in init_images").image());
        fields.number("denoising_strength").ifPresent(builder::strength);
        fields.skip("image_cfg_scale");
        final Optional<String> mask = fields.text("mask").filter(text -> !text.isEmpty());
        if (mask.isPresent()) {
            final ImageFile picture = Base64Images.decode(mask.get(), rules.mostPixels(), "The picture in mask");
            builder.mask(fields.whole("inpainting_mask_invert", 0).orElse(0) == 0 ? picture.image() : ImageMask.inverted(picture.image()));
            // 1 keeps what is under the mask, which is what is done here.
            if (fields.whole("inpainting_fill", 0).orElse(1) != 1)
                warnings.add("inpainting_fill is ignored: denoising starts from the picture under the mask.");
        }
        else fields.skip("mask_blur", "inpainting_fill", "inpaint_full_res", "inpaint_full_res_padding", "inpainting_mask_invert");
        return finished(builder, fields, warnings, json);
    }

    private static DiffusionRequest.Builder common(final Fields fields, final String caller, final Rules rules, final List<String> warnings) {
        final DiffusionRequest.Builder builder = DiffusionRequest.prompt(fields.text("prompt").orElse("")).negative(fields.text("negative_prompt").orElse(""))
            .priority(Priority.INTERACTIVE).caller(caller);
        final String model = model(fields, rules, warnings);
        builder.model(model);
        builder.seed(Seed.parse(fields.text("seed").filter(text -> !text.isBlank()).orElse(Seed.RANDOM)));
        fields.number("cfg_scale").ifPresent(builder::guidance);
        fields.whole("steps", 1).ifPresent(builder::steps);
        size(fields, builder, rules, model);
        builder.batch(images(fields));
        sampler(fields, builder, rules, model, warnings);
        return builder;
    }

    private static String model(final Fields fields, final Rules rules, final List<String> warnings) {
        final Optional<JsonObject> overrides = fields.object("override_settings");
        fields.skip("override_settings_restore_afterwards");
        overrides.ifPresent(settings -> settings.keySet().stream().filter(name -> !name.equals("sd_model_checkpoint")).forEach(name -> warnings
            .add("override_settings." + name + " is ignored.")));
        final Optional<String> named = overrides.map(settings -> settings.get("sd_model_checkpoint")).filter(JsonElement::isJsonPrimitive)
            .map(JsonElement::getAsString).filter(name -> !name.isBlank());
        return rules.model().apply(named.orElse(rules.chosen()));
    }

    private static void size(final Fields fields, final DiffusionRequest.Builder builder, final Rules rules, final String model) {
        final OptionalInt width = fields.whole("width", 1);
        final OptionalInt height = fields.whole("height", 1);
        if (width.isEmpty() && height.isEmpty()) return;
        final int widthPx = width.orElseGet(() -> rules.defaults().apply(model).widthPx());
        final int heightPx = height.orElseGet(() -> rules.defaults().apply(model).heightPx());
        if ((double) widthPx * heightPx > rules.mostPixels()) {
            throw Refusal.input("An image of " + widthPx + " x " + heightPx + " pixels has more than the " + rules.mostPixels()
                + " that the server makes. Ask for a smaller one.");
        }
        builder.size(widthPx, heightPx);
    }

    private static int images(final Fields fields) {
        final long images = (long) fields.whole("batch_size", 1).orElse(1) * fields.whole("n_iter", 1).orElse(1);
        if (images > MOST_IMAGES) throw Refusal.input("batch_size times n_iter should be at most " + MOST_IMAGES + ", but is " + images + '.');
        return (int) images;
    }

    private static void sampler(final Fields fields, final DiffusionRequest.Builder builder, final Rules rules, final String model,
        final List<String> warnings) {
        final Optional<String> index = fields.text("sampler_index").filter(text -> !text.isBlank());
        final Optional<String> name = fields.text("sampler_name").filter(text -> !text.isBlank()).or(() -> index);
        final Optional<String> scheduler = fields.text("scheduler").filter(text -> !text.isBlank());
        Samplers.find(name, scheduler, () -> rules.defaults().apply(model).scheduler(), warnings).ifPresent(builder::scheduler);
    }

    private static ImageRequest finished(final DiffusionRequest.Builder builder, final Fields fields, final List<String> warnings, final JsonObject json) {
        final boolean send = fields.flag("send_images", true);
        fields.skip("do_not_save_samples", "do_not_save_grid");
        fields.ignored().forEach(name -> warnings.add(name + " is ignored: it is not done here."));
        final JsonObject echo = json.deepCopy();
        echo.remove("init_images");
        echo.remove("mask");
        final DiffusionRequest request = builder.build();
        return new ImageRequest(request, request.model(), List.copyOf(warnings), send, echo);
    }
}
