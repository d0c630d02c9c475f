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
package net.diffusionj.train;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

import net.diffusionj.train.material.SourceNote;

/**
 * What a tuned model says of itself: for people in {@code README.md}, for programs in {@code tuning.json}.
 *
 * @param name of the model
 * @param base name of the model that it was made from
 * @param baseHash of that model's files
 * @param caption the words by which to ask for the images
 * @param licence in the user's words; empty for none stated
 * @param seed of the tuning
 * @param steps that were made
 * @param bestStep after which the weights were kept
 * @param batch pictures in a batch
 * @param rate learning rate
 * @param exact whether the same request makes the same model again
 * @param version of DiffusionJ
 * @param losses by step
 * @param sources the images
 */
record ModelCard(String name, String base, String baseHash, String caption, String licence, long seed, long steps, long bestStep, int batch, double rate,
    boolean exact, String version, List<RunState.Point> losses, List<SourceNote> sources) {

    static final String TEXT = "README.md";
    static final String DATA = "tuning.json";
    private static final String NOT_STATED = "not stated";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    /** Fills in the licence. */
    ModelCard {
        licence = licence.isEmpty() ? NOT_STATED : licence;
        losses = List.copyOf(losses);
        sources = List.copyOf(sources);
    }

    /** @return the card as JSON */
    String data() {
        return GSON.toJson(this) + "\n";
    }

    /** @return the card as Markdown */
    String text() {
        final StringBuilder text = new StringBuilder();
        text.append("# ").append(name).append("\n\n").append("Made by DiffusionJ ").append(version).append(" from ").append(base).append(" (SHA-256 ")
            .append(baseHash).append(") by training on ").append(sources.size()).append(sources.size() == 1 ? " image" : " images").append(".\n\n");
        text.append("- Ask for such images with: `").append(caption.replace("`", "'")).append("`\n");
        text.append("- Licence: ").append(licence).append(". What ").append(base).append(" asks for holds too.\n");
        text.append("- ").append(steps).append(" steps of ").append(batch).append(" pictures at a rate of ").append(rate).append(", seed ").append(seed)
            .append("; kept are the weights after step ").append(bestStep).append(".\n");
        if (!exact) text.append("- The run was limited by time, so it cannot be repeated exactly.\n");
        text.append("\n| step | training loss | validation loss |\n| --- | --- | --- |\n");
        losses.forEach(point -> text.append(String.format(Locale.ROOT, "| %d | %.4f | %.4f |%n", point.step(), point.training(), point.validation())));
        text.append("\n| image | side | SHA-256 of its pixels |\n| --- | --- | --- |\n");
        sources.forEach(source -> text.append("| ").append(source.name().replace('|', ' ')).append(" | ").append(source.side()).append(" | ")
            .append(source.sha256()).append(" |\n"));
        return text.toString().replace("\r", "");
    }

    /** @param objectSizePx how large the objects of the images are
     *  @param before content of {@code diffusionj.json}; empty for none
     *  @return what it is to hold: the tuned model keeps objects of the size that it has seen */
    static String preferences(final OptionalInt objectSizePx, final String before) {
        final JsonObject json = before.isBlank() ? new JsonObject() : GSON.fromJson(before, JsonObject.class);
        objectSizePx.ifPresent(size -> json.addProperty("objectSizePx", size));
        return GSON.toJson(json) + "\n";
    }
}
