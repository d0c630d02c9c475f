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
package net.diffusionj.commands;

import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/**
 * Rewrites advice that the layers below give in words of the command line, so that ImageJ's users read of menu entries and fields instead.
 * Stateless and thread-safe.
 */
final class MenuWords {

    private static final Map<Pattern, String> WORDS = Map.of(
        Pattern.compile("Use --provider (.*?) to"), "Choose the provider $1 to",
        Pattern.compile("run 'diffusionj info --retry'"), "choose Plugins > DiffusionJ > Execution Providers... and tick \"Retry those that crashed\"",
        Pattern.compile("run 'diffusionj settings reset ([^']+)'"), "set $1 to \"default\" in Plugins > DiffusionJ > Settings...",
        Pattern.compile("Give the right one with --model"), "Give the right one in the field Model",
        Pattern.compile("'diffusionj info' shows what the GPU lacks"), "Plugins > DiffusionJ > Execution Providers... shows what the GPU lacks",
        Pattern.compile("guidance-(from|to)"), "\"Guidance $1\"",
        Pattern.compile("'diffusionj settings list' shows"), "Plugins > DiffusionJ > Settings... shows");

    private MenuWords() {}

    /**
     * @param message from a layer below
     * @return the same for ImageJ's users
     */
    static String of(final String message) {
        String text = message;
        for (final Entry<Pattern, String> word : WORDS.entrySet()) text = word.getKey().matcher(text).replaceAll(word.getValue());
        return text;
    }
}
