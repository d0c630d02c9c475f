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
package net.diffusionj.model.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.JsonFile;
import net.diffusionj.model.tokenizer.ClipTables.AddedToken;

/**
 * A tokenizer's special tokens and length by {@code tokenizer_config.json} and {@code special_tokens_map.json}, read as transformers reads
 * them: the map has the last word, unless the configuration lists {@code added_tokens_decoder}.
 *
 * @param start text of the start token
 * @param end text of the end token
 * @param padding text of the padding token
 * @param unknown text of the token that stands for unknown ones
 * @param maxLength {@code model_max_length}, where it is a usable number
 * @param declared how the files describe each token that they describe, as an entry of tokenizer.json's {@code added_tokens}; with an id where
 *        {@code added_tokens_decoder} gives one
 */
record SpecialTokens(String start, String end, String padding, String unknown, OptionalInt maxLength, Map<String, JsonObject> declared) {

    /** transformers writes 10^30 for "no limit"; no text encoder takes this many. */
    private static final double ANY_LENGTH = 1e6;
    private static final String CONFIG = "tokenizer_config.json";
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";

    /** @param folder a tokenizer's folder; both files may be missing
     *  @return their content, CLIP's values where they say nothing */
    static SpecialTokens read(final Path folder) {
        final JsonObject config = readIfThere(folder.resolve(CONFIG));
        final JsonObject map = config.has("added_tokens_decoder") ? new JsonObject() : readIfThere(folder.resolve("special_tokens_map.json"));
        final Map<String, JsonObject> declared = new LinkedHashMap<>();
        if (config.get("added_tokens_decoder") instanceof final JsonObject added) {
            if (added.size() > TokenizerFile.MOST_ADDED) {
                throw new InvalidInputException(folder.resolve(CONFIG) + " adds more than " + TokenizerFile.MOST_ADDED + " tokens. Download or copy it again.");
            }
            added.entrySet().forEach(entry -> declareWithId(folder.resolve(CONFIG), entry.getKey(), entry.getValue(), declared));
        }
        final List<String> names = new ArrayList<>();
        for (final String[] role : new String[][] {{"bos_token", START}, {"eos_token", END}, {"pad_token", END}, {"unk_token", END}}) {
            final JsonElement given = map.has(role[0]) ? map.get(role[0]) : config.get(role[0]);
            declare(given, declared);
            names.add(text(given, role[1]));
        }
        return new SpecialTokens(names.get(0), names.get(1), names.get(2), names.get(3), length(config.get("model_max_length")), declared);
    }

    /**
     * Finds the special tokens that a tokenizer's file does not list, as transformers adds them when it loads one.
     *
     * @param tables what the file lists
     * @return the others
     */
    List<AddedToken> missing(final ClipTables tables) {
        final List<AddedToken> missing = new ArrayList<>();
        declared.entrySet().stream().filter(token -> token.getValue().has("id"))
            .sorted(Comparator.comparingInt(token -> token.getValue().get("id").getAsInt()))
            .forEach(token -> missing.add(described(token.getKey(), token.getValue().get("id").getAsInt(), token.getValue(), false, false)));
        final Map<String, Integer> vocabulary = tables.with(missing).vocabulary();
        for (final String token : new String[] {start, end, unknown, padding}) {
            final boolean clipsOwn = token.equals(start) || token.equals(end) || token.equals(unknown);
            final Integer id = vocabulary.get(token);
            if (id != null) missing.add(described(token, id, declared.getOrDefault(token, new JsonObject()), clipsOwn, true));
        }
        return missing;
    }

    /** @param said what the files say of it
     *  @param normalized whether it is looked for in the normalised text if they do not say
     *  @param special whether it is special if they do not say */
    private static AddedToken described(final String token, final int id, final JsonObject said, final boolean normalized, final boolean special) {
        return new AddedToken(token, id, flag(said, "single_word", false), flag(said, "lstrip", false), flag(said, "rstrip", false),
            flag(said, "normalized", normalized), flag(said, "special", special));
    }

    private static boolean flag(final JsonObject object, final String key, final boolean otherwise) {
        return object.get(key) instanceof final JsonPrimitive value && value.isBoolean() ? value.getAsBoolean() : otherwise;
    }

    private static void declare(final JsonElement given, final Map<String, JsonObject> declared) {
        if (!(given instanceof final JsonObject token) || text(token, "").isEmpty()) return;
        declared.putIfAbsent(text(token, ""), flags(token));
    }

    private static void declareWithId(final Path file, final String id, final JsonElement given, final Map<String, JsonObject> declared) {
        if (!(given instanceof final JsonObject token) || !id.matches("\\d+")) return;
        final String content = BpeTables.checkedToken(file, text(token, ""));
        if (content.isEmpty()) return;
        final JsonObject entry = flags(token);
        entry.addProperty("id", BpeTables.id(file, content, id));
        declared.putIfAbsent(content, entry);
    }

    private static JsonObject flags(final JsonObject token) {
        final JsonObject flags = new JsonObject();
        for (final String key : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            if (token.get(key) instanceof final JsonPrimitive value && value.isBoolean()) flags.add(key, value);
        }
        return flags;
    }

    private static String text(final JsonElement given, final String otherwise) {
        if (given == null || given.isJsonNull()) return otherwise;
        if (given instanceof final JsonObject token) return text(token.get("content"), otherwise);
        return given.isJsonPrimitive() ? given.getAsString() : otherwise;
    }

    private static OptionalInt length(final JsonElement given) {
        if (given == null || !given.isJsonPrimitive() || !given.getAsJsonPrimitive().isNumber()) return OptionalInt.empty();
        final double value = given.getAsDouble();
        return value >= 2 && value < ANY_LENGTH ? OptionalInt.of((int) value) : OptionalInt.empty();
    }

    private static JsonObject readIfThere(final Path file) {
        return Files.exists(file) ? JsonFile.read(file) : new JsonObject();
    }
}
