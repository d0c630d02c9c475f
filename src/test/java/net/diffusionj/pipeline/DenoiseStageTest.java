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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.scheduler.SchedulePlan;
import net.diffusionj.scheduler.SchedulerRun;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.noise.TorchRandom;

/** The denoising loop with a predictor of its own in the place of a model: any way to predict will do, and what is done between steps is kept. */
class DenoiseStageTest {

    private static final int STEPS = 5;
    private static final int SIZE = 12;
    private static final Conditioning NOTHING = new Conditioning(List.of(new Embeddings(new float[1], 1, 1)), 1);

    private final List<String> calls = new ArrayList<>();

    /** Predicts a share of what it is given, image by image, as something in the place of the UNet would. */
    private final class Share implements NoisePredictor {
        @Override
        public void predict(final float[][] latents, final DenoisingStep step, final float[][] predictions, final CancelToken cancel) {
            cancel.throwIfCancelled();
            calls.add(step.trainTimestep() + (step.last() ? " last" : ""));
            for (int i = 0; i < latents.length; i++) {
                for (int j = 0; j < latents[i].length; j++) predictions[i][j] = 0.3f * latents[i][j] * step.inputScale();
            }
        }

        @Override
        public long runNanos() {
            return 7_000_000;
        }

        @Override
        public void close() {
            calls.add("closed");
        }
    }

    private static StartedPlan plan(final SchedulerKind kind, final int begin) {
        return new StartedPlan(Schedulers.create(kind, Map.of()).schedule(STEPS), begin);
    }

    private static GroupState group(final StartedPlan started) {
        final float[][] latents = {new TorchRandom(1).normals(SIZE), new TorchRandom(2).normals(SIZE)};
        return new GroupState(latents, new SchedulerRun[] {started.plan().start(started.beginIndex()), started.plan().start(started.beginIndex())},
            new TorchRandom[] {new TorchRandom(3), new TorchRandom(4)}, new GroupState.Known[0]);
    }

    private DenoiseStage stage(final StartedPlan started, final BetweenSteps between, final CancelToken cancel) {
        return new DenoiseStage((conditioning, guided, images) -> new Share(), started, GuidanceInterval.ALWAYS, between, cancel);
    }

    @Test
    void stepsAsTheSchedulerDoesByHand() {
        final StartedPlan started = plan(SchedulerKind.EULER_ANCESTRAL, 1);
        final SchedulePlan plan = started.plan();
        final GroupState expected = group(started);
        for (int index = 1; index < STEPS; index++) {
            for (int i = 0; i < 2; i++) {
                final float[] prediction = expected.latents()[i].clone();
                for (int j = 0; j < SIZE; j++) prediction[j] = 0.3f * prediction[j] * plan.inputScale(index);
                expected.runs()[i].step(index, prediction, expected.latents()[i], expected.noise()[i]);
            }
        }
        final GroupState found = group(started);
        final List<String> told = new ArrayList<>();
        final StageTimes times = new StageTimes();
        final DenoiseStage stage = stage(started, BetweenSteps.NOTHING, new CancelToken());
        stage.runInPlace(found, NOTHING, new DenoiseStage.Span(1, 3, false), (step, of, scale) -> told.add(step + "/" + of + " " + scale), times);
        stage.runInPlace(found, NOTHING, new DenoiseStage.Span(3, 3, false), (step, of, scale) -> told.add("of an empty span"), times);
        stage.runInPlace(found, NOTHING, new DenoiseStage.Span(3, 5, true), (step, of, scale) -> told.add(step + "/" + of + " " + scale), times);
        assertArrayEquals(expected.latents()[0], found.latents()[0]);
        assertArrayEquals(expected.latents()[1], found.latents()[1]);
        assertEquals(List.of("1/4 " + plan.inputScale(2), "2/4 " + plan.inputScale(3), "3/4 " + plan.inputScale(4), "4/4 1.0"), told);
        assertEquals(List.of("" + plan.trainTimestep(1), "" + plan.trainTimestep(2), "closed", "" + plan.trainTimestep(3), plan.trainTimestep(4) + " last",
            "closed"), calls);
        assertEquals(4, times.stepMillis().size());
        assertEquals(14, times.modelMillis(), "of both predictors");
    }

