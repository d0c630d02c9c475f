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
package net.diffusionj.scheduler.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything of {@code scheduler_config.json} that changes one of our schedulers. Immutable.
 *
 * @param kind the scheduler it is for
 * @param betas the noise of the training
 * @param prediction what the model predicts
 * @param timesteps which training steps are visited
 * @param sigmas which noise levels are visited
 * @param clip how predicted clean latents are held in range
 * @param alphaToOne {@code set_alpha_to_one}: the last step of DDIM and PNDM ends without noise, instead of at the first training step
 * @param eta our own key {@code eta}, 0 to 1: how much noise DDIM puts back (diffusers takes it as an argument of the pipeline)
 * @param skipRungeKutta {@code skip_prk_steps}: PNDM starts with multistep at once
 * @param dpm the solver of DPM++
 * @param lcm the distillation of LCM
 * @param unusedKeys keys of the file that change nothing for this scheduler, as they change nothing in diffusers; sorted
 */
public record SchedulerConfig(SchedulerKind kind, BetaConfig betas, PredictionType prediction, TimestepConfig timesteps,
    SigmaConfig sigmas, ClipConfig clip, boolean alphaToOne, double eta, boolean skipRungeKutta, DpmConfig dpm, LcmConfig lcm,
    List<String> unusedKeys) {

    /** Checks what must hold across the parts. */
    public SchedulerConfig {
        Objects.requireNonNull(kind, "kind");
        unusedKeys = List.copyOf(unusedKeys);
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException("eta must be between 0 and 1, but is " + eta + ".");
        }
        if (prediction == PredictionType.SAMPLE && (kind == SchedulerKind.PNDM || kind == SchedulerKind.EULER_ANCESTRAL)) {
            throw new IllegalArgumentException(kind.label() + " needs a model with prediction_type epsilon or v_prediction, but it is"
                + " sample. Choose another scheduler.");
        }
        if (kind == SchedulerKind.DPMPP_2M && !dpm.algorithm().integratesCleanLatents() && sigmas.last() == SigmaConfig.Last.ZERO) {
            throw new IllegalArgumentException("algorithm_type " + dpm.algorithm().jsonName()
                + " needs final_sigmas_type sigma_min, but it is zero.");
        }
        if (kind == SchedulerKind.LCM && lcm.originalSteps() > betas.trainSteps()) {
            throw new IllegalArgumentException("original_inference_steps must be at most num_train_timesteps, " + betas.trainSteps()
                + ", but is " + lcm.originalSteps() + ".");
        }
    }

    /**
     * Reads a configuration. Keys of the file win; what it leaves out takes the default of the scheduler's class in diffusers, whatever
     * class the file was written for.
     *
     * @param kind the scheduler to configure
     * @param json the parsed file: strings, numbers, booleans, lists and nulls by key
     * @return the configuration
     * @throws IllegalArgumentException naming the key whose value is wrong or asks for something this project does not have
     */
    public static SchedulerConfig of(final SchedulerKind kind, final Map<String, ?> json) {
        return SchedulerConfigParser.parse(kind, new ConfigReader(json));
    }

    /**
     * @param kind a scheduler
     * @return the defaults of its class in diffusers
     */
    public static SchedulerConfig defaults(final SchedulerKind kind) {
        return of(kind, Map.of());
    }
}
