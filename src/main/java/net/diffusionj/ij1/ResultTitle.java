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

import java.util.Map;

import ij.ImagePlus;
import net.diffusionj.service.Seed;

/** Names for results, made from their settings. Stateless. */
final class ResultTitle {

    private static final int LONGEST = 50;

    private ResultTitle() {}

    /**
     * @param settings of a result
     * @param otherwise the title if there is no prompt
     * @return the prompt in one line, cut at a word
     */
    static String of(final Map<String, String> settings, final String otherwise) {
        final String prompt = settings.getOrDefault("prompt", "").replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (prompt.isEmpty()) return otherwise;
        if (prompt.codePointCount(0, prompt.length()) <= LONGEST) return prompt;
        final String cut = prompt.substring(0, prompt.offsetByCodePoints(0, LONGEST));
        final int space = cut.lastIndexOf(' ');
        return (space > LONGEST / 2 ? cut.substring(0, space) : cut) + "...";
    }

    /**
     * Labels the images of a batch with their seeds.
     *
     * @param result a stack, or a single image, which needs no label
     * @param settings with the seed of the first image
     */
    static void labelSlices(final ImagePlus result, final Map<String, String> settings) {
        if (result.getNFrames() == 1 || !settings.getOrDefault("seed", "").matches("\\d{1,20}")) return;
        final long seed = Seed.parse(settings.get("seed"));
        for (int i = 1; i <= result.getStackSize(); i++) {
            final int image = (i - 1) / result.getNChannels();
            result.getStack().setSliceLabel("seed " + Seed.text(seed + image), i);
        }
    }
}
