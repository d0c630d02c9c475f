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
package net.diffusionj.ij1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ij.Prefs;

/** The texts that were used last for one parameter, kept in ImageJ's preferences. For one thread. */
final class PromptHistory {

    private static final int LENGTH = 20;
    private static final String SEPARATOR = "\t";

    private final String key;

    /** @param name of the parameter */
    PromptHistory(final String name) {
        key = "diffusionj.history." + name;
    }

    /** @return texts, the latest first */
    List<String> entries() {
        final String joined = Prefs.get(key, "");
        if (joined.isEmpty()) return List.of();
        // Encoded entries hold no tabs and no characters that ImageJ's preferences file would lose.
        return Arrays.stream(joined.split(SEPARATOR)).map(MacroText::decode).toList();
    }

    /** @param text becomes the latest; blank text is not kept */
    void add(final String text) {
        if (text.isBlank()) return;
        final List<String> entries = new ArrayList<>(entries());
        entries.remove(text);
        entries.add(0, text);
        Prefs.set(key, String.join(SEPARATOR, entries.stream().limit(LENGTH).map(MacroText::encode).toList()));
    }
}
