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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What tells a generated image from a recorded one: what made it, and from what. Immutable.
 *
 * @param sourceType full IRI of IPTC's digital source type; empty where a file says only by settings how it was made
 * @param tool program and version, such as {@code DiffusionJ 1.0.0}
 * @param model name of the model
 * @param sourceSha256 SHA-256 of the pixels of the image that it was made from; empty for one made from text alone
 * @param settings everything else that makes it again, in order; empty for images of other programs
 */
public record GeneratedMark(String sourceType, String tool, String model, String sourceSha256, Map<String, String> settings) {

    /** Made by a model from text alone (IPTC NewsCodes, digitalsourcetype). */
    public static final String FROM_TEXT = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    /** Made by a model from another picture, or inside a part of one. */
    public static final String FROM_PICTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

    /** Checks that all are there, and copies the settings. */
    public GeneratedMark {
        Objects.requireNonNull(sourceType, "sourceType");
        Objects.requireNonNull(tool, "tool");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(sourceSha256, "sourceSha256");
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * @param settings of a result of this program, as its Info has them
     * @return its mark; empty for images that no model changed, such as a source at strength 0, and for those of other programs
     */
    public static Optional<GeneratedMark> of(final Map<String, String> settings) {
        final String task = settings.getOrDefault("task", "");
        // Where nothing of a model ran, the pixels are the source's.
        if (task.isEmpty() || !settings.containsKey("model") || settings.getOrDefault("provider", "").equals("none")) return Optional.empty();
        return Optional.of(new GeneratedMark(task.equals("txt2img") ? FROM_TEXT : FROM_PICTURE, "DiffusionJ " + settings.getOrDefault("diffusionj", ""),
            settings.get("model"), settings.getOrDefault("source-sha256", ""), settings));
    }

    /** @return whether a model made all or part of the image */
    public boolean isGenerated() {
        return sourceType.toLowerCase(Locale.ROOT).endsWith("trainedalgorithmicmedia");
    }

    /** @return one setting; empty where it is not known */
    Optional<String> setting(final String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !value.isEmpty());
    }
}