    /** A predictor for each run of steps that have guidance, or have none; of one pass there is nothing to leave out. */
    @Test
    void stepsWithoutGuidanceHaveAPredictorOfTheirOwn() {
        final StartedPlan started = plan(SchedulerKind.DDIM, 1);
        final Embeddings text = NOTHING.text().get(0);
        final Conditioning twoPasses = new Conditioning(List.of(text, text), 5);
        assertEquals(List.of("opened false", "step", "closed", "opened true", "step", "step", "closed", "opened false", "last step", "closed"),
            guided(started, twoPasses, new DenoiseStage.Span(1, STEPS, true)));
        assertEquals(List.of("opened false", "step", "closed", "opened true", "step", "closed"),
            guided(started, twoPasses, new DenoiseStage.Span(1, 3, false)));
        assertEquals(List.of("opened true", "step", "step", "step", "last step", "closed"), guided(started, NOTHING, new DenoiseStage.Span(1, STEPS, true)));
    }

    /** With guidance from the second to the third of four steps. */
    private List<String> guided(final StartedPlan started, final Conditioning conditioning, final DenoiseStage.Span span) {
        calls.clear();
        final DenoiseStage stage = new DenoiseStage((told, guided, images) -> {
            calls.add("opened " + guided);
            return new Share();
        }, started, new GuidanceInterval(0.25, 0.75), BetweenSteps.NOTHING, new CancelToken());
        assertEquals(span.to(), stage.runInPlace(group(started), conditioning, span, (step, of, scale) -> {}, new StageTimes()));
        return calls.stream().map(call -> call.endsWith("last") ? "last step" : Character.isDigit(call.charAt(0)) ? "step" : call).toList();
    }

    /** What a mask needs: known latents, noised to where the next step begins, are what the next prediction sees and what the end keeps. */
    @Test
    void whatIsPutBackBetweenStepsIsWhatTheNextStepBeginsWith() {
        final StartedPlan started = plan(SchedulerKind.DDIM, 0);
        final float[] known = new TorchRandom(5).normals(SIZE);
        final float[] noise = new TorchRandom(6).normals(SIZE);
        final List<Integer> indices = new ArrayList<>();
        final BetweenSteps putBack = (state, next) -> {
            indices.add(next);
            final float[] noised = known.clone();
            if (next < STEPS) started.plan().addNoise(known, noise, next, noised);
            for (final float[] latents : state.latents()) System.arraycopy(noised, 0, latents, 0, SIZE / 2);
        };
        final GroupState group = group(started);
        final List<float[]> seen = new ArrayList<>();
        final DenoiseStage stage = stage(started, putBack, new CancelToken());
        stage.runInPlace(group, NOTHING, new DenoiseStage.Span(0, STEPS, true), (step, of, scale) -> seen.add(group.latents()[1].clone()), new StageTimes());
        assertEquals(List.of(1, 2, 3, 4, 5), indices);
        final float[] atThree = new float[SIZE];
        started.plan().addNoise(known, noise, 3, atThree);
        assertArrayEquals(Arrays.copyOf(atThree, SIZE / 2), Arrays.copyOf(seen.get(2), SIZE / 2), "the observer sees them put back");
        assertArrayEquals(Arrays.copyOf(known, SIZE / 2), Arrays.copyOf(group.latents()[0], SIZE / 2), "without noise at the end");
    }

    @Test
    void aCancelledRunClosesItsPredictor() {
        final CancelToken cancel = new CancelToken();
        final StartedPlan started = plan(SchedulerKind.EULER, 0);
        assertThrows(CancellationException.class, () -> stage(started, BetweenSteps.NOTHING, cancel).runInPlace(group(started), NOTHING,
            new DenoiseStage.Span(0, STEPS, true), (step, of, scale) -> cancel.cancel(), new StageTimes()));
        assertEquals(List.of("" + started.plan().trainTimestep(0), "closed"), calls);
    }
}
