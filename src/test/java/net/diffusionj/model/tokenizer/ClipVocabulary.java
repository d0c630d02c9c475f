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

import com.google.gson.JsonObject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Writes the vocab.json and merges.txt of CLIP's own tokenizer from the committed merge table. */
final class ClipVocabulary {

    private ClipVocabulary() {}

    static void write(final Path folder) throws IOException {
        final List<String> merges = merges();
        final List<String> tokens = new ArrayList<>(letters());
        letters().forEach(letter -> tokens.add(letter + "</w>"));
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.add("<|startoftext|>");
        tokens.add("<|endoftext|>");
        final JsonObject vocab = new JsonObject();
        for (int id = 0; id < tokens.size(); id++) vocab.addProperty(tokens.get(id), id);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("vocab.json"), vocab.toString());
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
    }

    private static List<String> merges() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
            Objects.requireNonNull(ClipVocabulary.class.getResourceAsStream("clip-merges.txt.gz"))), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    /** The characters that stand for the 256 bytes: printable Latin-1 for itself first, then the rest from U+0100 on. */
    private static List<String> letters() {
        final List<String> letters = new ArrayList<>();
        for (int c = 0; c < 256; c++) {
            if (c >= '!' && c <= '~' || c >= 0xA1 && c <= 0xAC || c >= 0xAE) letters.add(Character.toString(c));
        }
        for (int c = 0x100; letters.size() < 256; c++) letters.add(Character.toString(c));
        return letters;
    }
}
