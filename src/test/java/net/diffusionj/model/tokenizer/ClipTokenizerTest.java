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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;

import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.Folders;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ids against those of transformers' CLIPTokenizerFast, recorded by {@code scripts/fixtures/tokens.py}; long because every kind of text
 * that tokenizers disagree on is a case. */
class ClipTokenizerTest {

    /** Not a temporary folder: Windows cannot delete a library that is loaded. */
    private static final String EXCLAMATION = "{\"pad_token\": \"!\", \"model_max_length\": 77}";

    @TempDir
    private static Path scratch;
    private static Path clip;
    private static Path tiny;
    private static Fixture recorded;

    record Entry(String text, int times, int[] ids, Integer cutAt) {
        String prompt() {
            return text.repeat(times);
        }
    }

    record Recording(int padId, int maxLength, List<Entry> entries) {}

    record Fixture(Recording clip, Recording clipPaddedWithExclamation, Recording tiny) {}

    @BeforeAll
    static void prepare() throws IOException, URISyntaxException {
        try (Reader in = new InputStreamReader(Objects.requireNonNull(ClipTokenizerTest.class.getResourceAsStream("tokens.json")),
            StandardCharsets.UTF_8)) {
            recorded = new Gson().fromJson(in, Fixture.class);
        }
        clip = scratch.resolve("clip");
        ClipVocabulary.write(clip);
        tiny = Path.of(Objects.requireNonNull(ClipTokenizerTest.class.getResource("tiny")).toURI());
    }

    private static ClipTokenizer open(final Path folder, final int positions) {
        return ClipTokenizer.open(folder, positions, OptionalInt.empty(), Folders.HOME);
    }

    private static void assertEqualsRecording(final Recording recording, final Path folder) {
        assertTrue(recording.entries().size() >= 200);
        final List<String> differences = new ArrayList<>();
        try (Tokenizer tokenizer = open(folder, recording.maxLength())) {
            for (final Entry entry : recording.entries()) {
                final TokenizedPrompt expected = expected(recording, entry);
                final TokenizedPrompt found = tokenizer.encode(entry.prompt());
                if (!expected.equals(found)) differences.add("\"" + entry.text() + "\" x " + entry.times() + "\n  " + expected + "\n  " + found);
            }
        }
        assertEquals(List.of(), differences);
    }

    private static TokenizedPrompt expected(final Recording recording, final Entry entry) {
        final int[] ids = Arrays.copyOf(entry.ids(), recording.maxLength());
        Arrays.fill(ids, entry.ids().length, ids.length, recording.padId());
        final String prompt = entry.prompt();
        return new TokenizedPrompt(ids, entry.ids().length,
            Optional.ofNullable(entry.cutAt()).map(at -> prompt.substring(prompt.offsetByCodePoints(0, at)).strip()));
    }

    private static Path copyTiny(final Path folder, final String... files) throws IOException {
        Files.createDirectories(folder);
        for (final String file : files) Files.copy(tiny.resolve(file), folder.resolve(file));
        return folder;
    }

    @Test
    void vocabularyAndMergesOfClipGiveTheRecordedIds() {
        assertEqualsRecording(recorded.clip(), clip);
    }

    @Test
    void paddingTokenComesFromTheSpecialTokensMap(@TempDir final Path folder) throws IOException {
        ClipVocabulary.write(folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"<|endoftext|>\", \"model_max_length\": 77}");
        Files.writeString(folder.resolve("special_tokens_map.json"), EXCLAMATION);
        assertEquals(0, recorded.clipPaddedWithExclamation().padId());
        assertEqualsRecording(recorded.clipPaddedWithExclamation(), folder);
    }

