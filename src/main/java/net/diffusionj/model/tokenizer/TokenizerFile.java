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
import com.google.gson.JsonPrimitive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.JsonFile;

/**
 * Reads the tables out of a {@code tokenizer.json} and refuses whatever in it is not CLIP's: its rules are never handed to native code, where a regular
 * expression or a chain of replacements could end the process or take all memory.
 */
final class TokenizerFile {

    /** As transformers writes it, and as the first files on the Hub have it; special tokens are found before, so both split alike. */
    private static final Set<String> SPLITS =
        Set.of(ClipTokenizerJson.WORDS, "<\\|startoftext\\|>|<\\|endoftext\\|>|" + ClipTokenizerJson.WORDS);
    static final int MOST_ADDED = 20_000;

    private final Path file;
    private final JsonObject json;

    private TokenizerFile(final Path file) {
        this.file = file;
        this.json = JsonFile.read(file);
    }

    /**
     * @param file a tokenizer.json
     * @return its tables
     * @throws InvalidInputException if it is unreadable, incomplete, or another kind of tokenizer; names the piece that differs
     */
    static ClipTables read(final Path file) {
        return new TokenizerFile(file).tables();
    }

    private ClipTables tables() {
        final JsonObject model = object(json, "model", "");
        if (!isText(model, "type", "BPE") && model.has("type")) throw refuse("model", model.get("type"), "BPE");
        checkModel(model);
        checkNormalizer();
        checkSplitting();
        final List<ClipTables.AddedToken> added = added();
        final BpeTables tables = new BpeTables(BpeTables.vocabulary(file, object(model, "vocab", "model.")), merges(model));
        tables.checkMerges(file, added.stream().map(ClipTables.AddedToken::content).collect(Collectors.toSet()));
        final String[] frame = frame();
        final ClipTables made = new ClipTables(file, tables, frame[0], frame[1], text(model.get("unk_token"), frame[1]), added);
        final var vocabulary = made.vocabulary();
        for (final String token : List.of(made.start(), made.end(), made.unknown())) {
            if (!vocabulary.containsKey(token)) {
                throw new InvalidInputException(file + " uses the token " + token + " but has no such token in its vocabulary. " + advice());
            }
        }
        return made;
    }

    private void checkModel(final JsonObject model) {
        require(model, "model.", "end_of_word_suffix", "\"" + BpeTables.WORD_END + '"');
        require(model, "model.", "continuing_subword_prefix", "\"\"", "null");
        require(model, "model.", "dropout", "null", "0.0", "0");
        for (final String flag : List.of("fuse_unk", "byte_fallback", "ignore_merges")) require(model, "model.", flag, "false", "null");
    }

    private void checkNormalizer() {
        final JsonArray steps = members("normalizer", "normalizers", 3);
        if (!isType(steps.get(0), "NFC")) throw refuse("normalizer", steps.get(0), "NFC");
        final JsonObject replace = steps.get(1).getAsJsonObject();
        if (!isType(replace, "Replace") || !isText(replace, "content", " ") || !isText(regex(replace), "Regex", ClipTokenizerJson.WHITE_SPACE)) {
            throw refuse("normalizer", replace, "white space replaced by a blank");
        }
        if (!isType(steps.get(2), "Lowercase")) throw refuse("normalizer", steps.get(2), "Lowercase");
    }

    private void checkSplitting() {
        final JsonArray steps = members("pre_tokenizer", "pretokenizers", 2);
        final JsonObject split = steps.get(0).getAsJsonObject();
        if (!isType(split, "Split") || SPLITS.stream().noneMatch(words -> isText(regex(split), "Regex", words)) || !isText(split, "behavior", "Removed")
            || !isFlag(split, "invert", true)) {
            throw refuse("pre_tokenizer", split, "CLIP's split into words");
        }
        final JsonObject bytes = steps.get(1).getAsJsonObject();
        if (!isType(bytes, "ByteLevel") || !isFlag(bytes, "add_prefix_space", false) || bytes.has("use_regex") && !isFlag(bytes, "use_regex", true)) {
            throw refuse("pre_tokenizer", bytes, "ByteLevel without a space in front");
        }
    }

    /** @return start and end token */
    private String[] frame() {
        final JsonElement processor = json.get("post_processor");
        if (processor instanceof final JsonObject roberta && isType(roberta, "RobertaProcessing")) {
            return new String[] {first(roberta.get("cls")), first(roberta.get("sep"))};
        }
        if (processor instanceof final JsonObject template && isType(template, "TemplateProcessing") && template.get("single") instanceof final JsonArray single
            && single.size() == 3 && single.get(1) instanceof final JsonObject prompt && prompt.has("Sequence")) {
            return new String[] {special(single.get(0)), special(single.get(2))};
        }
        throw new InvalidInputException(file + " should put one start and one end token around a prompt (post_processor), but does not. It is not a CLIP"
            + " tokenizer. " + advice());
    }

