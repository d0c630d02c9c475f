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

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import net.diffusionj.InvalidInputException;

/**
 * The tables of a byte-pair encoding with CLIP's end-of-word mark, checked: every id is there once, every merge gives a token, and every token that takes
 * a merge has one. Tables that are cut short would otherwise tokenize all the same, into other tokens.
 *
 * @param vocabulary token to id, in the file's order
 * @param merges pairs of tokens, the one that is merged first first
 */
record BpeTables(Map<String, Integer> vocabulary, List<Pair> merges) {

    static final String WORD_END = "</w>";

    /** Far more than any text encoder has rows for. */
    static final int MOST_TOKENS = 1_000_000;
    private static final int MOST_CHARACTERS = 1000;

    /** Two tokens that are to become one. */
    record Pair(String left, String right) {}

    /**
     * @param file the vocabulary's file, for messages
     * @param vocab token to id
     * @return the same
     * @throws InvalidInputException if a token or an id is not valid, or an id stands twice
     */
    static Map<String, Integer> vocabulary(final Path file, final JsonObject vocab) {
        final Map<String, Integer> vocabulary = new LinkedHashMap<>();
        final Map<Integer, String> owners = new HashMap<>();
        for (final Map.Entry<String, JsonElement> entry : vocab.entrySet()) {
            final String token = checkedToken(file, entry.getKey());
            final int id = id(file, token, entry.getValue());
            final String owner = owners.put(id, token);
            if (owner != null) {
                throw new InvalidInputException(file + " gives the tokens \"" + owner + "\" and \"" + token + "\" the same id, " + id
                    + ". Download or copy it again.");
            }
            vocabulary.put(token, id);
        }
        if (vocabulary.isEmpty()) throw new InvalidInputException(file + " holds no tokens. Download or copy it again.");
        return vocabulary;
    }

    /** @return the token
     *  @throws InvalidInputException if no tokenizer has such a token */
    static String checkedToken(final Path file, final String token) {
        if (token.length() > MOST_CHARACTERS) {
            throw new InvalidInputException(file + " has a token of " + token.length() + " characters; at most " + MOST_CHARACTERS + " are of use."
                + " Download or copy it again.");
        }
        if (token.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new InvalidInputException(file + " has a token with half a character in it (a surrogate by itself). Download or copy it again.");
        }
        return token;
    }

    /** @return the id as a number
     *  @throws InvalidInputException if it is not a whole number from 0 up to {@link #MOST_TOKENS} */
    static int id(final Path file, final String token, final JsonElement given) {
        return id(file, token, given instanceof final JsonPrimitive value && value.isNumber() ? value.getAsString() : String.valueOf(given));
    }

    /** @return as {@link #id(Path, String, JsonElement)}, of a number as it is written */
    static int id(final Path file, final String token, final String written) {
        if (written.matches("\\d{1,7}") && Integer.parseInt(written) < MOST_TOKENS) return Integer.parseInt(written);
        throw new InvalidInputException(file + " should give the token \"" + token + "\" a whole number below " + MOST_TOKENS + " as its id, but gives "
            + abbreviated(written) + ". Download or copy it again.");
    }

    private static String abbreviated(final String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    /**
     * @param file where the merges are from, for messages
     * @param specials tokens that no merge makes
     * @throws InvalidInputException if a merge takes or gives a token that is not in the vocabulary, or a token of the vocabulary has no merge
     */
    void checkMerges(final Path file, final Set<String> specials) {
        final Set<String> made = new HashSet<>();
        for (final Pair pair : merges) {
            for (final String token : new String[] {pair.left(), pair.right(), pair.left() + pair.right()}) {
                if (vocabulary.containsKey(token)) continue;
                throw new InvalidInputException(file + " merges \"" + pair.left() + "\" and \"" + pair.right() + "\", but the vocabulary has no token \""
                    + token + "\". The two do not belong together: copy both from the model that this one was exported from.");
            }
            made.add(pair.left() + pair.right());
        }
        final List<String> orphans =
            vocabulary.keySet().stream().filter(token -> takesAMerge(token) && !made.contains(token) && !specials.contains(token)).toList();
        if (!orphans.isEmpty()) {
            throw new InvalidInputException(file + (merges.isEmpty() ? " holds no merges" : " is cut short or belongs to another vocabulary: it holds "
                + merges.size() + " merges") + ", and none makes " + (orphans.size() == 1 ? "the token" : orphans.size() + " tokens, the first") + " \""
                + orphans.get(0) + "\". Copy the tokenizer's files again, all of them.");
        }
    }

    /** Names in angle brackets are added by hand; of the rest, whatever is longer than one byte, with or without the end of a word, is merged. */
    private static boolean takesAMerge(final String token) {
        if (token.startsWith("<") && token.endsWith(">") && !token.endsWith(WORD_END)) return false;
        final String bare = token.endsWith(WORD_END) ? token.substring(0, token.length() - WORD_END.length()) : token;
        return bare.codePointCount(0, bare.length()) > 1;
    }
}
