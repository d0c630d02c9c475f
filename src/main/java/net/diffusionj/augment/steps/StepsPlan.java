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
package net.diffusionj.augment.steps;

import java.util.List;

import net.diffusionj.InvalidInputException;
import net.diffusionj.service.DiffusionRequest;

/**
 * What to measure.
 *
 * @param base model, prompt, size, guidance and provider of every picture; seed, scheduler and steps are the plan's own
 * @param pictures how many, of as many seeds, at least 1
 * @param steps numbers of steps, each at least 1
 * @param referenceSteps steps of the pictures that the others are compared with
 */
public record StepsPlan(DiffusionRequest base, int pictures, List<Integer> steps, int referenceSteps) {

    /** What {@code bench --quality} measures. */
    public static final List<Integer> USUAL_STEPS = List.of(4, 6, 8, 10, 12, 15, 20, 25, 30);
    /** More change nothing that is seen. */
    public static final int MANY_STEPS = 100;

    /** Checks the numbers. */
    public StepsPlan {
        steps = List.copyOf(steps);
        if (pictures < 1 || steps.isEmpty() || steps.stream().anyMatch(number -> number < 1) || referenceSteps < 1) {
            throw new InvalidInputException("Steps are measured on at least 1 picture, with at least 1 step, not " + pictures + " and " + steps + ".");
        }
    }
}
