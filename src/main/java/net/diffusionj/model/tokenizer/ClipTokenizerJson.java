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

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.Map;

/**
 * Writes the {@code tokenizer.json} that transformers makes for a CLIP tokenizer: the only kind that native code is given, whatever lies in the model
 * folder. The pieces and their order are those of {@code CLIPConverter} in transformers' {@code convert_slow_tokenizer.py}.
 */
final class ClipTokenizerJson {

    static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    static final String WHITE_SPACE = "\\s+";

    private ClipTokenizerJson() {}

    /**
     * @param tables what to write, checked
     * @return a tokenizer.json with start and end token
     */
    static JsonObject build(final ClipTables tables) {
        final Map<String, Integer> vocabulary = tables.vocabulary();
        final JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", tables.unknown());
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", BpeTables.WORD_END);
        model.addProperty("fuse_unk", false);
        model.add("vocab", vocab(vocabulary));
        model.add("merges", merges(tables.tables()));

        final JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("added_tokens", added(tables));
        json.add("normalizer", sequence("normalizers", typed("NFC"), whiteSpace(), typed("Lowercase")));
        json.add("pre_tokenizer", sequence("pretokenizers", words(), byteLevel(false)));
        json.add("post_processor", startAndEnd(vocabulary, tables));
        json.add("decoder", byteLevel(true));
        json.add("model", model);
        return json;
    }

    private static JsonObject vocab(final Map<String, Integer> vocabulary) {
        final JsonObject vocab = new JsonObject();
        vocabulary.forEach(vocab::addProperty);
        return vocab;
    }

    private static JsonArray merges(final BpeTables tables) {
        final JsonArray merges = new JsonArray();
        for (final BpeTables.Pair pair : tables.merges()) {
            final JsonArray entry = new JsonArray();
            entry.add(pair.left());
            entry.add(pair.right());
            merges.add(entry);
        }
        return merges;
    }

    private static JsonArray added(final ClipTables tables) {
        final JsonArray added = new JsonArray();
        for (final ClipTables.AddedToken token : tables.added()) {
            final JsonObject entry = new JsonObject();
            entry.addProperty("id", token.id());
            entry.addProperty("content", token.content());
            entry.addProperty("single_word", token.singleWord());
            entry.addProperty("lstrip", token.leftStrip());
            entry.addProperty("rstrip", token.rightStrip());
            entry.addProperty("normalized", token.normalized());
            entry.addProperty("special", token.special());
            added.add(entry);
        }
        return added;
    }

    private static JsonObject whiteSpace() {
        final JsonObject replace = typed("Replace");
        replace.add("pattern", regex(WHITE_SPACE));
        replace.addProperty("content", " ");
        return replace;
    }

    private static JsonObject words() {
        final JsonObject split = typed("Split");
        split.add("pattern", regex(WORDS));
        split.addProperty("behavior", "Removed");
        split.addProperty("invert", true);
        return split;
    }

    private static JsonObject byteLevel(final boolean prefixSpace) {
        final JsonObject level = typed("ByteLevel");
        level.addProperty("add_prefix_space", prefixSpace);
        level.addProperty("trim_offsets", true);
        level.addProperty("use_regex", true);
        return level;
    }

    private static JsonObject startAndEnd(final Map<String, Integer> vocabulary, final ClipTables tables) {
        final JsonObject roberta = typed("RobertaProcessing");
        roberta.add("sep", tokenAndId(vocabulary, tables.end()));
        roberta.add("cls", tokenAndId(vocabulary, tables.start()));
        roberta.addProperty("trim_offsets", false);
        roberta.addProperty("add_prefix_space", false);
        return roberta;
    }

    private static JsonArray tokenAndId(final Map<String, Integer> vocabulary, final String token) {
        final JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(vocabulary.get(token));
        return pair;
    }

    private static JsonObject sequence(final String key, final JsonElement... members) {
        final JsonArray array = new JsonArray();
        for (final JsonElement member : members) array.add(member);
        final JsonObject sequence = typed("Sequence");
        sequence.add(key, array);
        return sequence;
    }

    private static JsonObject regex(final String expression) {
        final JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", expression);
        return pattern;
    }

    private static JsonObject typed(final String type) {
        final JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }
}
