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
package net.diffusionj.cli.bench;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.service.DiffusionRequest;

/**
 * What to measure.
 *
 * @param model name or folder; empty for the default model
 * @param prompt what every generation draws, with a number behind it where prompts must differ
 * @param steps denoising steps of a generation; empty for the model's own
 * @param widthPx width; empty for the model's own
 * @param heightPx height; empty for the model's own
 * @param scheduler scheduler id; empty for the model's own
 * @param provider execution provider
 * @param repeat runs that each median is taken of, at least 1
 * @param starts processes that are started to measure the start, at least 1
 * @param batches batch sizes
 * @param parts what to measure
 */
public record BenchPlan(String model, String prompt, OptionalInt steps, OptionalInt widthPx, OptionalInt heightPx, String scheduler, String provider,
    int repeat, int starts, List<Integer> batches, Set<Part> parts) {

    /** Something that can be measured on its own. */
    public enum Part {
        /** A process of its own, from its start to the first step and the first image. */
        START,
        /** Generations with everything open, with new prompts and with one that was seen before. */
        WARM,
        /** Several images at once. */
        BATCH,
        /** Four variations that share half of the steps, and four runs. */
        BRANCH,
        /** Eight requests at once beside eight in turn, and two callers beside one. */
        CALLERS,
        /** Opening the parts of a model side by side, and one after the other. */
        OVERLAP,
        /** An augmentation beside the mere drawing of its requests. */
        AUGMENT
    }

    /** Checks the numbers. */
    public BenchPlan {
        batches = List.copyOf(batches);
        parts = Set.copyOf(parts);
        if (repeat < 1 || starts < 1) throw new InvalidInputException("bench repeats must be at least 1, not " + Math.min(repeat, starts) + ".");
        if (batches.stream().anyMatch(size -> size < 1)) throw new InvalidInputException("Batch sizes must be at least 1, not " + batches + ".");
    }

    /** Guided at every step, whatever the model's own interval, so that figures of models and of other programs can be compared. */
    DiffusionRequest.Builder request(final String text, final long seed) {
        return request(DiffusionRequest.prompt(text).guidanceFrom(GuidanceInterval.ALWAYS.from()).guidanceTo(GuidanceInterval.ALWAYS.to()), seed);
    }

    /**
     * @param seed of the picture
     * @return the plan's prompt with the model's own guidance
     */
    public DiffusionRequest.Builder asUsual(final long seed) {
        return request(DiffusionRequest.prompt(prompt), seed);
    }

    private DiffusionRequest.Builder request(final DiffusionRequest.Builder request, final long seed) {
        request.model(model).scheduler(scheduler).provider(provider).seed(seed);
        steps.ifPresent(request::steps);
        if (widthPx.isPresent() && heightPx.isPresent()) request.size(widthPx.getAsInt(), heightPx.getAsInt());
        return request;
    }
}
