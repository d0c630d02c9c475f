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

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.RegularFile;
import net.diffusionj.model.JsonFile;

/** Reads {@code vocab.json} and {@code merges.txt}, which every export has. */
final class TokenizerTexts {

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    /** CLIP's table holds more merges than CLIP uses: 49152 less the 256 bytes and 2 specials. */
    private static final int MERGES_USED = 49152 - 256 - 2;
    /** open_clip's table of 262,144 merges has 3 MB. */
    private static final long MOST_BYTES = 16L << 20;

    private TokenizerTexts() {}

    /**
     * @param vocabFile vocab.json: token to id
     * @param mergesFile merges.txt: a heading, then one pair a line
     * @param specials names of the special tokens
     * @return what they hold
     * @throws InvalidInputException if they are unreadable, incomplete or do not belong together
     */
    static ClipTables read(final Path vocabFile, final Path mergesFile, final SpecialTokens specials) {
        final BpeTables tables = new BpeTables(BpeTables.vocabulary(vocabFile, JsonFile.read(vocabFile)), merges(mergesFile));
        for (final String token : List.of(specials.end(), specials.start(), specials.unknown())) {
            if (!tables.vocabulary().containsKey(token)) {
                throw new InvalidInputException(vocabFile + " has no token " + token + ". Download or copy the tokenizer again.");
            }
        }
        tables.checkMerges(mergesFile, Set.of());
        return new ClipTables(vocabFile, tables, specials.start(), specials.end(), specials.unknown(), List.of());
    }

    private static List<BpeTables.Pair> merges(final Path file) {
        final List<BpeTables.Pair> merges = new ArrayList<>();
        final List<String> lines = lines(file);
        for (int i = 1; i < lines.size() && i <= MERGES_USED; i++) {
            if (lines.get(i).isBlank()) continue;
            final String[] pair = WHITE_SPACE.split(lines.get(i).strip());
            if (pair.length != 2) {
                throw new InvalidInputException(file + ", line " + (i + 1) + ": expected two tokens, found \"" + lines.get(i)
                    + "\". Download or copy it again.");
            }
            merges.add(new BpeTables.Pair(pair[0], pair[1]));
        }
        if (merges.isEmpty()) {
            throw new InvalidInputException(file + " is empty: it holds " + lines.size() + " lines and no merges. Download or copy it again.");
        }
        return merges;
    }

    private static List<String> lines(final Path file) {
        try {
            RegularFile.check(file);
            final long bytes = Files.size(file);
            if (bytes > MOST_BYTES) {
                throw new InvalidInputException(file + " has " + bytes + " bytes; no table of merges has more than " + MOST_BYTES
                    + ". Download or copy it again.");
            }
            return Files.readAllLines(file);
        }
        catch (final CharacterCodingException e) {
            throw new InvalidInputException(file + " is not UTF-8 text. Download or copy it again.", e);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read as text (" + e.getMessage() + "). Download or copy it again.", e);
        }
    }
}
