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

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.config.SchedulerChoice;
import net.diffusionj.scheduler.config.SchedulerKind;

/** What a model uses where a request leaves a choice open, by the family that its files say it belongs to. */
final class RunDefaults {

    private static final int STANDARD_STEPS = 20;
    private static final double STANDARD_GUIDANCE = 7.5;
    private static final int LCM_STEPS = 4;
    private static final double LCM_GUIDANCE = 8.5;

    private RunDefaults() {}

    static ModelDefaults of(final ModelFolder folder) {
        final int steps = folder.preferences().steps().orElse(switch (folder.family()) {
            case STANDARD -> STANDARD_STEPS;
            case TURBO -> 1;
            case LATENT_CONSISTENCY -> LCM_STEPS;
        });
        final double guidance = folder.preferences().guidance().orElse(switch (folder.family()) {
            case STANDARD -> STANDARD_GUIDANCE;
            case TURBO -> 0;
            case LATENT_CONSISTENCY -> LCM_GUIDANCE;
        });
        return new ModelDefaults(folder.defaultWidthPx(), folder.defaultHeightPx(), folder.sizes(), steps, guidance,
            folder.preferences().guided().orElse(GuidanceInterval.ALWAYS),
            scheduler(folder).kind().orElse(SchedulerKind.DPMPP_2M).id());
    }

    /**
     * @param folder a described model
     * @return the scheduler for it by its own files
     * @throws InvalidInputException if no scheduler fits the model
     */
    static SchedulerChoice scheduler(final ModelFolder folder) {
        try {
            return SchedulerChoice.of(folder.schedulerConfig());
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException("The model " + folder.root() + " cannot be run. In scheduler/scheduler_config.json " + e.getMessage()
                + " Choose a Stable Diffusion 1.x or 2.x, SD-Turbo or LCM model.", e);
        }
    }
}
