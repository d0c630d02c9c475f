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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.testing.Folders;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizer files that are not a CLIP tokenizer's, or damaged ones, are refused by name before native code sees them; CLIP's in any dress are taken. */
class HostileTokenizersTest {

    private static final String PROMPT = "A photo of 12 cats, it's <|endoftext|> na\u00EFve";

    private static Path tiny;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findTokenizer() throws URISyntaxException {
        tiny = Path.of(Objects.requireNonNull(HostileTokenizersTest.class.getResource("tiny")).toURI());
    }

    private static JsonObject tinyJson() throws IOException {
        return JsonParser.parseString(Files.readString(tiny.resolve("tokenizer.json"))).getAsJsonObject();
    }

    private ClipTokenizer open(final OptionalInt rows) {
        return ClipTokenizer.open(folder, 77, rows, Folders.HOME);
    }

    private void assertRefused(final String... expected) {
        final String message = assertThrows(InvalidInputException.class, () -> open(OptionalInt.empty()).close()).getMessage();
        for (final String part : expected) assertTrue(message.contains(part), message);
        assertTrue(message.length() < 500, message);
    }

    private static JsonObject json(final String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    private static Arguments change(final String expected, final Consumer<JsonObject> change) {
        return Arguments.of(expected, change);
    }

    private static JsonObject model(final JsonObject tokenizer) {
        return tokenizer.getAsJsonObject("model");
    }

    private static JsonArray steps(final JsonObject tokenizer, final String key, final String list) {
        return tokenizer.getAsJsonObject(key).getAsJsonArray(list);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
            change("pre_tokenizer should be CLIP's 2 steps, but is \"Split",
                t -> t.add("pre_tokenizer", json("{'type': 'Split', 'pattern': {'Regex': '(a|a)*$|(x+x+)+y'}, 'behavior': 'Removed', 'invert': true}"))),
            change("pre_tokenizer should be CLIP's split", t -> steps(t, "pre_tokenizer", "pretokenizers").get(0).getAsJsonObject().add("pattern",
                json("{'Regex': '(x+x+)+y'}"))),
            change("pre_tokenizer", t -> steps(t, "pre_tokenizer", "pretokenizers").get(0).getAsJsonObject().addProperty("behavior", "Isolated")),
            change("pre_tokenizer", t -> steps(t, "pre_tokenizer", "pretokenizers").get(1).getAsJsonObject().addProperty("add_prefix_space", true)),
            change("pre_tokenizer", t -> steps(t, "pre_tokenizer", "pretokenizers").set(1, new JsonArray())),
            change("normalizer should be CLIP's 3 steps", t -> steps(t, "normalizer", "normalizers")
                .add(json("{'type': 'Replace', 'pattern': {'String': 'l'}, 'content': '" + "l".repeat(500) + "'}"))),
            change("normalizer should be white space replaced by a blank",
                t -> steps(t, "normalizer", "normalizers").get(1).getAsJsonObject().addProperty("content", "  ")),
            change("normalizer", t -> steps(t, "normalizer", "normalizers").set(0, json("{'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'}"))),
            change("normalizer", t -> t.remove("normalizer")),
            change("post_processor", t -> t.add("post_processor", json("{'type': 'ByteLevel'}"))),
            change("uses the token [CLS]", t -> t.add("post_processor", json("{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]',"
                + " 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '<|endoftext|>', 'type_id': 0}}], 'pair': [],"
                + " 'special_tokens': {}}"))),
            change("uses the token <s>", t -> t.add("post_processor", json("{'type': 'RobertaProcessing', 'sep': ['</s>', 2], 'cls': ['<s>', 0]}"))),
            change("model should be BPE, but is \"WordPiece\"", t -> model(t).addProperty("type", "WordPiece")),
            change("model.dropout", t -> model(t).addProperty("dropout", 0.5)),
            change("model.byte_fallback", t -> model(t).addProperty("byte_fallback", true)),
            change("model.ignore_merges", t -> model(t).addProperty("ignore_merges", true)),
            change("model.end_of_word_suffix", t -> model(t).remove("end_of_word_suffix")),
            change("uses the token nothing", t -> model(t).addProperty("unk_token", "nothing")),
            change("holds no merges", t -> model(t).add("merges", new JsonArray())),
            change("cut short", HostileTokenizersTest::halveMerges),
            change("model.merges", t -> model(t).getAsJsonArray("merges").add("a b c")),
            change("the vocabulary has no token \"qq\"", t -> model(t).getAsJsonArray("merges").add("qq xx")),
            change("the same id, 5", t -> model(t).getAsJsonObject("vocab").addProperty("!", 5)),
            change("gives -1", t -> model(t).getAsJsonObject("vocab").addProperty("!", -1)),
            change("gives 1.5", t -> model(t).getAsJsonObject("vocab").addProperty("!", 1.5)),
            change("gives 99999999999", t -> model(t).getAsJsonObject("vocab").addProperty("!", 99999999999L)),
            change("gives \"7\"", t -> model(t).getAsJsonObject("vocab").addProperty("!", "7")),
            change("half a character", t -> model(t).getAsJsonObject("vocab").addProperty("x\uD83D", 5000)),
            change("token of 70000 characters", t -> model(t).getAsJsonObject("vocab").addProperty("x".repeat(70_000), 5000)),
            change("model.vocab", t -> model(t).add("vocab", new JsonArray())),
            change("adds the token \"<new>\" with the id 3, but that is the id of",
                t -> t.getAsJsonArray("added_tokens").add(json("{'id': 3, 'content': '<new>'}"))),
            change("adds the token \"a\" with the id 3000", t -> t.getAsJsonArray("added_tokens").add(json("{'id': 3000, 'content': 'a'}"))),
            change("added_tokens", t -> t.getAsJsonArray("added_tokens").add("<new>")));
    }

