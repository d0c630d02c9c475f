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
package net.diffusionj.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.noise.NoiseSource;
import net.diffusionj.scheduler.noise.TorchRandom;

/** What holds for every scheduler. A subclass names one and the configuration of a Stable Diffusion model for it. */
public abstract class SchedulerContractTest {

    public static final Map<String, Object> STABLE_DIFFUSION = Map.of("beta_start", 0.00085, "beta_end", 0.012, "beta_schedule", "scaled_linear",
        "clip_sample", false, "skip_prk_steps", true, "steps_offset", 1, "set_alpha_to_one", false);

    private static final int SIZE = 24;
    private static final int STEPS = 8;

    abstract SchedulerKind kind();

    /** @return the most steps that a run may have */
    int mostSteps() {
        return 1000;
    }

    private Scheduler scheduler() {
        return Schedulers.create(kind(), STABLE_DIFFUSION);
    }

    @Test
    void isWhatItWasMadeFrom() {
        assertEquals(kind(), scheduler().kind());
        assertEquals(SchedulerConfig.of(kind(), STABLE_DIFFUSION), scheduler().config());
        assertEquals(1, SchedulerConfig.of(kind(), Map.of("num_train_timesteps", 1000, "a_key_of_another_class", 1)).unusedKeys().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1001})
    void refusesStepsOutOfRange(final int steps) {
        final String message = assertThrows(IllegalArgumentException.class, () -> scheduler().schedule(steps)).getMessage();
        assertTrue(message.contains("1000") && message.contains(String.valueOf(steps)), message);
        assertThrows(IllegalArgumentException.class, () -> scheduler().scheduleFrom(steps, 0.5, false));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void refusesStrengthOutOfRange(final double strength) {
        assertThrows(IllegalArgumentException.class, () -> scheduler().scheduleFrom(STEPS, strength, false));
    }

    @Test
    void strengthZeroRunsNothing() {
        for (final boolean distilled : new boolean[] {false, true}) {
            assertEquals(0, scheduler().scheduleFrom(STEPS, 0, distilled).remainingCalls());
        }
    }

    /** Calls beyond the number of steps remain, as diffusers slices its timesteps. */
    @Test
    void strengthBelowOneStepRunsWhatIsBeyondTheSteps() {
        assertEquals(scheduler().schedule(2).modelCalls() - 2, scheduler().scheduleFrom(2, 0.3, false).remainingCalls());
    }

    @Test
    void strengthOneRunsEverything() {
        for (final boolean distilled : new boolean[] {false, true}) {
            assertEquals(0, scheduler().scheduleFrom(STEPS, 1, distilled).beginIndex());
        }
    }

    @Test
    void planIsConsistent() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        assertEquals(STEPS, plan.steps());
        assertTrue(plan.modelCalls() >= STEPS);
        for (int i = 0; i < plan.modelCalls(); i++) {
            assertTrue(plan.inputScale(i) > 0 && plan.inputScale(i) <= 1);
            assertTrue(plan.trainTimestep(i) >= 0 && plan.trainTimestep(i) < 1000);
            assertTrue(i == 0 || plan.trainTimestep(i) <= plan.trainTimestep(i - 1));
        }
        assertThrows(IllegalArgumentException.class, () -> plan.trainTimestep(-1));
        assertThrows(IllegalArgumentException.class, () -> plan.inputScale(plan.modelCalls()));
        assertThrows(IllegalArgumentException.class, () -> plan.start(plan.modelCalls() + 1));
        assertThrows(IllegalArgumentException.class, () -> plan.addNoise(new float[3], new float[4], 0, new float[3]));
    }

