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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.PlacementCheck;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** A model whose VAE leaves float16's range: the image comes out all the same, computed in float32, and the user is told. */
class VaeInHalfTest {

    @TempDir
    private Path temporary;

    @Test
    void nanFromTheDecoderIsDecodedAgainInFloat32() throws IOException {
        final PipelineResult asItIs = generate("decoder", false);
        assertEquals(1, asItIs.warnings().size(), asItIs.warnings().toString());
        assertTrue(asItIs.warnings().get(0).contains("gave NaN in float16") && asItIs.warnings().get(0).contains("again in float32"));
        assertFinite(asItIs.pixels().values());
        final PipelineResult rewritten = generate("decoder", true);
        assertEquals(List.of(), rewritten.warnings(), "on the CPU it never computes in float16");
        for (int i = 0; i < rewritten.pixels().values().length; i++) {
            assertEquals(rewritten.pixels().values()[i], asItIs.pixels().values()[i], 1e-6);
        }
    }

    @Test
    void nanFromTheEncoderIsEncodedAgainInFloat32() throws IOException {
        final PipelineResult asItIs = generate("encoder", false);
        assertEquals(1, asItIs.warnings().size(), asItIs.warnings().toString());
        assertTrue(asItIs.warnings().get(0).startsWith("The VAE encoder gave NaN in float16"), asItIs.warnings().toString());
        assertFinite(asItIs.latents());
        final PipelineResult rewritten = generate("encoder", true);
        assertEquals(List.of(), rewritten.warnings(), "on the CPU it never computes in float16");
        assertArrayEquals(rewritten.latents(), asItIs.latents(), 1e-5f);
    }

    /** What the graph makes of a picture in float32, by the sentence in scripts/fixtures/half_models.py. */
    @Test
    void theEncoderInFloat32GivesWhatItsGraphSays() throws IOException {
        try (Running running = new Running("encoder", false)) {
            final LatentShape shape = new LatentShape(4, 16, 16);
            try (VaeEncoder encoder = running.model.newEncoder(shape, VaeTiles.Cut.WHOLE)) {
                final float[] means = encoder.encode(picture(), new CancelToken()).values();
                assertTrue(encoder.warning().isPresent());
                for (int cell = 0; cell < 16 * 16; cell += 17) {
                    final int x = 2 * (cell % 16);
                    final int y = 2 * (cell / 16);
                    float all = 0;
                    for (int channel = 0; channel < 3; channel++) {
                        float sum = 0;
                        for (int k = 0; k < 4; k++) sum += picture().values()[(channel * 32 + y + k / 2) * 32 + x + k % 2];
                        assertEquals(0.75 * Math.tanh(sum / 4), means[channel * 256 + cell], 2e-3, "channel " + channel + ", cell " + cell);
                        all += sum;
                    }
                    assertEquals(0.75 * Math.tanh(all / 12), means[3 * 256 + cell], 2e-3);
                }
            }
        }
    }

    private static SourcePixels picture() {
        final float[] values = new float[3 * 32 * 32];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(0.01 * i);
        return new SourcePixels(values, 32, 32);
    }

    private static void assertFinite(final float[] values) {
        for (final float value : values) assertTrue(Float.isFinite(value));
    }

    private PipelineResult generate(final String half, final boolean rewriteHalf) throws IOException {
        try (Running running = new Running(half, rewriteHalf)) {
            final PipelineRequest request = new PipelineRequest("nuclei", "", 1, 2, 5, 2, 32, 32,
                Schedulers.create(SchedulerKind.EULER, running.folder.schedulerConfig()), 1, running.withEncoder ? Optional.of(picture()) : Optional.empty(),
                Optional.empty());
            return OpenTestModels.run(running.model, request);
        }
    }

    /** The fixture model "turbo", one half of whose VAE is replaced by one that overflows. */
    private final class Running implements AutoCloseable {

        private final boolean withEncoder;
        private final ModelFolder folder;
        private final SessionCache sessions;
        private final Tokenizer tokenizer;
        private final LoadedModel model;

        Running(final String half, final boolean rewriteHalf) throws IOException {
            final Path root = temporary.resolve("model");
            Models.copy("turbo", root);
            withEncoder = half.equals("encoder");
            Files.copy(Folders.RESOURCES.resolve(withEncoder ? "ort/overflowing-vae-encoder.onnx" : "ort/overflowing-vae.onnx"),
                root.resolve("vae_" + half + "/model.onnx"), StandardCopyOption.REPLACE_EXISTING);
            final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
            final ProviderOptions all = ProviderOptions.DEFAULTS;
            final ProviderOptions options = new ProviderOptions(all.cpu(), all.cuda(), all.tensorRt(), all.openVino(), all.directMl(), all.coreMl(),
                all.plugIns(), new ProviderOptions.Half(rewriteHalf, 1L << 30), PlacementCheck.WARN);
            folder = ModelFolder.open(root);
            sessions = new SessionCache(onnx, new ExecutionProviders(onnx, options));
            tokenizer = ClipTokenizer.open(folder.tokenizer(), folder.textLength(), Folders.HOME);
            model = OpenTestModels.inTurn(folder, tokenizer, sessions, withEncoder);
        }

        @Override
        public void close() {
            model.close();
            tokenizer.close();
            sessions.close();
        }
    }
}