    private String first(final JsonElement pair) {
        if (pair instanceof final JsonArray array && array.size() == 2 && array.get(0) instanceof final JsonPrimitive token && token.isString()) {
            return token.getAsString();
        }
        throw refuse("post_processor", pair, "a token and its id");
    }

    private String special(final JsonElement piece) {
        if (piece instanceof final JsonObject object && object.get("SpecialToken") instanceof final JsonObject token && token.has("id")) {
            return text(token.get("id"), "");
        }
        throw refuse("post_processor", piece, "a special token");
    }

    private List<BpeTables.Pair> merges(final JsonObject model) {
        if (!(model.get("merges") instanceof final JsonArray array) || array.isEmpty()) {
            throw new InvalidInputException(file + " holds no merges. " + advice());
        }
        final List<BpeTables.Pair> merges = new ArrayList<>();
        for (final JsonElement entry : array) {
            final String[] pair = pair(entry);
            if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) throw refuse("model.merges", entry, "pairs of tokens");
            merges.add(new BpeTables.Pair(pair[0], pair[1]));
        }
        return merges;
    }

    /** Older files have "a b", newer ones ["a", "b"]. */
    private static String[] pair(final JsonElement entry) {
        if (entry instanceof final JsonPrimitive line && line.isString()) return line.getAsString().split(" ", -1);
        if (entry instanceof final JsonArray array && array.size() == 2) return new String[] {text(array.get(0), ""), text(array.get(1), "")};
        return new String[0];
    }

    private List<ClipTables.AddedToken> added() {
        final List<ClipTables.AddedToken> added = new ArrayList<>();
        if (!(json.get("added_tokens") instanceof final JsonArray array)) return added;
        if (array.size() > MOST_ADDED) throw new InvalidInputException(file + " adds more than " + MOST_ADDED + " tokens. " + advice());
        for (final JsonElement entry : array) {
            if (!(entry instanceof final JsonObject token)) throw refuse("added_tokens", entry, "objects with id and content");
            final String content = BpeTables.checkedToken(file, text(token.get("content"), ""));
            if (content.isEmpty()) throw refuse("added_tokens", entry, "objects with id and content");
            added.add(new ClipTables.AddedToken(content, BpeTables.id(file, content, token.get("id")), isFlag(token, "single_word", true),
                isFlag(token, "lstrip", true), isFlag(token, "rstrip", true), isFlag(token, "normalized", true), isFlag(token, "special", true)));
        }
        return added;
    }

    private JsonArray members(final String key, final String list, final int count) {
        final JsonObject sequence = object(json, key, "");
        if (!isType(sequence, "Sequence") || !(sequence.get(list) instanceof final JsonArray members) || members.size() != count) {
            throw refuse(key, sequence, "CLIP's " + count + " steps");
        }
        for (final JsonElement member : members) {
            if (!member.isJsonObject()) throw refuse(key, member, "a step with a type");
        }
        return members;
    }

    private JsonObject object(final JsonObject parent, final String key, final String where) {
        if (parent.get(key) instanceof final JsonObject object) return object;
        throw refuse(where + key, parent.get(key), "an object");
    }

    private static JsonObject regex(final JsonObject step) {
        return step.get("pattern") instanceof final JsonObject pattern ? pattern : new JsonObject();
    }

    private void require(final JsonObject object, final String where, final String key, final String... allowed) {
        final JsonElement found = object.get(key);
        if (found == null && Set.of(allowed).contains("null")) return;
        if (!Set.of(allowed).contains(String.valueOf(found))) throw refuse(where + key, found, String.join(" or ", allowed));
    }

    private InvalidInputException refuse(final String piece, final JsonElement found, final String expected) {
        return new InvalidInputException(file + " is not CLIP's tokenizer: " + piece + " should be " + expected + ", but is " + shown(found) + ". " + advice());
    }

    private static String shown(final JsonElement found) {
        if (found == null || found.isJsonNull()) return "missing";
        final String text = found instanceof final JsonObject object && object.has("type") ? object.get("type") + " with other settings" : found.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private String advice() {
        final boolean others = Files.exists(file.resolveSibling("vocab.json")) && Files.exists(file.resolveSibling("merges.txt"));
        return others ? "Delete it to have vocab.json and merges.txt beside it used, or copy the tokenizer that belongs to the text encoder."
            : "Copy the tokenizer that belongs to the text encoder.";
    }

    private static boolean isType(final JsonElement step, final String type) {
        return step instanceof final JsonObject object && isText(object, "type", type);
    }

    private static boolean isText(final JsonObject object, final String key, final String text) {
        return object.get(key) instanceof final JsonPrimitive value && value.isString() && value.getAsString().equals(text);
    }

    private static boolean isFlag(final JsonObject object, final String key, final boolean flag) {
        return object.get(key) instanceof final JsonPrimitive value && value.isBoolean() && value.getAsBoolean() == flag;
    }

    private static String text(final JsonElement value, final String otherwise) {
        return value instanceof final JsonPrimitive primitive && primitive.isString() ? primitive.getAsString() : otherwise;
    }
}
