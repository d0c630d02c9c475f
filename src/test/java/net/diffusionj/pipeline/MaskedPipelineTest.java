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

import com.google.gson.Gson;

import net.diffusionj.io.Npy;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares runs with a mask, from the seed, with diffusers' inpainting of the same model (scripts/fixtures/masks.py). */
class MaskedPipelineTest {

    private static final Path FOLDER = Folders.RESOURCES.resolve("masks");

    private record Case(String id, String scheduler, int steps, double strength, long seed) {
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
    void runEqualsDiffusersInpainting(final Case recorded) throws IOException {
        final PipelineResult result = run(recorded, mask());
        final float[] expected = Npy.read(FOLDER.resolve(recorded.id() + "-final.npy")).floats();
        double largest = 0;
        double furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            furthest = Math.max(furthest, Math.abs(expected[i] - result.latents()[i]));
        }
        assertTrue(furthest <= 1e-3 * largest, recorded.id() + ": latents differ by " + furthest + " where the largest is " + largest);
        assertPixels(Npy.read(FOLDER.resolve(recorded.id() + "-images.npy")).bytes(), result.pixels());
    }

    /** Unlike with diffusers, a mask of one pixel changes something. */
    @Test
    void oneMaskedPixelFreesItsLatentPixelAndNoOther() throws IOException {
        final Case any = cases().get(0);
        final boolean[] nothing = new boolean[mask().length];
        final boolean[] onePixel = nothing.clone();
        final int widthPx = recorded().width();
        onePixel[13 * widthPx + 21] = true;
        final float[] fixed = run(any, nothing).latents();
        final float[] free = run(any, onePixel).latents();
        final int width = widthPx / 8;
        final int plane = width * recorded().height() / 8;
        for (int i = 0; i < fixed.length; i++) {
            final boolean inside = i % plane == 13 / 8 * width + 21 / 8;
            assertEquals(inside, fixed[i] != free[i], "latent value " + i);
        }
    }

    private static PipelineResult run(final Case recorded, final boolean[] mask) throws IOException {
        final Recorded all = recorded();
        final ModelFolder folder = ModelFolder.open(Models.of(all.model()));
        final PipelineRequest request =
            new PipelineRequest(all.prompt(), all.negative(), all.guidance(), GuidanceInterval.ALWAYS, recorded.steps(), recorded.seed(), 1, all.width(),
                all.height(), Schedulers.create(SchedulerKind.ofDiffusersName(recorded.scheduler()).orElseThrow(), folder.schedulerConfig()),
                recorded.strength(), Optional.of(source()), Optional.of(mask), Optional.empty());
        try (OpenTestModels models = new OpenTestModels()) {
            return models.use(folder, true, model -> OpenTestModels.run(model, request));
        }
    }

    private static SourcePixels source() throws IOException {
        final BufferedImage png = ImageIO.read(FOLDER.resolve("source.png").toFile());
        final int size = png.getWidth() * png.getHeight();
        final float[] values = new float[3 * size];
        for (int i = 0; i < 3 * size; i++) {
            final int grey = png.getRGB(i % size % png.getWidth(), i % size / png.getWidth()) >> 16 - 8 * (i / size) & 0xff;
            values[i] = 2f * (grey / 255f) - 1f;
        }
        return new SourcePixels(values, png.getHeight(), png.getWidth());
    }

    private static boolean[] mask() throws IOException {
        final BufferedImage png = ImageIO.read(FOLDER.resolve("mask.png").toFile());
        final boolean[] inside = new boolean[png.getWidth() * png.getHeight()];
        for (int i = 0; i < inside.length; i++) inside[i] = (png.getRGB(i % png.getWidth(), i / png.getWidth()) & 0xff) > 0;
        return inside;
    }

    private static void assertPixels(final byte[] expected, final DecodedPixels pixels) {
        final int plane = pixels.heightPx() * pixels.widthPx();
        final byte[] found = new byte[expected.length];
        for (int i = 0; i < found.length; i++) {
            final int grey = (int) Math.rint(Math.max(0, Math.min(1, pixels.values()[i % 3 * plane + i / 3] / 2 + 0.5)) * 255);
            found[i] = Math.abs(grey - (expected[i] & 0xff)) <= 1 ? expected[i] : (byte) grey;
        }
        assertArrayEquals(expected, found);
    }
}
