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

import java.util.List;
import java.util.Map;

import net.diffusionj.scheduler.config.SchedulerKind;

/** A run that scripts/fixtures/schedulers.py recorded; see there for what each field means. */
record Trajectory(SchedulerKind kind, Map<?, ?> config, int steps, Double strength, boolean distilled, long seed, int begin,
    double[] timesteps, double sigma, double[] start, double[] scale, List<double[]> samples) {

    static final int SIZE = 24;

    static List<Trajectory> all() {
        return Recorded.lines("trajectories.jsonl.gz").stream().map(Trajectory::of).toList();
    }

    private static Trajectory of(final Map<String, Object> json) {
        return new Trajectory(SchedulerKind.ofDiffusersName((String) json.get("class")).orElseThrow(), (Map<?, ?>) json.get("config"),
            number(json, "steps").intValue(), (Double) json.get("strength"), json.containsKey("distilled"),
            number(json, "seed").longValue(), number(json, "begin").intValue(), Recorded.doubles(json.get("timesteps")),
            number(json, "sigma").doubleValue(), Recorded.doubles(json.get("start")), Recorded.doubles(json.get("scale")),
            ((List<?>) json.get("samples")).stream().map(Recorded::doubles).toList());
    }

    private static Number number(final Map<String, Object> json, final String key) {
        return (Number) json.get(key);
    }

    @SuppressWarnings("unchecked")
    Scheduler scheduler() {
        return Schedulers.create(kind, (Map<String, ?>) config);
    }

    StartedPlan plan() {
        return strength == null ? new StartedPlan(scheduler().schedule(steps), 0)
            : scheduler().scheduleFrom(steps, strength, distilled);
    }

    /** The model of the script: half the input plus a wave over position and timestep. */
    static float[] dummyModel(final float[] input, final double timestep) {
        final float[] output = new float[input.length];
        for (int i = 0; i < output.length; i++) {
            output[i] = (float) (0.5 * input[i] + 0.25 * Math.sin(0.1 * i + 0.01 * timestep));
        }
        return output;
    }

    static float[] scaled(final float[] sample, final double factor) {
        final float[] scaled = new float[sample.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (sample[i] * factor);
        }
        return scaled;
    }

    @Override
    public String toString() {
        return kind.id() + " " + config + ", " + steps + " steps" + (strength == null ? "" : ", strength " + strength)
            + (distilled ? ", distilled" : "");
    }
}