    private static void halveMerges(final JsonObject tokenizer) {
        final JsonArray merges = model(tokenizer).getAsJsonArray("merges");
        for (int left = merges.size() / 2; left > 0; left--) merges.remove(merges.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatIsNotClipsIsRefusedByName(final String expected, final Consumer<JsonObject> change) throws IOException {
        final JsonObject tokenizer = tinyJson();
        change.accept(tokenizer);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString().replace("\uD83D", "\\uD83D"));
        assertRefused(folder.toString(), expected);
    }

    static Stream<Arguments> dresses() {
        return Stream.of(
            // The first files on the Hub: special tokens in the expression, merges as lines, fewer keys.
            change("2021", t -> {
                final JsonObject split = steps(t, "pre_tokenizer", "pretokenizers").get(0).getAsJsonObject();
                split.getAsJsonObject("pattern").addProperty("Regex",
                    "<\\|startoftext\\|>|<\\|endoftext\\|>|" + split.getAsJsonObject("pattern").get("Regex").getAsString());
                steps(t, "pre_tokenizer", "pretokenizers").get(1).getAsJsonObject().remove("use_regex");
                final JsonArray lines = new JsonArray();
                for (final JsonElement pair : model(t).getAsJsonArray("merges")) lines.add(line(pair));
                model(t).add("merges", lines);
                for (final String key : List.of("byte_fallback", "ignore_merges", "type")) model(t).remove(key);
            }),
            change("template", t -> t.add("post_processor", json("{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<|startoftext|>',"
                + " 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '<|endoftext|>', 'type_id': 0}}], 'pair': [],"
                + " 'special_tokens': {}}"))),
            change("truncation and padding", t -> {
                t.add("truncation", json("{'max_length': 5}"));
                t.add("padding", json("{'strategy': 'BatchLongest'}"));
                t.remove("decoder");
            }),
            change("no added tokens", t -> t.remove("added_tokens")));
    }

    private static String line(final JsonElement pair) {
        return pair.isJsonArray() ? pair.getAsJsonArray().get(0).getAsString() + ' ' + pair.getAsJsonArray().get(1).getAsString() : pair.getAsString();
    }

    @ParameterizedTest
    @MethodSource("dresses")
    void clipsInAnotherDressGivesTheSameIds(final String dress, final Consumer<JsonObject> change) throws IOException {
        final JsonObject tokenizer = tinyJson();
        change.accept(tokenizer);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        try (ClipTokenizer plain = ClipTokenizer.open(tiny, 77, OptionalInt.empty(), Folders.HOME); ClipTokenizer dressed = open(OptionalInt.empty())) {
            // The tiny tokenizer's configuration cuts prompts at 16 tokens, the last of which is the end.
            assertArrayEquals(java.util.Arrays.copyOf(plain.encode(PROMPT).ids(), 15), java.util.Arrays.copyOf(dressed.encode(PROMPT).ids(), 15), dress);
        }
    }

    @Test
    void addedTokensKeepTheirIds() throws IOException {
        final JsonObject tokenizer = tinyJson();
        tokenizer.getAsJsonArray("added_tokens").add(json("{'id': 5000, 'content': '<nuclei>', 'normalized': false}"));
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        try (ClipTokenizer opened = open(OptionalInt.empty())) {
            assertTrue(java.util.Arrays.stream(opened.encode("a <nuclei> b").ids()).anyMatch(id -> id == 5000));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
        value = {"''|is empty", "'#version: 0.2\n'|is empty", "'\n\n\n'|is empty", "'i n'|is empty", "'#version: 0.2\ni n\n'|cut short"})
    void mergesThatLackLinesAreRefused(final String content, final String expected) throws IOException {
        for (final String file : List.of("vocab.json", "tokenizer_config.json")) Files.copy(tiny.resolve(file), folder.resolve(file));
        Files.writeString(folder.resolve("merges.txt"), content.replace("\\n", "\n"));
        assertRefused("merges.txt", expected);
    }

    @Test
    void theBundledModelsMergesAreLookedAtToo() throws IOException {
        final Path tokenizer = new InstalledModels(folder).open("").tokenizer();
        ClipTokenizer.open(tokenizer, 77, OptionalInt.empty(), Folders.HOME).close();
        for (final String content : List.of("", "#version: 0.2\n")) {
            Files.writeString(tokenizer.resolve("merges.txt"), content);
            final String message =
                assertThrows(InvalidInputException.class, () -> ClipTokenizer.open(tokenizer, 77, OptionalInt.empty(), Folders.HOME).close()).getMessage();
            assertTrue(message.contains("merges.txt is empty") && message.contains("delete " + tokenizer.getParent()), message);
        }
    }

    @Test
    void oneMissingLineIsNoticed() throws IOException {
        Files.copy(tiny.resolve("vocab.json"), folder.resolve("vocab.json"));
        final List<String> lines = Files.readAllLines(tiny.resolve("merges.txt"));
        Files.write(folder.resolve("merges.txt"), lines.subList(0, lines.size() - 1));
        assertRefused("merges.txt is cut short");
    }

    @Test
    void vocabulariesWithWrongIdsAreRefused() throws IOException {
        Files.copy(tiny.resolve("merges.txt"), folder.resolve("merges.txt"));
        final JsonObject vocab = JsonParser.parseString(Files.readString(tiny.resolve("vocab.json"))).getAsJsonObject();
        vocab.addProperty("!", 1);
        Files.writeString(folder.resolve("vocab.json"), vocab.toString());
        assertRefused("vocab.json", "the same id, 1");
        vocab.addProperty("!", 100_000);
        Files.writeString(folder.resolve("vocab.json"), vocab.toString());
        final String message = assertThrows(InvalidInputException.class, () -> open(OptionalInt.of(5000)).close()).getMessage();
        assertTrue(message.contains("the id 100000") && message.contains("up to 4999"), message);
    }

    @Test
    void configurationsThatAddTooMuchAreRefused() throws IOException {
        for (final String file : List.of("vocab.json", "merges.txt")) Files.copy(tiny.resolve(file), folder.resolve(file));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"added_tokens_decoder\": {\"999999999\": {\"content\": \"<x>\"}}}");
        assertRefused("tokenizer_config.json", "999999999");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": {\"content\": \"<|startoftext|>\", \"id\": {}}}");
        open(OptionalInt.empty()).close();
    }
}
