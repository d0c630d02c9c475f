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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.scheduler.Schedulers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scheduler class of diffusers: run by its own, by one of its family, or refused. */
class SchedulerChoiceTest {

    private static Map<String, Object> named(final String className) {
        return Map.of("_class_name", className, "num_train_timesteps", 1000L);
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void ourOwnAreTaken(final SchedulerKind kind) {
        for (final String name : List.of(kind.diffusersName(), "Flax" + kind.diffusersName())) {
            final SchedulerChoice choice = SchedulerChoice.of(named(name));
            assertEquals(Optional.of(kind), choice.kind());
            assertFalse(choice.isSubstitute());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DDPMScheduler", "DEISMultistepScheduler", "DPMSolverSDEScheduler", "DPMSolverSinglestepScheduler", "HeunDiscreteScheduler",
        "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "SASolverScheduler", "UniPCMultistepScheduler", "FlaxDDPMScheduler"})
    void theSameFamilyIsRunByDpmSolver(final String name) {
        final SchedulerChoice choice = SchedulerChoice.of(named(name));
        assertEquals(Optional.of(SchedulerKind.DPMPP_2M), choice.kind());
        assertEquals(Optional.of(name), choice.className());
        assertTrue(choice.isSubstitute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler", "FlowMatchLCMScheduler", "EDMEulerScheduler",
        "EDMDPMSolverMultistepScheduler", "CosineDPMSolverMultistepScheduler", "KarrasVeScheduler", "ScoreSdeVeScheduler", "IPNDMScheduler",
        "VQDiffusionScheduler", "AmusedScheduler", "UnCLIPScheduler", "DDPMWuerstchenScheduler", "CogVideoXDDIMScheduler", "RePaintScheduler",
        "CMStochasticIterativeScheduler", "DDIMInverseScheduler", "SCMScheduler"})
    void otherLawsAreRefusedByName(final String name) {
        final String message = assertThrows(IllegalArgumentException.class, () -> SchedulerChoice.of(named(name))).getMessage();
        assertTrue(message.contains(name) && message.contains("so this is a"), message);
    }

    @ParameterizedTest
    @CsvSource({"use_flow_sigmas, true", "use_dynamic_shifting, true", "prediction_type, flow_prediction", "prediction_type, flow",
        "prediction_type, trigflow"})
    void flowMatchingIsSeenWhateverTheClass(final String key, final String value) {
        for (final String name : List.of("DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "EulerDiscreteScheduler")) {
            final Map<String, Object> json = new HashMap<>(named(name));
            json.put(key, value.equals("true") ? Boolean.TRUE : value);
            final String message = assertThrows(IllegalArgumentException.class, () -> SchedulerChoice.of(json)).getMessage();
            assertTrue(message.contains(key) && message.contains("flow-matching"), message);
        }
    }

    @Test
    void unknownClassesAreNobodysChoice() {
        for (final String name : List.of("MyScheduler", "TCDScheduler")) {
            final SchedulerChoice choice = SchedulerChoice.of(named(name));
            assertEquals(Optional.empty(), choice.kind());
            assertEquals(Optional.of(name), choice.className());
        }
        assertEquals(Optional.of(SchedulerKind.DPMPP_2M), SchedulerChoice.of(Map.of("beta_start", 0.1)).kind());
    }

    @Test
    void whatStandsInHasTheBetasOfTheModelsOwnClass() {
        final Map<String, Object> heun = Map.of("_class_name", "HeunDiscreteScheduler");
        final SchedulerConfig config = SchedulerConfig.of(SchedulerKind.DPMPP_2M, SchedulerChoice.settings(SchedulerKind.DPMPP_2M, heun));
        assertEquals(0.00085, config.betas().start());
        assertEquals(0.012, config.betas().end());
        final Map<String, Object> filledIn = Map.of("_class_name", "KDPM2DiscreteScheduler", "beta_start", 0.002, "prediction_type", "v_prediction",
            "_use_default_values", List.of("beta_start", "prediction_type", "steps_offset"), "steps_offset", 1L);
        final SchedulerConfig kept = SchedulerConfig.of(SchedulerKind.DPMPP_2M, SchedulerChoice.settings(SchedulerKind.DPMPP_2M, filledIn));
        assertEquals(0.002, kept.betas().start());
        assertEquals(PredictionType.V_PREDICTION, kept.prediction());
        assertEquals(0, kept.timesteps().offset());
        final Map<String, Object> uniPc = Map.of("_class_name", "UniPCMultistepScheduler");
        assertEquals(0.0001, SchedulerConfig.of(SchedulerKind.DPMPP_2M, SchedulerChoice.settings(SchedulerKind.DPMPP_2M, uniPc)).betas().start());
        final Map<String, Object> sa = Map.of("_class_name", "SASolverScheduler", "algorithm_type", "data_prediction");
        Schedulers.create(SchedulerKind.DPMPP_2M, SchedulerChoice.settings(SchedulerKind.DPMPP_2M, sa)).schedule(4);
        final Map<String, Object> own = Map.of("_class_name", "PNDMScheduler");
        assertEquals(own, SchedulerChoice.settings(SchedulerKind.PNDM, own));
    }

    @ParameterizedTest
    @CsvSource({"num_train_timesteps, 2000000000", "num_train_timesteps, 1", "num_train_timesteps, -5", "steps_offset, 2000000000",
        "original_inference_steps, 2000000000"})
    void countsBeyondReasonAreRefused(final String key, final long value) {
        final String message = assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.of(SchedulerKind.LCM, Map.of(key, value)).timesteps()
            .equals(SchedulerConfig.of(SchedulerKind.DDIM, Map.of(key, value)).timesteps())).getMessage();
        assertTrue(message.contains(key), message);
    }
}
