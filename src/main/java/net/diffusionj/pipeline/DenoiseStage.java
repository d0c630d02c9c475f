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

import net.diffusionj.CancelToken;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.scheduler.SchedulePlan;
import net.diffusionj.scheduler.StartedPlan;

/**
 * The third stage, a loop: predict the noise, let the scheduler step, do what is to be done between steps, tell. Knows neither the model nor how its
 * prediction comes about.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class DenoiseStage {

    private final NoisePredictor.Source predictors;
    private final StartedPlan started;
    private final GuidanceInterval guidance;
    private final BetweenSteps between;
    private final CancelToken cancel;

    /** Is told after every step; may look at the latents, not change them. */
    @FunctionalInterface
    interface Observer {
        /** @param step steps done, from 1
         *  @param steps steps in all
         *  @param inputScale brings the latents to unit variance */
        void stepped(int step, int steps, float inputScale);

        /** @return whether the steps that remain are to be taken with the same group; asked after every step */
        default boolean goesOn() {
            return true;
        }
    }

    /**
     * Steps to take.
     *
     * @param from index of the plan's first step to take
     * @param to index after the last one
     * @param last whether the UNet is not needed for a while afterwards
     */
    record Span(int from, int to, boolean last) {}

    /**
     * @param predictors make predictions for a group
     * @param started the plan and where it began
     * @param guidance during which of the steps from there on it is on; without effect on one pass
     * @param between what is done to the latents after every step
     * @param cancel looked at before every step and inside the model
     */
    DenoiseStage(final NoisePredictor.Source predictors, final StartedPlan started, final GuidanceInterval guidance, final BetweenSteps between,
        final CancelToken cancel) {
        this.predictors = predictors;
        this.started = started;
        this.guidance = guidance;
        this.between = between;
        this.cancel = cancel;
    }

    /**
     * Denoises a group of images for some of the plan's steps.
     *
     * @param group at the noise level of the first index; goes on in place
     * @param conditioning what the UNet is told
     * @param span which steps; none if it is empty
     * @param observer is told after every step
     * @param times where the time is counted
     * @return index after the last step that was taken; less than the span's end where the observer did not go on
     */
    int runInPlace(final GroupState group, final Conditioning conditioning, final Span span, final Observer observer, final StageTimes times) {
        if (span.from() == span.to()) return span.to();
        final long start = System.nanoTime();
        try {
            final float[][] predictions = new float[group.latents().length][group.latents()[0].length];
            int index = span.from();
            boolean goesOn = true;
            while (goesOn && index < span.to()) {
                final int end = endOfLike(index, span.to(), conditioning);
                try (NoisePredictor predictor = predictors.open(conditioning, isGuided(index, conditioning), group.latents().length)) {
                    do {
                        step(predictor, group, index, span.last() && index + 1 == span.to(), predictions, times);
                        index++;
                        observer.stepped(index - started.beginIndex(), started.remainingCalls(), scaleAt(index));
                        goesOn = observer.goesOn();
                    }
                    while (goesOn && index < end);
                    times.addModel(predictor.runNanos());
                }
            }
            return index;
        }
        finally {
            times.addDenoise(System.nanoTime() - start);
        }
    }

    private boolean isGuided(final int index, final Conditioning conditioning) {
        return conditioning.passes() == 1 || guidance.covers(index - started.beginIndex(), started.remainingCalls());
    }

    /** @return index after the last step that has guidance as this one has, or has none as this one; a predictor is made for such steps */
    private int endOfLike(final int index, final int most, final Conditioning conditioning) {
        int end = index + 1;
        while (end < most && isGuided(end, conditioning) == isGuided(index, conditioning)) end++;
        return end;
    }

    private void step(final NoisePredictor predictor, final GroupState group, final int index, final boolean last, final float[][] predictions,
        final StageTimes times) {
        final long start = System.nanoTime();
        final SchedulePlan plan = started.plan();
        predictor.predict(group.latents(), new DenoisingStep(plan.inputScale(index), plan.trainTimestep(index), last), predictions, cancel);
        for (int i = 0; i < predictions.length; i++) group.runs()[i].step(index, predictions[i], group.latents()[i], group.noise()[i]);
        between.applyInPlace(group, index + 1);
        times.addStep(System.nanoTime() - start);
    }

    private float scaleAt(final int index) {
        return index < started.plan().modelCalls() ? started.plan().inputScale(index) : 1;
    }
}
