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
package net.diffusionj.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON that is nested, long or odd beyond measure is refused in a line, and what Python writes is read. */
class JsonFileTest {

    @TempDir
    private Path folder;

    private Path file(final String content) throws IOException {
        return Files.writeString(folder.resolve("config.json"), content);
    }

    private void assertRefused(final String content, final String expected) throws IOException {
        final Path file = file(content);
        final String message =
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThrows(InvalidInputException.class, () -> JsonFile.readMap(file))).getMessage();
        assertTrue(message.contains("config.json") && message.contains(expected) && message.lines().count() == 1, message);
    }

    @Test
    void depthIsLimited() throws IOException {
        assertEquals(1, JsonFile.readMap(file("{\"a\": " + "[".repeat(200) + "]".repeat(200) + "}")).size());
        assertEquals(1, JsonFile.readMap(file("{\"a\": \"" + "[".repeat(5000) + "\"}")).size());
        for (final int depth : new int[] {1001, 20_000, 1_000_000}) {
            assertRefused("{\"a\": " + "[".repeat(depth) + "]".repeat(depth) + "}", "nested more than 1000 levels");
            assertRefused("{\"a\":".repeat(depth) + "1" + "}".repeat(depth), "nested more than 1000 levels");
            assertRefused("[".repeat(depth), "nested more than 1000 levels");
        }
    }

    @Test
    void lengthIsLimited() throws IOException {
        assertRefused("{\"a\": [" + "1,".repeat(600_000) + "1]}", "more than 500000 values");
        assertRefused("{\"a\": \"" + " ".repeat(33 << 20) + "\"}", "bytes");
    }

    @Test
    void oddNumbersTakeNoTime() throws IOException {
        final Map<String, Object> read = assertTimeoutPreemptively(Duration.ofSeconds(20),
            () -> JsonFile.readMap(file("{\"long\": " + "9".repeat(1000) + ", \"huge\": 1e999999999, \"tiny\": 1e-999999999, \"whole\": 12}")));
        assertEquals(Double.POSITIVE_INFINITY, read.get("long"));
        assertEquals(Double.POSITIVE_INFINITY, read.get("huge"));
        assertEquals(0.0, read.get("tiny"));
        assertEquals(12L, read.get("whole"));
        assertRefused("{\"long\": " + "9".repeat(500_000) + "}", "is not readable JSON");
    }

    @Test
    void numbersThatJsonLacksAreStrings() throws IOException {
        final Map<String, Object> read =
            JsonFile.readMap(file("{\"a\": -Infinity, \"b\": [NaN, Infinity], \"c\": \"not NaN \\\" Infinity\", \"-Infinity\": -1}"));
        assertEquals("-Infinity", read.get("a"));
        assertEquals(List.of("NaN", "Infinity"), read.get("b"));
        assertEquals("not NaN \" Infinity", read.get("c"));
        assertEquals(-1L, read.get("-Infinity"));
    }

    @Test
    void halfEscapesAreNamed() throws IOException {
        for (final String half : List.of("\\u", "\\u12", "\\uzzzz", "\\", "\\q")) assertRefused("{\"a\": \"" + half + "\"}", "is not readable JSON");
        for (final String open : List.of("{", "{\"a\"", "{\"a\": \"", "{\"a\": \"\\", "{]", "}", "{\"a\": 1} {}")) assertRefused(open, "config.json");
    }

    @Test
    void countsOutOfRangeAreRefusedAsTheyAreWritten() throws IOException {
        for (final String number : List.of("2147483647", "1000000000", "-64", "0", "64.5", "4294967360")) {
            final Path config = file("{\"sample_size\": " + number + "}");
            final String message =
                assertThrows(InvalidInputException.class, () -> UnetConfig.of(new Config(config, JsonFile.readMap(config)))).getMessage();
            assertTrue(message.contains("sample_size must be a whole number from 1 to 4096, but is " + number), message);
        }
        final Path config = file("{\"sample_size\": [64, 1e9]}");
        assertThrows(InvalidInputException.class, () -> UnetConfig.of(new Config(config, JsonFile.readMap(config))));
        final Path usual = file("{\"sample_size\": [64, 96.0], \"in_channels\": null}");
        assertEquals(96, UnetConfig.of(new Config(usual, JsonFile.readMap(usual))).sampleWidth().getAsInt());
    }
}