    @Test
    void paddingTokenComesFromTheConfiguration(@TempDir final Path folder) throws IOException {
        ClipVocabulary.write(folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), EXCLAMATION);
        assertEqualsRecording(recorded.clipPaddedWithExclamation(), folder);
    }

    @Test
    void tokenizerJsonGivesTheRecordedIds() {
        assertEqualsRecording(recorded.tiny(), tiny);
    }

    @Test
    void tinyVocabularyAndMergesGiveTheRecordedIds(@TempDir final Path folder) throws IOException {
        assertEqualsRecording(recorded.tiny(), copyTiny(folder, "vocab.json", "merges.txt", "tokenizer_config.json"));
    }

    @Test
    void tokenizerJsonWithoutOtherFilesIsEnough(@TempDir final Path folder) throws IOException {
        assertEqualsRecording(recorded.tiny(), copyTiny(folder, "tokenizer.json"));
    }

    @Test
    void truncationAndPaddingInsideTokenizerJsonDoNotCount(@TempDir final Path folder) throws IOException {
        copyTiny(folder, "tokenizer_config.json");
        Files.writeString(folder.resolve("tokenizer.json"), Files.readString(tiny.resolve("tokenizer.json"))
            .replaceFirst("\"truncation\": null",
                "\"truncation\": {\"direction\": \"Right\", \"max_length\": 5, \"strategy\": \"LongestFirst\", \"stride\": 0}")
            .replaceFirst("\"padding\": null", "\"padding\": {\"strategy\": {\"Fixed\": 30}, \"direction\": \"Left\", \"pad_to_multiple_of\": null,"
                + " \"pad_id\": 3, \"pad_type_id\": 0, \"pad_token\": \"x\"}"));
        assertEqualsRecording(recorded.tiny(), folder);
    }

    @Test
    void photoOfACat() {
        try (Tokenizer tokenizer = open(clip, 77)) {
            final TokenizedPrompt found = tokenizer.encode("a photo of a cat");
            assertArrayEquals(new int[] {49406, 320, 1125, 539, 320, 2368, 49407}, Arrays.copyOf(found.ids(), 7));
            assertEquals(7, found.tokens());
            assertEquals(77, found.ids().length);
            assertEquals(Optional.empty(), found.cutText());
        }
    }

    @Test
    void tenThousandWordsAreCutWithTheEndKept() {
        try (Tokenizer tokenizer = open(clip, 77)) {
            final TokenizedPrompt found = tokenizer.encode("word ".repeat(10_000));
            assertEquals(49407, found.ids()[76]);
            assertEquals(77, found.tokens());
            assertEquals("word ".repeat(10_000 - 75).strip(), found.cutText().orElseThrow());
        }
    }

    @Test
    void cutTextStartsWhereTheModelStopsReading() {
        try (Tokenizer tokenizer = open(clip, 7)) {
            assertEquals(7, tokenizer.maxLength());
            assertEquals(Optional.of("\uD83D\uDD2C dog"),
                tokenizer.encode("\uD83D\uDD2C a red cat\nand \uD83D\uDD2C dog").cutText().map(t -> t.substring(t.length() - 6)));
            assertEquals(Optional.of("on a mat"), tokenizer.encode("a photo of a cat on a mat").cutText());
            assertEquals(Optional.empty(), tokenizer.encode("a photo of a cat").cutText());
        }
    }

    @Test
    void lengthOfTheFilesIsLimitedByTheTextEncoder() {
        try (Tokenizer tokenizer = open(tiny, 9)) {
            assertEquals(9, tokenizer.encode("").ids().length);
        }
        try (Tokenizer tokenizer = open(tiny, 77)) {
            assertEquals(16, tokenizer.maxLength());
        }
    }

    @Test
    void halfASurrogatePairDoesNoHarm() {
        try (Tokenizer tokenizer = open(clip, 77)) {
            assertArrayEquals(tokenizer.encode("a ? b").ids(), tokenizer.encode("a \uD83D b").ids());
        }
    }

    @Test
    @Timeout(120)
    void eightThreadsEncodeAtOnce() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Tokenizer tokenizer = open(clip, 77)) {
            final Callable<Integer> everything = () -> {
                int equal = 0;
                for (final Entry entry : recorded.clip().entries()) {
                    if (expected(recorded.clip(), entry).equals(tokenizer.encode(entry.prompt()))) equal++;
                }
                return equal;
            };
            for (final Future<Integer> each : threads.invokeAll(java.util.Collections.nCopies(8, everything))) {
                assertEquals(recorded.clip().entries().size(), each.get());
            }
        }
        finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Timeout(120)
    void closingWaitsForEncodings() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                final Tokenizer tokenizer = open(tiny, 77);
                final String prompt = "some more words ".repeat(500);
                final TokenizedPrompt expected = tokenizer.encode(prompt);
                final CountDownLatch running = new CountDownLatch(4);
                final Callable<Integer> untilClosed = () -> {
                    for (int encoded = 0;; encoded++) {
                        try {
                            assertEquals(expected, tokenizer.encode(prompt));
                        }
                        catch (final IllegalStateException e) {
                            return encoded;
                        }
                        if (encoded == 0) running.countDown();
                    }
                };
                final List<Future<Integer>> each = new ArrayList<>();
                for (int i = 0; i < 4; i++) each.add(threads.submit(untilClosed));
                assertTrue(running.await(60, TimeUnit.SECONDS));
                tokenizer.close();
                tokenizer.close();
                for (final Future<Integer> one : each) assertTrue(one.get() >= 1);
                assertThrows(IllegalStateException.class, () -> tokenizer.encode("a"));
            }
        }
        finally {
            threads.shutdownNow();
        }
    }

    /** Plain ImageJ makes a new class loader when it refreshes its menus. */
    @Test
    void worksInASecondClassLoader() throws Exception {
        try (Tokenizer here = open(tiny, 77); URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            final Class<?> type = loader.loadClass(ClipTokenizer.class.getName());
            final Object there =
                type.getMethod("open", Path.class, int.class, OptionalInt.class, Path.class).invoke(null, tiny, 77, OptionalInt.empty(), Folders.HOME);
            final Object encoded = type.getMethod("encode", String.class).invoke(there, "a photo of a cat");
            assertEquals(here.encode("a photo of a cat").toString(), encoded.toString());
            type.getMethod("close").invoke(there);
        }
    }

    private static URL[] classPath() throws IOException {
        final List<URL> urls = new ArrayList<>();
        final String surefires = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (final String entry : surefires.split(File.pathSeparator)) urls.add(Path.of(entry).toUri().toURL());
        return urls.toArray(URL[]::new);
    }

    @Test
    void tokensThatTheConfigurationAddsAreKnown(@TempDir final Path folder) throws IOException {
        copyTiny(folder, "vocab.json", "merges.txt");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"added_tokens_decoder\": {\"814\": {\"content\": \"<nuclei>\","
            + " \"normalized\": true}, \"no number\": {}}, \"model_max_length\": 5}");
        try (Tokenizer tokenizer = open(folder, 77)) {
            assertArrayEquals(new int[] {812, 320, 814, 813, 813}, tokenizer.encode("a <nuclei>").ids());
        }
    }

    @Test
    void missingFilesAreNamed(@TempDir final Path folder) throws IOException {
        copyTiny(folder, "vocab.json");
        final String message = assertThrows(InvalidInputException.class, () -> open(folder, 77)).getMessage();
        assertTrue(message.contains("tokenizer.json") && message.contains("merges.txt") && message.contains(folder.toString()), message);
    }

    @Test
    void brokenFilesAreNamed(@TempDir final Path folder) throws IOException {
        copyTiny(folder, "vocab.json");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\ni n\nbroken\n");
        assertMessage(folder, "merges.txt, line 3");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nqq xx\n");
        assertMessage(folder, "merges \"qq\" and \"xx\"");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0}");
        assertMessage(folder, "no token <|endoftext|>");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0,\n\"b\" 1}");
        assertMessage(folder, "vocab.json is not readable JSON (line 2");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
        assertMessage(folder, "tokenizer.json is not CLIP's tokenizer: model.end_of_word_suffix");
        Files.writeString(folder.resolve("tokenizer.json"), "");
        assertMessage(folder, "tokenizer.json is empty");
    }

    @Test
    void tokenizersThatFrameNothingAreRefused(@TempDir final Path folder) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), Files.readString(tiny.resolve("tokenizer.json"))
            .replaceFirst("(?s)\"post_processor\": \\{.*?\\n  \\}", "\"post_processor\": null"));
        assertMessage(folder, "not a CLIP tokenizer");
    }

    private static void assertMessage(final Path folder, final String expected) {
        final String message = assertThrows(InvalidInputException.class, () -> open(folder, 77)).getMessage();
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("null"), message);
    }
}
