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
package net.diffusionj.server.sdapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Settings as the text that AUTOMATIC1111 writes into its pictures, which its clients take apart. Stateless. */
final class InfoText {

    private InfoText() {}

    /**
     * @param settings of a result
     * @param seed of the picture
     * @param widthPx of the picture
     * @param heightPx of the picture
     * @return prompt, negative prompt, and a line of the rest
     */
    static String of(final Map<String, String> settings, final String seed, final long widthPx, final long heightPx) {
        final StringBuilder text = new StringBuilder(settings.getOrDefault("prompt", ""));
        final String negative = settings.getOrDefault("negative", "");
        if (!negative.isEmpty()) text.append("\nNegative prompt: ").append(negative);
        final List<String> rest = new ArrayList<>();
        rest.add("Steps: " + settings.getOrDefault("steps", ""));
        rest.add("Sampler: " + Samplers.name(settings.getOrDefault("scheduler", "")));
        rest.add("CFG scale: " + settings.getOrDefault("guidance", ""));
        rest.add("Seed: " + seed);
        rest.add("Size: " + widthPx + 'x' + heightPx);
        rest.add("Model: " + settings.getOrDefault("model", ""));
        if (settings.containsKey("strength")) rest.add("Denoising strength: " + settings.get("strength"));
        rest.add("Version: DiffusionJ " + settings.getOrDefault("diffusionj", ""));
        return text.append('\n').append(String.join(", ", rest)).toString();
    }
}
