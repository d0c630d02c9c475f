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

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import net.diffusionj.CancelToken;
import net.diffusionj.model.LatentScaling;
import net.diffusionj.testing.Models;

/** Compares whole runs, from the seed, with what diffusers' pipelines made of the same models. */
class DiffusersPipelinesTest {

    private static OpenTestModels models;

    @BeforeAll
    static void open() {
        models = new OpenTestModels();
    }

    @AfterAll
    static void close() {
        models.close();
    }

    static List<RecordedCase> cases() {
        return RecordedCase.all();
    }

    static List<RecordedCase.Embedding> embeddings() {
        return RecordedCase.embeddings();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void runEqualsDiffusers(final RecordedCase recorded) {
        final PipelineRequest request = recorded.request();
        final PipelineResult result = models.use(recorded.folder(), request.source().isPresent(),
            model -> recorded.fromEncoded() ? fromEncoded(recorded, request, model) : OpenTestModels.run(model, request));
        final float[] expected = RecordedCase.floats(recorded.latents());
        assertEquals(expected.length, result.latents().length);
        assertTrue(largestDifference(expected, result.latents()) <= 1e-3 * largest(expected), () -> recorded.id() + ": latents differ by "
            + largestDifference(expected, result.latents()) + " where the largest is " + largest(expected));
        assertImagesEqual(recorded, result.pixels());
    }

    private static PipelineResult fromEncoded(final RecordedCase recorded, final PipelineRequest request, final LoadedModel model) {
        final List<PipelineBranch> unchanged = List.of(PipelineBranch.UNCHANGED);
        final EncodeStage encode = new EncodeStage(model, new CancelToken());
        encode.prompts(request, false, unchanged);
        return OpenTestModels.pipeline(model, request, new SilentListener()).run(encode.encoded(1, Optional.of(encoded(recorded, model))), 0, unchanged).get(0);
    }

    /** Such encoders draw inside their graph, so the recorded draw takes the encoder's place; it is recorded in the UNet's scale. */
    private static EncodedSource encoded(final RecordedCase recorded, final LoadedModel model) {
        final LatentShape shape = model.latentShape(recorded.width(), recorded.height());
        final float[] values = RecordedCase.floats(recorded.encoded());
        return new EncodedSource(values, false, shape, new LatentScaling(1, 0, List.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("embeddings")
    void embeddingEqualsTransformers(final RecordedCase.Embedding recorded) {
        final float[] expected = RecordedCase.floats(recorded.embedding());
        models.use(net.diffusionj.model.ModelFolder.open(Models.of(recorded.model())), false, model -> {
            final var tokens = model.text().tokenizer().encode(recorded.prompt());
            assertArrayEquals(recorded.ids(), tokens.ids());
            try (TextEncoder encoder = model.text().newEncoder()) {
                return assertClose(expected, encoder.encode(tokens, new CancelToken()).values());
            }
        });
    }

    private static float[] assertClose(final float[] expected, final float[] found) {
        assertTrue(largestDifference(expected, found) <= 1e-4 * largest(expected), () -> "differ by " + largestDifference(expected, found));
        return found;
    }

    private static void assertImagesEqual(final RecordedCase recorded, final DecodedPixels pixels) {
        final byte[] expected = recorded.expectedImages();
        final int plane = pixels.heightPx() * pixels.widthPx();
        assertEquals(expected.length, pixels.values().length);
        int far = 0;
        for (int i = 0; i < expected.length; i++) {
            final int image = i / (3 * plane);
            final int pixel = i / 3 % plane;
            final float value = pixels.values()[(image * 3 + i % 3) * plane + pixel];
            final int grey = (int) Math.rint(Math.max(0, Math.min(1, value / 2 + 0.5)) * 255);
            if (Math.abs(grey - (expected[i] & 0xff)) > 1) far++;
        }
        final int tolerated = expected.length / 1000;
        final int differing = far;
        assertTrue(far <= tolerated, () -> recorded.id() + ": " + differing + " of " + expected.length + " values differ by more than one grey level");
    }

    private static double largest(final float[] values) {
        double largest = 0;
        for (final float value : values) largest = Math.max(largest, Math.abs(value));
        return largest;
    }

    private static double largestDifference(final float[] a, final float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
        return largest;
    }
}
