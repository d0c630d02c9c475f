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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.google.gson.Gson;

import net.diffusionj.io.Npy;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Guidance at some of the steps only, against what diffusers made with its own guider; {@code scripts/fixtures/guided.py} recorded it. */
class GuidedPipelineTest {

    private static final Path FOLDER = Folders.RESOURCES.resolve("guided");
    private static final Path PICTURES = Folders.RESOURCES.resolve("masks");

    private record Case(String id, String task, String scheduler, int steps, long seed, double from, double to, double strength, int[] passes) {
        @Override
        public String toString() {
            return id;
        }
    }

    private record Recorded(String model, String prompt, String negative, double guidance, int width, int height, List<Case> cases) {}

    static List<Case> cases() throws IOException {
        return recorded().cases();
    }

    private static Recorded recorded() throws IOException {
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve("cases.json"))) {
            return new Gson().fromJson(reader, Recorded.class);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void runEqualsDiffusers(final Case recorded) throws IOException {
        final float[] expected = Npy.read(FOLDER.resolve(recorded.id() + "-final.npy")).floats();
        final float[] found = run(recorded, new GuidanceInterval(recorded.from(), recorded.to()), 1).latents();
        double largest = 0;
        double furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            furthest = Math.max(furthest, Math.abs(expected[i] - found[i]));
        }
        assertTrue(furthest <= 1e-3 * largest, recorded.id() + ": latents differ by " + furthest + " where the largest is " + largest);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameStepsAreGuided(final Case recorded) {
        final GuidanceInterval guided = new GuidanceInterval(recorded.from(), recorded.to());
        final int calls = recorded.passes().length;
        int count = 0;
        for (int call = 0; call < calls; call++) {
            assertEquals(recorded.passes()[call] == 2, guided.covers(call, calls), "call " + call);
            count += recorded.passes()[call] - 1;
        }
        assertEquals(count, guided.guidedCalls(calls));
    }

    @Test
    void guidanceAtNoStepIsGuidanceOfOne() throws IOException {
        final Case any = cases().get(0);
        final float[] none = run(any, new GuidanceInterval(0.5, 0.5), 2).latents();
        final Recorded all = recorded();
        try (OpenTestModels models = new OpenTestModels()) {
            final PipelineRequest one = request(all, any, GuidanceInterval.ALWAYS, 2, 1);
            assertArrayEquals(models.use(ModelFolder.open(Models.of(all.model())), false, model -> OpenTestModels.run(model, one)).latents(), none);
        }
    }

    private static PipelineResult run(final Case recorded, final GuidanceInterval guided, final int images) throws IOException {
        final Recorded all = recorded();
        final PipelineRequest request = request(all, recorded, guided, images, all.guidance());
        try (OpenTestModels models = new OpenTestModels()) {
            return models.use(ModelFolder.open(Models.of(all.model())), request.source().isPresent(), model -> OpenTestModels.run(model, request));
        }
    }

    private static PipelineRequest request(final Recorded all, final Case recorded, final GuidanceInterval guided, final int images, final double guidance)
        throws IOException {
        final Optional<SourcePixels> source = recorded.task().equals("text") ? Optional.empty() : Optional.of(source());
        final Optional<boolean[]> mask = recorded.task().equals("mask") ? Optional.of(mask()) : Optional.empty();
        return new PipelineRequest(all.prompt(), all.negative(), guidance, guided, recorded.steps(), recorded.seed(), images, all.width(), all.height(),
            Schedulers.create(SchedulerKind.ofDiffusersName(recorded.scheduler()).orElseThrow(),
                ModelFolder.open(Models.of(all.model())).schedulerConfig()),
            source.isPresent() ? recorded.strength() : 1, source, mask, Optional.empty());
    }

    private static SourcePixels source() throws IOException {
        final BufferedImage png = ImageIO.read(PICTURES.resolve("source.png").toFile());
        final int size = png.getWidth() * png.getHeight();
        final float[] values = new float[3 * size];
        for (int i = 0; i < 3 * size; i++) {
            final int grey = png.getRGB(i % size % png.getWidth(), i % size / png.getWidth()) >> 16 - 8 * (i / size) & 0xff;
            values[i] = 2f * (grey / 255f) - 1f;
        }
        return new SourcePixels(values, png.getHeight(), png.getWidth());
    }

    private static boolean[] mask() throws IOException {
        final BufferedImage png = ImageIO.read(PICTURES.resolve("mask.png").toFile());
        final boolean[] inside = new boolean[png.getWidth() * png.getHeight()];
        for (int i = 0; i < inside.length; i++) inside[i] = (png.getRGB(i % png.getWidth(), i / png.getWidth()) & 0xff) > 0;
        return inside;
    }
}
