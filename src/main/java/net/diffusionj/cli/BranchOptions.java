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
package net.diffusionj.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Seed;

import picocli.CommandLine.Option;

/** Variations that share their first steps. Each value of each option is one of them. */
final class BranchOptions {

    @Option(names = "--branch-at", paramLabel = "STEPS",
        description = "Make variations that share this many steps; the others of these options say which. Each gets a file of its own, NAME-1 and so on.")
    private Integer sharedSteps;

    @Option(names = "--branch-prompt", paramLabel = "TEXT", description = "A variation with another prompt. May be given several times.")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--branch-guidance", paramLabel = "SCALE,SCALE", split = ",", description = "Variations with other guidance.")
    private List<Double> guidances = new ArrayList<>();

    @Option(names = "--branch-noise", paramLabel = "SEED,SEED", split = ",",
        description = "Variations with fresh noise, for schedulers that draw noise in every step: euler-ancestral and lcm.")
    private List<String> noiseSeeds = new ArrayList<>();

    /**
     * @param base what the variations share
     * @return the variations; empty if none were asked for
     */
    Optional<BranchRequest> toRequest(final DiffusionRequest base) {
        final List<PipelineBranch> branches = new ArrayList<>();
        prompts.forEach(text -> branches.add(PipelineBranch.UNCHANGED.withPrompt(text)));
        guidances.forEach(scale -> branches.add(PipelineBranch.UNCHANGED.withGuidance(scale)));
        noiseSeeds.forEach(seed -> branches.add(PipelineBranch.UNCHANGED.withNoise(Seed.parse(seed))));
        if (sharedSteps == null && branches.isEmpty()) return Optional.empty();
        if (sharedSteps == null) throw new InvalidInputException("Say after how many steps the variations part, with --branch-at.");
        if (branches.isEmpty()) {
            throw new InvalidInputException("--branch-at needs variations: --branch-prompt, --branch-guidance or --branch-noise.");
        }
        return Optional.of(new BranchRequest(base, sharedSteps, branches));
    }
}
