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

import java.util.Arrays;
import java.util.List;

import net.diffusionj.scheduler.SchedulerRun;
import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * A group of images between two steps: everything that decides how they go on.
 *
 * @param latents per image; the next step writes over them
 * @param runs per image, since a scheduler's history and its statistics belong to one image
 * @param noise per image, for schedulers that add noise
 * @param known per image, what a mask puts back; empty without a mask
 */
record GroupState(float[][] latents, SchedulerRun[] runs, TorchRandom[] noise, Known[] known) {

    /**
     * The source of one image.
     *
     * @param latents as its encoder's sample has them, without noise; never changed
     * @param noise what they are noised with; never changed
     */
    record Known(float[] latents, float[] noise) {}

    /**
     * @param groups of one run's level, at least one
     * @return all their images, in this order; a step of it is a step of each of them, since they share the arrays. Without what masks put back, which each group
     *         puts back by itself
     */
    static GroupState joined(final List<GroupState> groups) {
        return new GroupState(groups.stream().flatMap(group -> Arrays.stream(group.latents())).toArray(float[][]::new),
            groups.stream().flatMap(group -> Arrays.stream(group.runs())).toArray(SchedulerRun[]::new),
            groups.stream().flatMap(group -> Arrays.stream(group.noise())).toArray(TorchRandom[]::new), new Known[0]);
    }

    /** @return a state that goes on as this one does and shares nothing with it that changes */
    GroupState copy() {
        return new GroupState(Arrays.stream(latents).map(float[]::clone).toArray(float[][]::new),
            Arrays.stream(runs).map(SchedulerRun::copy).toArray(SchedulerRun[]::new),
            Arrays.stream(noise).map(TorchRandom::copy).toArray(TorchRandom[]::new), known);
    }

    /**
     * @param seed of the first image's noise; image k has seed + k
     * @return this state with other noise from here on
     */
    GroupState withNoise(final long seed) {
        final TorchRandom[] fresh = new TorchRandom[noise.length];
        for (int i = 0; i < fresh.length; i++) fresh[i] = new TorchRandom(seed + i);
        return new GroupState(latents, runs, fresh, known);
    }
}
