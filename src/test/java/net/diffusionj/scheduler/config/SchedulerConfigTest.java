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
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.scheduler.SchedulePlan;
import net.diffusionj.scheduler.Scheduler;
import net.diffusionj.scheduler.SchedulerContractTest;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.noise.TorchRandom;

class SchedulerConfigTest {

    @Test
    void defaultsDifferByClass() {
        final SchedulerConfig ddim = SchedulerConfig.defaults(SchedulerKind.DDIM);
        assertEquals(new BetaConfig(1000, 0.0001, 0.02, BetaConfig.Schedule.LINEAR, List.of(), false), ddim.betas());
        assertEquals(TimestepConfig.Spacing.LEADING, ddim.timesteps().spacing());
        assertTrue(ddim.clip().clip());
        assertTrue(ddim.alphaToOne());

        final SchedulerConfig lcm = SchedulerConfig.defaults(SchedulerKind.LCM);
        assertEquals(new BetaConfig(1000, 0.00085, 0.012, BetaConfig.Schedule.SCALED_LINEAR, List.of(), false), lcm.betas());
        assertEquals(new LcmConfig(50, 10), lcm.lcm());
        assertFalse(lcm.clip().clip());

        assertFalse(SchedulerConfig.defaults(SchedulerKind.PNDM).alphaToOne());
        assertFalse(SchedulerConfig.defaults(SchedulerKind.PNDM).skipRungeKutta());
        assertEquals(TimestepConfig.Spacing.LINSPACE, SchedulerConfig.defaults(SchedulerKind.EULER).timesteps().spacing());
        assertEquals(2, SchedulerConfig.defaults(SchedulerKind.DPMPP_2M).dpm().order());
    }

    /** The file that Stable Diffusion 1.5 ships was written for PNDM; another scheduler takes of it what its own class knows. */
    @Test
    void aFileOfAnotherClassIsRead() {
        final Map<String, Object> file = new HashMap<>(SchedulerContractTest.STABLE_DIFFUSION);
        file.put("_class_name", "PNDMScheduler");
        file.put("_diffusers_version", "0.6.0");
        file.put("trained_betas", null);
        final SchedulerConfig config = SchedulerConfig.of(SchedulerKind.EULER, file);
        assertEquals(0.012, config.betas().end());
        assertEquals(1, config.timesteps().offset());
        assertEquals(TimestepConfig.Spacing.LINSPACE, config.timesteps().spacing());
        assertEquals(List.of("clip_sample", "set_alpha_to_one", "skip_prk_steps"), config.unusedKeys());
    }

    @Test
    void valuesThatDiffusersFilledInDoNotCount() {
        final SchedulerConfig config = SchedulerConfig.of(SchedulerKind.EULER,
            Map.of("timestep_spacing", "leading", "beta_end", 0.012, "_use_default_values", List.of("timestep_spacing")));
        assertEquals(TimestepConfig.Spacing.LINSPACE, config.timesteps().spacing());
        assertEquals(0.012, config.betas().end());
    }

    @Test
    void pythonsInfinityIsUnderstood() {
        assertEquals(Double.NEGATIVE_INFINITY,
            SchedulerConfig.of(SchedulerKind.DPMPP_2M, Map.of("lambda_min_clipped", "-Infinity")).dpm().lambdaMinClipped());
    }

    @Test
    void trainedBetasAreCopied() {
        final SchedulerConfig config =
            SchedulerConfig.of(SchedulerKind.DDIM, Map.of("num_train_timesteps", 2, "trained_betas", List.of(0.1, 0.2)));
        assertEquals(List.of(0.1, 0.2), config.betas().trained());
        assertThrows(UnsupportedOperationException.class, () -> config.betas().trained().set(0, 0.5));
    }

    @Test
    void sigmaLimitsCountWhereDiffusersUsesThem() {
        final Map<String, Object> file = Map.of("use_karras_sigmas", true, "sigma_min", 0.1);
        assertEquals(OptionalDouble.of(0.1), SchedulerConfig.of(SchedulerKind.EULER, file).sigmas().minimum());
        assertEquals(OptionalDouble.of(0.1), SchedulerConfig.of(SchedulerKind.DPMPP_2M, file).sigmas().minimum());
        assertEquals(List.of("sigma_min"), SchedulerConfig.of(SchedulerKind.LMS, file).unusedKeys());
    }

    @ParameterizedTest
    @CsvSource({"DDIM,beta_schedule,sigmoid", "DDIM,timestep_spacing,even", "DDIM,prediction_type,flow_prediction",
        "PNDM,prediction_type,sample", "EULER_ANCESTRAL,prediction_type,sample", "EULER,interpolation_type,cubic",
        "EULER,timestep_type,sometimes", "EULER,final_sigmas_type,small", "DPMPP_2M,algorithm_type,dpm", "DPMPP_2M,algorithm_type,dpmsolver",
        "DPMPP_2M,solver_type,euler", "DPMPP_2M,variance_type,learned_range", "DPMPP_2M,prediction_type,flow_prediction",
        "DDIM,clip_sample,yes", "DDIM,beta_start,small", "LMS,trained_betas,none", "DDIM,num_train_timesteps,many"})
    void wrongTextIsRefusedByName(final SchedulerKind kind, final String key, final String value) {
        assertRefused(kind, key, value);
    }

