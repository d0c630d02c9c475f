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
package net.diffusionj.pipeline;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import net.diffusionj.InvalidInputException;

/**
 * One way to go on from steps that several images share. What is empty stays as it is in the request; with everything empty the result equals that of
 * the request.
 *
 * @param prompt another prompt
 * @param negative another negative prompt
 * @param guidance another guidance scale, at least 0
 * @param noiseSeed seed of fresh noise for the steps that follow, where the scheduler draws noise; image k of a batch has noiseSeed + k
 */
public record PipelineBranch(Optional<String> prompt, Optional<String> negative, OptionalDouble guidance, OptionalLong noiseSeed) {

    /** Goes on as the request would have. */
    public static final PipelineBranch UNCHANGED = new PipelineBranch(Optional.empty(), Optional.empty(), OptionalDouble.empty(), OptionalLong.empty());

    /** Checks the guidance. */
    public PipelineBranch {
        if (guidance.isPresent() && !(guidance.getAsDouble() >= 0 && Double.isFinite(guidance.getAsDouble()))) {
            throw new InvalidInputException("Guidance must be a number of 0 or more, not " + guidance.getAsDouble() + ".");
        }
    }

    /** @param text another prompt
     *  @return this branch with it */
    public PipelineBranch withPrompt(final String text) {
        return new PipelineBranch(Optional.of(text), negative, guidance, noiseSeed);
    }

    /** @param scale another guidance scale
     *  @return this branch with it */
    public PipelineBranch withGuidance(final double scale) {
        return new PipelineBranch(prompt, negative, OptionalDouble.of(scale), noiseSeed);
    }

    /** @param seed of fresh noise
     *  @return this branch with it */
    public PipelineBranch withNoise(final long seed) {
        return new PipelineBranch(prompt, negative, guidance, OptionalLong.of(seed));
    }
}