    @Test
    void noiseIsAddedInPlaceToo() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final float[] image = new TorchRandom(1).normals(SIZE);
        final float[] noise = new TorchRandom(2).normals(SIZE);
        final float[] noised = new float[SIZE];
        plan.addNoise(image, noise, 2, noised);
        plan.addNoise(image, noise, 2, image);
        assertArrayEquals(noised, image);
    }

    @Test
    void stepsComeInOrderAndInOneSize() {
        final SchedulerRun run = scheduler().schedule(STEPS).start(2);
        final NoiseSource noise = new TorchRandom(0);
        assertThrows(IllegalArgumentException.class, () -> run.step(0, new float[SIZE], new float[SIZE], noise));
        assertThrows(IllegalArgumentException.class, () -> run.step(2, new float[SIZE + 1], new float[SIZE], noise));
        run.step(2, new float[SIZE], new float[SIZE], noise);
        assertThrows(IllegalArgumentException.class, () -> run.step(2, new float[SIZE], new float[SIZE], noise));
        assertThrows(IllegalArgumentException.class, () -> run.step(3, new float[1], new float[1], noise));
        run.step(3, new float[SIZE], new float[SIZE], noise);
    }

    @Test
    void aRunEndsWithItsLastStep() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final SchedulerRun run = plan.start(plan.modelCalls());
        assertThrows(IllegalArgumentException.class,
            () -> run.step(plan.modelCalls(), new float[SIZE], new float[SIZE], new TorchRandom(0)));
    }

    @Test
    void drawsNoiseOnlyIfThePlanSaysSo() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final int[] draws = {0};
        denoised(plan, 1, destination -> draws[0]++);
        assertEquals(plan.stochastic(), draws[0] > 0);
    }

    @Test
    void modelOutputIsNeitherKeptNorChanged() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final SchedulerRun run = plan.start(0);
        final NoiseSource noise = new TorchRandom(5);
        final float[] sample = initial(plan, 5);
        final float[] shared = new float[SIZE];
        for (int i = 0; i < plan.modelCalls(); i++) {
            final float[] output = output(plan, i, sample);
            System.arraycopy(output, 0, shared, 0, SIZE);
            run.step(i, shared, sample, noise);
            assertArrayEquals(output, shared);
            Arrays.fill(shared, Float.NaN);
        }
        assertArrayEquals(denoised(plan, 5, new TorchRandom(5)), sample);
    }

    @Test
    void interleavedRunsDoNotMeet() {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final SchedulerRun[] runs = {plan.start(0), plan.start(0)};
        final TorchRandom[] noises = {new TorchRandom(1), new TorchRandom(2)};
        final float[][] samples = {initial(plan, 1), initial(plan, 2)};
        for (int i = 0; i < plan.modelCalls(); i++) {
            for (int k = 0; k < 2; k++) {
                runs[k].step(i, output(plan, i, samples[k]), samples[k], noises[k]);
            }
        }
        assertArrayEquals(denoised(plan, 1, new TorchRandom(1)), samples[0]);
        assertArrayEquals(denoised(plan, 2, new TorchRandom(2)), samples[1]);
        assertNotEquals(samples[0][0], samples[1][0]);
    }

    @Test
    void onePlanServesManyThreads() throws Exception {
        final SchedulePlan plan = scheduler().schedule(STEPS);
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            final Callable<float[]> task = () -> denoised(plan, 3, new TorchRandom(3));
            final float[] alone = task.call();
            for (final Future<float[]> future : threads.invokeAll(IntStream.range(0, 40).mapToObj(i -> task).toList())) {
                assertArrayEquals(alone, future.get());
            }
        }
        finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 61, 103, 499, 500, 777, 998, 999, 1000})
    void everyNumberOfStepsGivesNumbersOrAReason(final int steps) {
        for (final String spacing : new String[] {"linspace", "leading", "trailing"}) {
            final Scheduler scheduler = Schedulers.create(kind(), Map.of("timestep_spacing", spacing, "skip_prk_steps", true));
            final SchedulePlan plan;
            try {
                plan = scheduler.schedule(steps);
            }
            catch (final IllegalArgumentException reason) {
                assertTrue(steps > mostSteps(), spacing + ": " + reason.getMessage());
                assertTrue(reason.getMessage().contains(steps + " "), reason.getMessage());
                continue;
            }
            assertTrue(plan.trainTimestep(plan.modelCalls() - 1) >= 0);
            for (final float value : denoised(plan, 4, new TorchRandom(4))) {
                assertTrue(Float.isFinite(value), spacing);
            }
        }
    }

    /** At every step: the copy goes on exactly, and what it does leaves the original alone. */
    @Test
    void aCopyGoesOnAsTheRunWouldHave() {
        for (final boolean rungeKutta : new boolean[] {false, true}) {
            final Map<String, Object> config = new HashMap<>(STABLE_DIFFUSION);
            config.put("skip_prk_steps", !rungeKutta);
            final SchedulePlan plan = Schedulers.create(kind(), config).schedule(STEPS);
            final float[] expected = denoised(plan, 6, new TorchRandom(6));
            for (int branch = 0; branch <= plan.modelCalls(); branch++) {
                final TorchRandom noise = new TorchRandom(6);
                final SchedulerRun run = plan.start(0);
                final float[] sample = initial(plan, 6);
                advance(plan, run, 0, branch, sample, noise);
                final float[] other = sample.clone();
                final TorchRandom otherNoise = new TorchRandom(7);
                final SchedulerRun disturbing = run.copy();
                for (int i = branch; i < plan.modelCalls(); i++) {
                    disturbing.step(i, new float[SIZE], other, otherNoise);
                }
                final float[] copied = sample.clone();
                advance(plan, run.copy(), branch, plan.modelCalls(), copied, noise.copy());
                assertArrayEquals(expected, copied, "copy at step " + branch);
                advance(plan, run, branch, plan.modelCalls(), sample, noise);
                assertArrayEquals(expected, sample, "original after copies at step " + branch);
            }
        }
    }

    private static void advance(final SchedulePlan plan, final SchedulerRun run, final int from, final int to, final float[] sample,
        final NoiseSource noise) {
        for (int i = from; i < to; i++) {
            run.step(i, output(plan, i, sample), sample, noise);
        }
    }

    private static float[] denoised(final SchedulePlan plan, final long seed, final NoiseSource noise) {
        final float[] sample = initial(plan, seed);
        final SchedulerRun run = plan.start(0);
        for (int i = 0; i < plan.modelCalls(); i++) {
            run.step(i, output(plan, i, sample), sample, noise);
        }
        return sample;
    }

    private static float[] initial(final SchedulePlan plan, final long seed) {
        return Trajectory.scaled(new TorchRandom(seed).normals(SIZE), plan.initialNoiseSigma());
    }

    private static float[] output(final SchedulePlan plan, final int stepIndex, final float[] sample) {
        return Trajectory.dummyModel(Trajectory.scaled(sample, plan.inputScale(stepIndex)), plan.trainTimestep(stepIndex));
    }
}
