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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.noise.TorchRandom;

/** Every scheduler against what diffusers' scheduler did, from the seed to the last step. */
class TrajectoryTest {

    private static final double RELATIVE = 1e-4;
    /** diffusers subtracts float32 latents of the size of the first ones, which with zero terminal SNR are thousands. */
    private static final double ROUNDING = 0x1p-23;

    static List<Trajectory> trajectories() {
        return Trajectory.all();
    }

    @ParameterizedTest
    @MethodSource("trajectories")
    void equalsDiffusers(final Trajectory recorded) {
        final StartedPlan started = recorded.plan();
        final SchedulePlan plan = started.plan();
        assertEquals(recorded.steps(), plan.steps());
        assertEquals(recorded.begin(), started.beginIndex());
        assertEquals(recorded.timesteps().length, plan.modelCalls());
        for (int i = 0; i < plan.modelCalls(); i++) {
            assertEquals(recorded.timesteps()[i], plan.trainTimestep(i), RELATIVE, "timestep " + i);
        }
        assertEquals(recorded.sigma(), plan.initialNoiseSigma(), RELATIVE * recorded.sigma());

        final TorchRandom random = new TorchRandom(recorded.seed());
        final float[] sample;
        if (recorded.strength() == null) {
            sample = Trajectory.scaled(random.normals(Trajectory.SIZE), plan.initialNoiseSigma());
        }
        else {
            sample = random.normals(Trajectory.SIZE);
            plan.addNoise(sample, random.normals(Trajectory.SIZE), started.beginIndex(), sample);
        }
        final double rounding = ROUNDING * Arrays.stream(recorded.start()).map(Math::abs).max().orElseThrow();
        assertClose("start", recorded.start(), sample, rounding);

        final SchedulerRun run = plan.start(started.beginIndex());
        assertEquals(recorded.samples().size(), started.remainingCalls());
        for (int i = 0; i < started.remainingCalls(); i++) {
            final int step = started.beginIndex() + i;
            assertEquals(recorded.scale()[i], plan.inputScale(step), RELATIVE * recorded.scale()[i], "scale of step " + step);
            final float[] input = Trajectory.scaled(sample, plan.inputScale(step));
            run.step(step, Trajectory.dummyModel(input, plan.trainTimestep(step)), sample, random);
            assertClose("after step " + step, recorded.samples().get(i), sample, rounding);
        }
    }

    @Test
    void everySchedulerIsRecordedInManyConfigurations() {
        final Stream<Trajectory> all = Trajectory.all().stream();
        final var counts = all.collect(Collectors.groupingBy(Trajectory::kind, Collectors.counting()));
        assertEquals(SchedulerKind.values().length, counts.size());
        assertTrue(counts.values().stream().allMatch(count -> count >= 20), counts.toString());
    }

    /** Relative to the value itself or to the root mean square of the latents, whichever is larger. */
    private static void assertClose(final String what, final double[] expected, final float[] actual, final double rounding) {
        assertEquals(expected.length, actual.length);
        final double typical = Math.sqrt(Arrays.stream(expected).map(value -> value * value).average().orElseThrow());
        for (int i = 0; i < expected.length; i++) {
            final double tolerance = Math.max(RELATIVE * Math.max(Math.abs(expected[i]), typical), rounding);
            assertEquals(expected[i], actual[i], tolerance, what + ", value " + i);
        }
    }
}
