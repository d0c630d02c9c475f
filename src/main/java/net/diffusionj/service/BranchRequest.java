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

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.PipelineBranch;

/**
 * Several results that share their first denoising steps, which are taken once: what they show alike is settled early, what differs is drawn later.
 *
 * @param base what the shared steps do, and everything that a branch does not change
 * @param sharedSteps how many steps are shared, 0 to the number that the base takes; judged against the model when the request runs
 * @param branches how each result goes on, at least one
 */
public record BranchRequest(DiffusionRequest base, int sharedSteps, List<PipelineBranch> branches) {

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
}
