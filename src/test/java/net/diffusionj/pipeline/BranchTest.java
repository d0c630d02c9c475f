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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Models;

/** Results that share their first steps: equal to runs of their own where nothing changed, and steps taken once. */
class BranchTest {

    private static final int STEPS = 6;

    private static OpenTestModels models;

    @BeforeAll
    static void open() {
        models = new OpenTestModels();
    }

    @AfterAll
    static void close() {
        models.close();
    }

    private static PipelineBranch branch(final String prompt, final Double guidance, final Long noise) {
        return new PipelineBranch(Optional.ofNullable(prompt), Optional.empty(), guidance == null ? OptionalDouble.empty() : OptionalDouble.of(guidance),
            noise == null ? OptionalLong.empty() : OptionalLong.of(noise));
    }

    private static PipelineRequest request(final SchedulerKind kind, final double guidance, final Optional<SourcePixels> source) {
        final ModelFolder folder = ModelFolder.open(Models.of("sd1"));
        return new PipelineRequest("dense nuclei", "blurry", guidance, STEPS, 5, 2, 64, 48, Schedulers.create(kind, folder.schedulerConfig()), 0.8, source,
            Optional.empty());
    }

    private static <R> R with(final PipelineRequest request, final PipelineListener listener, final java.util.function.Function<DiffusionPipeline, R> use) {
        return models.use(ModelFolder.open(Models.of("sd1")), request.source().isPresent(),
            model -> use.apply(OpenTestModels.pipeline(model, request, listener)));
    }

    private static PipelineResult whole(final DiffusionPipeline pipeline) {
        return pipeline.run(0, List.of(PipelineBranch.UNCHANGED)).get(0);
    }

    /** Counts the steps that were taken and the images that were handed over. */
    private static final class Counting extends SilentListener {
        private final List<Integer> steps = new ArrayList<>();
        private final List<Integer> images = new ArrayList<>();

        @Override
        public void step(final int step, final int all, final int firstImage) {
            steps.add(step);
        }

        @Override
        public void image(final int index, final DecodedPixels pixels) {
            images.add(index);
            assertEquals(1, pixels.images());
        }
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void unchangedBranchesEqualTheRun(final SchedulerKind kind) {
        final PipelineRequest request = request(kind, 4, Optional.empty());
        final PipelineResult whole = with(request, new SilentListener(), BranchTest::whole);
        for (final int shared : new int[] {0, 1, 3, STEPS}) {
            final List<PipelineResult> branches = with(request, new SilentListener(),
                pipeline -> pipeline.run(shared, List.of(PipelineBranch.UNCHANGED, branch("filaments", 9.0, null), PipelineBranch.UNCHANGED)));
            assertArrayEquals(whole.latents(), branches.get(0).latents(), kind + " shared " + shared);
            assertArrayEquals(whole.pixels().values(), branches.get(0).pixels().values());
            assertArrayEquals(whole.latents(), branches.get(2).latents(), kind + " shared " + shared + ", after another branch");
            assertEquals(shared == STEPS && kind != SchedulerKind.PNDM, Arrays.equals(whole.latents(), branches.get(1).latents()));
        }
    }

    @Test
    void branchesOfAnImageEqualTheRunToo() {
        final float[] values = new float[3 * 64 * 48];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i * 0.01);
        final PipelineRequest request = request(SchedulerKind.EULER_ANCESTRAL, 4, Optional.of(new SourcePixels(values, 48, 64)));
        final PipelineResult whole = with(request, new SilentListener(), BranchTest::whole);
        final List<PipelineResult> branches = with(request, new SilentListener(),
            pipeline -> pipeline.run(2, List.of(branch(null, null, 1L), PipelineBranch.UNCHANGED)));
        assertArrayEquals(whole.latents(), branches.get(1).latents());
        assertFalse(Arrays.equals(whole.latents(), branches.get(0).latents()));
        assertThrows(InvalidInputException.class, () -> with(request, new SilentListener(),
            pipeline -> pipeline.run(5, List.of(PipelineBranch.UNCHANGED))), "strength leaves 4 steps");
    }

    @Test
    void everyBranchEqualsTheRunThatChangesThere() {
        final PipelineRequest request = request(SchedulerKind.EULER_ANCESTRAL, 4, Optional.empty());
        final List<PipelineBranch> several = List.of(branch(null, null, 77L), branch(null, 1.0, null), branch("filaments", null, null));
        final List<PipelineResult> together = with(request, new SilentListener(), pipeline -> pipeline.run(3, several));
        for (int i = 0; i < several.size(); i++) {
            final PipelineBranch only = several.get(i);
            final PipelineResult alone = with(request, new SilentListener(), pipeline -> pipeline.run(3, List.of(only)).get(0));
            assertArrayEquals(alone.latents(), together.get(i).latents());
            for (int j = 0; j < i; j++) assertFalse(Arrays.equals(together.get(i).latents(), together.get(j).latents()));
        }
        assertArrayEquals(Arrays.copyOf(with(request, new SilentListener(), pipeline -> pipeline.run(3, several)).get(0).latents(), 8),
            Arrays.copyOf(together.get(0).latents(), 8), "noise is a matter of its seed");
    }

    @Test
    void sharedStepsAreTakenOnceAndImagesComeAsTheyAreFinished() {
        final Counting counting = new Counting();
        final List<PipelineResult> results = with(request(SchedulerKind.EULER, 4, Optional.empty()), counting,
            pipeline -> pipeline.run(4, List.of(PipelineBranch.UNCHANGED, branch("a", null, null))));
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 5, 6), counting.steps);
        assertEquals(List.of(0, 1, 2, 3), counting.images);
        assertEquals(6, results.get(0).times().stepMillis().size());
        assertEquals(2, results.get(1).times().stepMillis().size());
    }

    @Test
    void refusesFreshNoiseWhereNoneIsDrawnAndStepsThatThereAreNot() {
        final PipelineRequest request = request(SchedulerKind.EULER, 4, Optional.empty());
        assertTrue(assertThrows(InvalidInputException.class, () -> with(request, new SilentListener(),
            pipeline -> pipeline.run(2, List.of(branch(null, null, 1L))))).getMessage().contains("euler-ancestral"));
        assertThrows(InvalidInputException.class, () -> with(request, new SilentListener(),
            pipeline -> pipeline.run(STEPS + 1, List.of(PipelineBranch.UNCHANGED))));
        assertThrows(InvalidInputException.class, () -> branch(null, -1.0, null));
    }
}
