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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

/**
 * All that distinguishes one CLIP tokenizer from another.
 *
 * @param file where its vocabulary is from, for messages
 * @param tables vocabulary and merges; without the added tokens
 * @param start text of the token before a prompt
 * @param end text of the token after a prompt
 * @param unknown text of the token that stands for unknown ones
 * @param added tokens that its file adds to the vocabulary or describes closer
 */
record ClipTables(Path file, BpeTables tables, String start, String end, String unknown, List<AddedToken> added) {

    /**
     * A token that is found in a prompt as it stands.
     *
     * @param content its text
     * @param id its id
     * @param singleWord whether only as a word of its own
     * @param leftStrip whether it takes the white space before it
     * @param rightStrip whether it takes the white space after it
     * @param normalized whether it is looked for in the normalised text
     * @param special whether it is not text
     */
    record AddedToken(String content, int id, boolean singleWord, boolean leftStrip, boolean rightStrip, boolean normalized, boolean special) {}

    /**
     * @param more tokens to add; those that are there already are left out
     * @return the same with them
     */
    ClipTables with(final List<AddedToken> more) {
        final Map<String, AddedToken> all = new LinkedHashMap<>();
        added.forEach(token -> all.put(token.content(), token));
        more.forEach(token -> all.putIfAbsent(token.content(), token));
        return new ClipTables(file, tables, start, end, unknown, List.copyOf(all.values()));
    }

    /**
     * @return every token with its id; the native tokenizer would number added ones anew unless the vocabulary has them
     * @throws InvalidInputException if an added token has an id of another, or two ids
     */
    Map<String, Integer> vocabulary() {
        final Map<String, Integer> vocabulary = new LinkedHashMap<>(tables.vocabulary());
        final Map<Integer, String> owners = new LinkedHashMap<>();
        vocabulary.forEach((token, id) -> owners.put(id, token));
        for (final AddedToken token : added) {
            final Integer before = vocabulary.putIfAbsent(token.content(), token.id());
            final String owner = owners.putIfAbsent(token.id(), token.content());
            if (before != null && before != token.id() || owner != null && !owner.equals(token.content())) {
                throw new InvalidInputException("The tokenizer in " + file.getParent() + " adds the token \"" + token.content() + "\" with the id " + token.id()
                    + ", but " + (before != null ? "has it with the id " + before : "that is the id of \"" + owner + "\"")
                    + " already. Copy the tokenizer's files again, all of them.");
            }
        }
        return vocabulary;
    }
}