    @ParameterizedTest
    @CsvSource({"DDIM,beta_start,0", "DDIM,beta_end,1.5", "DDIM,num_train_timesteps,1", "DDIM,num_train_timesteps,10.5",
        "DDIM,steps_offset,-1", "DDIM,eta,1.5", "DDIM,clip_sample_range,0", "DDIM,dynamic_thresholding_ratio,1.5",
        "DDIM,sample_max_value,-1", "EULER,sigma_min,-1", "DPMPP_2M,solver_order,4", "LCM,original_inference_steps,0",
        "LCM,original_inference_steps,2000", "LCM,timestep_scaling,0"})
    void numbersOutOfRangeAreRefusedByName(final SchedulerKind kind, final String key, final double value) {
        assertRefused(kind, key, value);
    }

    @Test
    void whatCannotGoTogetherIsRefused() {
        assertRefused(SchedulerKind.DPMPP_2M, "use_flow_sigmas", true);
        assertRefused(SchedulerKind.DDIM, "trained_betas", List.of(0.1, 0.2));
        assertRefused(SchedulerKind.DDIM, "trained_betas", List.of("a"));
        final Map<String, Object> twoSpacings = Map.of("use_karras_sigmas", true, "use_beta_sigmas", true);
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.of(SchedulerKind.LMS, twoSpacings));
        final Map<String, Object> crossed = Map.of("sigma_min", 2, "sigma_max", 1);
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.of(SchedulerKind.EULER, crossed));
        final Map<String, Object> sdeThird =
            Map.of("algorithm_type", "sde-dpmsolver", "solver_order", 3, "final_sigmas_type", "sigma_min");
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.of(SchedulerKind.DPMPP_2M, sdeThird));
    }

    @Test
    void noiseWithoutImageCannotPredictEpsilon() {
        final Scheduler ddim =
            Schedulers.create(SchedulerKind.DDIM, Map.of("rescale_betas_zero_snr", true, "timestep_spacing", "trailing"));
        final String message = assertThrows(IllegalArgumentException.class, () -> ddim.schedule(4)).getMessage();
        assertTrue(message.contains("rescale_betas_zero_snr") && message.contains("epsilon"), message);
    }

    /** A run from an image begins where some of it is left. */
    @ParameterizedTest
    @CsvSource({"DDIM,false", "LCM,false", "LCM,true"})
    void noiseWithoutImageDoesNotMatterWhereItIsPassedOver(final SchedulerKind kind, final boolean distilled) {
        final Scheduler scheduler =
            Schedulers.create(kind, Map.of("rescale_betas_zero_snr", true, "timestep_spacing", "trailing"));
        assertTrue(scheduler.scheduleFrom(4, 0.75, distilled).remainingCalls() >= 3);
        assertThrows(IllegalArgumentException.class, () -> scheduler.scheduleFrom(4, 1, distilled));
    }

    @Test
    void offsetBeyondTheTrainingIsRefused() {
        final Scheduler ddim = Schedulers.create(SchedulerKind.DDIM, Map.of("steps_offset", 1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ddim.schedule(1000)).getMessage().contains("steps_offset"));
        assertEquals(999, ddim.schedule(999).trainTimestep(0));
    }

    @Test
    void rungeKuttaNeedsFourSteps() {
        final Scheduler pndm = Schedulers.create(SchedulerKind.PNDM, Map.of());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> pndm.schedule(3)).getMessage().contains("skip_prk_steps"));
        assertEquals(13, pndm.schedule(4).modelCalls());
    }

    @Test
    void distilledStrengthLeavesFewerSteps() {
        final Scheduler lcm = Schedulers.create(SchedulerKind.LCM, Map.of());
        assertEquals(299, lcm.scheduleFrom(8, 0.3, true).plan().trainTimestep(0));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> lcm.scheduleFrom(16, 0.3, true)).getMessage().contains("15"));
    }

    /** diffusers divides by zero and clips the infinite latents. */
    @Test
    void clippingMakesLatentsOfPureNoise() {
        final Map<String, Object> file = Map.of("rescale_betas_zero_snr", true, "clip_sample", true);
        final SchedulePlan plan = Schedulers.create(SchedulerKind.LCM, file).schedule(1);
        assertEquals(999, plan.trainTimestep(0));
        final float[] sample = {0.5f, -2};
        plan.start(0).step(0, new float[] {1, 1}, sample, new TorchRandom(0));
        assertEquals(-1, sample[0], 1e-6);
        assertEquals(-1, sample[1], 1e-6);
    }

    private static void assertRefused(final SchedulerKind kind, final String key, final Object value) {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.of(kind, Map.of(key, value))).getMessage();
        assertTrue(message.contains(key), message);
    }
}
