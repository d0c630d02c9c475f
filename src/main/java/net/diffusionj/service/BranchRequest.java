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
package net.diffusionj.service;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import net.diffusionj.InvalidInputException;

/**
 * Several results that share their first denoising steps, which are taken once: what they show alike is settled early, what differs is drawn later.
 *
 * @param base what the shared steps do, and everything that a branch does not change
 * @param sharedSteps how many steps are shared, 0 to the number that the base takes; judged against the model when the request runs
 * @param branches how each result goes on, at least one
 */
public record BranchRequest(DiffusionRequest base, int sharedSteps, List<Branch> branches) {

    private static final int MOST_BRANCHES = 1000;

    /** Copies the list and checks the numbers. */
    public BranchRequest {
        Objects.requireNonNull(base, "base");
        branches = List.copyOf(branches);
        if (sharedSteps < 0) throw new InvalidInputException("Shared steps must be 0 or more, not " + sharedSteps + ".");
        if (branches.isEmpty() || branches.size() > MOST_BRANCHES) {
            throw new InvalidInputException("There must be 1 to " + MOST_BRANCHES + " branches, not " + branches.size() + ".");
        }
    }

    /**
     * One way to go on. What is empty stays as the base has it; with everything empty the result equals that of the base.
     *
     * @param prompt another prompt
     * @param negative another text of what to avoid
     * @param guidance another guidance scale, at least 0
     * @param noiseSeed seed of fresh noise, for schedulers that draw noise in every step (euler-ancestral, lcm)
     */
    public record Branch(Optional<String> prompt, Optional<String> negative, OptionalDouble guidance, OptionalLong noiseSeed) {

        /** Goes on as the base does. */
        public static final Branch UNCHANGED = new Branch(Optional.empty(), Optional.empty(), OptionalDouble.empty(), OptionalLong.empty());

        /** Checks the guidance. */
        public Branch {
            if (guidance.isPresent() && !(guidance.getAsDouble() >= 0 && Double.isFinite(guidance.getAsDouble()))) {
                throw new InvalidInputException("Guidance must be a number of 0 or more, not " + guidance.getAsDouble() + ".");
            }
        }

        /** @param text another prompt
         *  @return this branch with it */
        public Branch withPrompt(final String text) {
            return new Branch(Optional.of(text), negative, guidance, noiseSeed);
        }

        /** @param text another text of what to avoid
         *  @return this branch with it */
        public Branch withNegative(final String text) {
            return new Branch(prompt, Optional.of(text), guidance, noiseSeed);
        }

        /** @param scale another guidance scale
         *  @return this branch with it */
        public Branch withGuidance(final double scale) {
            return new Branch(prompt, negative, OptionalDouble.of(scale), noiseSeed);
        }

        /** @param seed of fresh noise
         *  @return this branch with it */
        public Branch withNoise(final long seed) {
            return new Branch(prompt, negative, guidance, OptionalLong.of(seed));
        }
    }
}
