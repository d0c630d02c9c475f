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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.JsonFile;

/**
 * Writes the {@code tokenizer.json} that transformers makes for a CLIP tokenizer of which only {@code vocab.json} and {@code merges.txt} are
 * there. The pieces and their order are those of {@code CLIPConverter} in transformers' {@code convert_slow_tokenizer.py}.
 */
final class ClipTokenizerJson {

    private static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    /** CLIP's table holds more merges than CLIP uses: 49152 less the 256 bytes and 2 specials. */
    private static final int MERGES_USED = 49152 - 256 - 2;

    private ClipTokenizerJson() {}

    /**
     * @param vocabFile vocab.json: token to id
     * @param mergesFile merges.txt: a heading, then one pair a line
     * @param specials names of the special tokens
     * @return a tokenizer.json with start and end token
     */
    static JsonObject build(final Path vocabFile, final Path mergesFile, final SpecialTokens specials) {
        final JsonObject vocab = JsonFile.read(vocabFile);
        final JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", specials.unknown());
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", vocab);
        model.add("merges", merges(mergesFile));

        final JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("added_tokens", new JsonArray());
        json.add("normalizer", sequence("normalizers", typed("NFC"), whiteSpace(), typed("Lowercase")));
        json.add("pre_tokenizer", sequence("pretokenizers", words(), byteLevel(false)));
        json.add("post_processor", startAndEnd(vocabFile, vocab, specials));
        json.add("decoder", byteLevel(true));
        json.add("model", model);
        return json;
    }

    private static JsonArray merges(final Path file) {
        final List<String> lines;
        try {
            lines = Files.readAllLines(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read as text (" + e.getMessage() + "). Download or copy it again.", e);
        }
        final JsonArray merges = new JsonArray();
        for (int i = 1; i < lines.size() && i <= MERGES_USED; i++) {
            final String[] pair = WHITE_SPACE.split(lines.get(i).strip());
            if (pair.length == 1 && pair[0].isEmpty()) continue;
            if (pair.length != 2) {
                throw new InvalidInputException(file + ", line " + (i + 1) + ": expected two tokens, found \"" + lines.get(i)
                    + "\". Download or copy it again.");
            }
            final JsonArray entry = new JsonArray();
            entry.add(pair[0]);
            entry.add(pair[1]);
            merges.add(entry);
        }
        return merges;
    }

    private static JsonObject whiteSpace() {
        final JsonObject replace = typed("Replace");
        replace.add("pattern", regex("\\s+"));
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

    private static JsonObject startAndEnd(final Path vocabFile, final JsonObject vocab, final SpecialTokens specials) {
        final JsonObject roberta = typed("RobertaProcessing");
        roberta.add("sep", tokenAndId(vocabFile, vocab, specials.end()));
        roberta.add("cls", tokenAndId(vocabFile, vocab, specials.start()));
        roberta.addProperty("trim_offsets", false);
        roberta.addProperty("add_prefix_space", false);
        return roberta;
    }

    private static JsonArray tokenAndId(final Path vocabFile, final JsonObject vocab, final String token) {
        if (!vocab.has(token)) {
            throw new InvalidInputException(vocabFile + " has no token " + token + ". Download or copy the tokenizer again.");
        }
        final JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(vocab.get(token));
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
