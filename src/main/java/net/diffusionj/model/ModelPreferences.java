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
package net.diffusionj.model;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;

/**
 * What a model's maker recommends, from the optional file {@code diffusionj.json} in the model folder. diffusers' files have no place for it.
 *
 * @param steps denoising steps
 * @param guidance guidance scale
 * @param guided during which steps guidance is on
 * @param objectSizePx how large, in pixels, typical objects should be for the model to keep them in image to image
 */
public record ModelPreferences(OptionalInt steps, OptionalDouble guidance, Optional<GuidanceInterval> guided, OptionalInt objectSizePx) {

    static final String FILE = "diffusionj.json";

    private static final int MOST_STEPS = 1000;
    private static final int MOST_GUIDANCE = 1000;
    private static final int MOST_OBJECT_PX = 8192;

    static ModelPreferences of(final Config config) {
        final OptionalDouble guidance = config.number("guidance");
        if (guidance.isPresent() && !(guidance.getAsDouble() >= 0 && guidance.getAsDouble() <= MOST_GUIDANCE)) {
            throw new InvalidInputException(config.file() + ": guidance must be between 0 and " + MOST_GUIDANCE + ", but is " + guidance.getAsDouble()
                + ". Correct it.");
        }
        return new ModelPreferences(config.count("steps", 1, MOST_STEPS), guidance, guided(config),
            config.count("objectSizePx", 1, MOST_OBJECT_PX));
    }

    private static Optional<GuidanceInterval> guided(final Config config) {
        final OptionalDouble from = config.number("guidanceFrom");
        final OptionalDouble to = config.number("guidanceTo");
        if (from.isEmpty() && to.isEmpty()) return Optional.empty();
        try {
            return Optional.of(new GuidanceInterval(from.orElse(GuidanceInterval.ALWAYS.from()), to.orElse(GuidanceInterval.ALWAYS.to())));
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException(config.file() + ": guidanceFrom and guidanceTo cannot be used. " + e.getMessage() + " Correct them.", e);
        }
    }
}
