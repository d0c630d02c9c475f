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
package net.diffusionj.train.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.rewrite.ModelWeights;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.testing.Models;
import net.diffusionj.testing.OrtFixtures;
import net.diffusionj.testing.TrainableModel;

/** Five steps of a real UNet, beside those that torch made: {@code scripts/fixtures/training.py} recorded them. */
class TrainingStepTest {

    private static final int[] LATENTS = {4, 8, 8};
    private static final int TEXT = 77 * 16;
    /** float32 in another order, which Adam enlarges from step to step where gradients are small. */
    private static final double RELATIVE = 1e-3;

    @TempDir
    Path folder;

    @Test
    void fiveStepsAreTorchs() throws IOException {
        final JsonObject recorded = JsonParser.parseString(Files.readString(TrainableModel.RECORDED.resolve("steps.json"))).getAsJsonObject();
        final ModelWeights model = ModelWeights.read(Models.of("sd1").resolve("unet").resolve("model.onnx"));
        try (SessionCache cache = OrtFixtures.newCache();
            SessionLease lease = cache.lease(TrainableModel.step(folder.resolve("training.onnx")), ProviderChoice.CPU);
            TrainingStep step = new TrainingStep(lease, 2, LATENTS, TEXT)) {
            final List<float[]> values = new ArrayList<>();
            step.shapes().forEach((name, shape) -> values.add(model.values(name, shape)));
            final Weights weights = new Weights(step.names(), values);
            final Weights before = weights.copy();
            final Weights gradients = weights.zeros();
            final Optimiser optimiser = new Optimiser(List.copyOf(step.shapes().values()), weights);
            for (final JsonElement one : recorded.getAsJsonArray("steps")) {
                step.load(weights);
                final float[] losses = step.run(batch(), new CancelToken());
                step.gradients(gradients);
                final double length = Optimiser.length(gradients);
                final float[] expected = floats(one.getAsJsonObject().getAsJsonArray("losses"));
                assertArrayEquals(expected, losses, (float) (RELATIVE * expected[0]));
                final double expectedLength = one.getAsJsonObject().get("length").getAsDouble();
                assertEquals(expectedLength, length, RELATIVE * expectedLength);
                optimiser.step(weights, gradients, length, recorded.get("rate").getAsFloat());
            }
            assertMoved(recorded.getAsJsonObject("weights"), weights, before);
        }
    }

    private static void assertMoved(final JsonObject expected, final Weights weights, final Weights before) {
        final Map<String, float[]> start = before.byName("");
        weights.byName("").forEach((name, now) -> {
            double squares = 0;
            for (int i = 0; i < now.length; i++) squares += Math.pow(now[i] - start.get(name)[i], 2);
            final float[] moved = floats(expected.getAsJsonArray(name));
            // Where a gradient is 0 but for rounding, Adam makes whole steps of the rounding.
            if (!name.contains("to_k")) assertEquals(moved[0], Math.sqrt(squares), 0.05 * moved[0], name);
            assertEquals(moved[1], now[0], 1e-4 * Math.max(1, Math.abs(moved[1])) + 0.05 * moved[0], name);
        });
    }

    private static float[] floats(final JsonArray array) {
        final float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).getAsFloat();
        return values;
    }

    private static Batch batch() {
        return new Batch(sines(2 * 4 * 8 * 8, 0.1), new float[] {120, 850}, sines(2 * TEXT, 0.2), sines(2 * 4 * 8 * 8, 0.3), new float[] {0.5f, 0.25f});
    }

    private static float[] sines(final int count, final double phase) {
        final float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = (float) Math.sin(0.37 * i + phase));
        return values;
    }

    @Test
    void anotherGraphIsRefused() {
        try (SessionCache cache = OrtFixtures.newCache();
            SessionLease lease = cache.lease(Models.of("sd1").resolve("unet").resolve("model.onnx"), ProviderChoice.CPU)) {
            final InvalidInputException refused = assertThrows(InvalidInputException.class, () -> new TrainingStep(lease, 2, LATENTS, TEXT).close());
            assertEquals(true, refused.getMessage().contains("python -m scripts.training"));
        }
    }
}
