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
package net.diffusionj.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of an image whether it was generated, by what and from what, and in a sentence for a paper. Stateless. */
public final class MarkText {

    private static final int SHOWN_DIGITS = 16;

    private MarkText() {}

    /**
     * @param found the mark of an image; empty where it has none
     * @return lines for people
     */
    public static List<String> lines(final Optional<FoundMark> found) {
        if (found.isEmpty()) {
            return List.of("Generated      unknown: there is no mark. Marks are lost when programs save an image anew, so this does not show that it was"
                + " recorded.");
        }
        final GeneratedMark mark = found.get().mark();
        final List<String> lines = new ArrayList<>();
        if (!mark.isGenerated()) {
            lines.add("Generated      no mark of a model: its digital source type is " + mark.sourceType());
            return lines;
        }
        lines.add("Generated      yes, by a model, " + (mark.sourceType().equals(GeneratedMark.FROM_TEXT) ? "from text alone" : "from another picture")
            + ". It is not a measurement.");
        lines.add("Evidence       " + found.get().evidence().inWords());
        lines.add("By             " + (mark.tool().isBlank() ? "an unknown program" : mark.tool().strip())
            + (mark.model().isEmpty() ? "" : ", model " + mark.model()));
        if (!mark.sourceSha256().isEmpty()) lines.add("Source         pixels with SHA-256 " + mark.sourceSha256());
        mark.settings().forEach((key, value) -> lines.add(String.format("%-14s %s", key, value.replaceAll("\\s+", " "))));
        lines.add("For methods    " + sentence(mark));
        return lines;
    }

    /**
     * @param mark of a generated image
     * @return a sentence for the methods section
     */
    public static String sentence(final GeneratedMark mark) {
        final StringBuilder text = new StringBuilder("This image is not a measurement: it was generated ");
        text.append(mark.sourceType().equals(GeneratedMark.FROM_TEXT) ? "from text" : "from a recorded image");
        if (!mark.sourceSha256().isEmpty()) {
            text.append(" (SHA-256 of its pixels: ").append(mark.sourceSha256(), 0, Math.min(SHOWN_DIGITS, mark.sourceSha256().length())).append("...)");
        }
        text.append(" with ").append(mark.tool().isBlank() ? "an unknown program" : mark.tool().strip());
        if (!mark.model().isEmpty()) text.append(" and the Stable Diffusion model ").append(mark.model());
        final List<String> settings = new ArrayList<>();
        mark.setting("prompt").ifPresent(prompt -> settings.add("prompt \"" + prompt.replaceAll("\\s+", " ") + "\""));
        mark.setting("strength").ifPresent(strength -> settings.add("strength " + strength));
        mark.setting("steps").ifPresent(steps -> settings.add(steps + " steps"));
        mark.setting("guidance").ifPresent(guidance -> settings.add("guidance " + guidance));
        mark.setting("scheduler").ifPresent(scheduler -> settings.add("scheduler " + scheduler));
        mark.setting("seed").ifPresent(seed -> settings.add("seed " + seed));
        mark.setting("mask").ifPresent(mask -> settings.add("inside a mask of " + mask));
        mark.setting("camera").ifPresent(camera -> settings.add("noise of a camera (" + camera + ")"));
        if (!settings.isEmpty()) text.append(" (").append(String.join(", ", settings)).append(')');
        return text.append('.').toString();
    }
}
