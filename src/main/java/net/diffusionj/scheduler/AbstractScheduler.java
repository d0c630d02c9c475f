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

import java.util.Optional;

import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.scheduler.config.SchedulerKind;

/** What all schedulers share: the checks of what is asked for, and where a run from an image begins. */
abstract class AbstractScheduler implements Scheduler {

    private final SchedulerConfig config;
    private volatile Optional<Planned> latest = Optional.empty();

    /** Plans never change, so asking twice in a row gives the same one. */
    private record Planned(int steps, SchedulePlan plan) {}

    AbstractScheduler(final SchedulerConfig config) {
        this.config = config;
    }

    /** Plans a run of a number of steps that has been checked against the training steps. */
    abstract SchedulePlan plan(int steps);

    /**
     * Refuses a run whose steps cannot all be taken.
     *
     * @param started the steps that will run; those before it do not matter
     */
    void requireUsable(final StartedPlan started) {}

    @Override
    public final SchedulerKind kind() {
        return config.kind();
    }

    @Override
    public final SchedulerConfig config() {
        return config;
    }

    @Override
    public final SchedulePlan schedule(final int steps) {
        requireSteps(steps);
        final Optional<Planned> before = latest;
        if (before.isPresent() && before.get().steps() == steps) return before.get().plan();
        final SchedulePlan plan = plan(steps);
        requireUsable(new StartedPlan(plan, 0));
        latest = Optional.of(new Planned(steps, plan));
        return plan;
    }

    @Override
    public final StartedPlan scheduleFrom(final int steps, final double strength, final boolean guidanceDistilled) {
        requireSteps(steps);
        if (!(strength >= 0 && strength <= 1)) {
            throw new IllegalArgumentException("The strength must be between 0 and 1, but is " + strength + ".");
        }
        final StartedPlan started = startedPlan(steps, strength, guidanceDistilled);
        requireUsable(started);
        return started;
    }

    /** As {@link #scheduleFrom}, with arguments that have been checked. */
    StartedPlan startedPlan(final int steps, final double strength, final boolean guidanceDistilled) {
        final SchedulePlan plan = plan(steps);
        if (strength == 0) {
            return new StartedPlan(plan, plan.modelCalls());
        }
        // Plans with more calls than steps keep their last ones however small the strength is, as in diffusers.
        final int stepsToRun = Math.min((int) (steps * strength), steps);
        return new StartedPlan(plan, Math.min(steps - stepsToRun, plan.modelCalls()));
    }

    private void requireSteps(final int steps) {
        if (steps < 1 || steps > config.betas().trainSteps()) {
            throw new IllegalArgumentException("The number of steps must be between 1 and the number of training steps, "
                + config.betas().trainSteps() + ", but is " + steps + ".");
        }
    }
}
