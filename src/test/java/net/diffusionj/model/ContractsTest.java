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
package net.diffusionj.model;

import static net.diffusionj.ort.runtime.ElementType.BOOL;
import static net.diffusionj.ort.runtime.ElementType.FLOAT16;
import static net.diffusionj.ort.runtime.ElementType.FLOAT32;
import static net.diffusionj.ort.runtime.ElementType.FLOAT64;
import static net.diffusionj.ort.runtime.ElementType.INT32;
import static net.diffusionj.ort.runtime.ElementType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.ElementType;
import net.diffusionj.ort.runtime.TensorSpec;

/** Signatures as the exporters write them (see the table in the reference on ONNX contracts), and ones that must be refused. */
class ContractsTest {

    private static final Path FILE = Path.of("unet", "model.onnx");
    private static final TensorSpec SAMPLE = spec("sample", FLOAT32, -1, 4, -1, -1);
    private static final TensorSpec HIDDEN = spec("encoder_hidden_states", FLOAT32, -1, -1, 768);
    private static final TensorSpec OUT = spec("out_sample", FLOAT32, -1, 4, -1, -1);

    private static TensorSpec spec(final String name, final ElementType type, final long... shape) {
        return new TensorSpec(name, type, Arrays.stream(shape).boxed().toList());
    }

    private static UnetContract unet(final TensorSpec... inputs) {
        return UnetContract.of(FILE, List.of(inputs), List.of(OUT));
    }

    private static void refused(final Executable action, final String... parts) {
        final String message = assertThrows(InvalidInputException.class, action).getMessage();
        for (final String part : parts) assertTrue(message.contains(part), message);
    }

    @Test
    void timestepsOfAllExporters() {
        for (final ElementType type : new ElementType[] {INT32, INT64, FLOAT16, FLOAT32, FLOAT64}) {
            assertEquals(List.of(), unet(SAMPLE, spec("timestep", type), HIDDEN).timestep().shape());
            assertEquals(List.of(1L), unet(SAMPLE, HIDDEN, spec("timestep", type, 1)).timestep().shape());
            assertEquals(List.of(-1L), unet(spec("timestep", type, -1), SAMPLE, HIDDEN).timestep().shape());
        }
        assertEquals("t", unet(SAMPLE, spec("t", INT64), HIDDEN).timestep().name());
        refused(() -> unet(SAMPLE, spec("timestep", BOOL), HIDDEN), FILE.toString(), "expected a timestep", "timestep bool[]");
        refused(() -> unet(SAMPLE, HIDDEN), "expected a timestep");
    }

    @Test
    void rolesDoNotHangOnNames() {
        final UnetContract contract = unet(spec("x", FLOAT16, 2, 4, 64, 64), spec("c", FLOAT16, 2, 77, 1024), spec("k", FLOAT16));
        assertEquals("x", contract.sample().name());
        assertEquals("c", contract.hiddenStates().name());
        assertEquals("k", contract.timestep().name());
        assertEquals(OptionalInt.of(64), contract.latentWidth());
        assertEquals(OptionalInt.of(2), contract.fixedBatch());
    }

    @Test
    void latentConsistencyTakesAGuidanceEmbedding() {
        final UnetContract contract = unet(SAMPLE, spec("timestep", INT64, -1), HIDDEN, spec("timestep_cond", FLOAT32, -1, 256));
        assertEquals(OptionalInt.of(256), contract.timestepCondWidth());
        assertEquals("timestep", contract.timestep().name());
    }

    @Test
    void unetsThatDoNotRunAreNamed() {
        final TensorSpec timestep = spec("timestep", INT64);
        refused(() -> unet(SAMPLE, timestep, HIDDEN, spec("text_embeds", FLOAT32, -1, 1280), spec("time_ids", FLOAT32, -1, 6)), "Stable Diffusion XL");
        refused(() -> unet(SAMPLE, timestep, HIDDEN, spec("down_block_0_additional_residual", FLOAT32, -1, 320, -1, -1)), "ControlNet");
        refused(() -> unet(spec("sample", FLOAT32, -1, 9, -1, -1), timestep, HIDDEN), "inpainting", "9 channels");
        refused(() -> unet(SAMPLE, timestep, HIDDEN, spec("class_labels", INT64, -1)), "nothing else", "class_labels");
        refused(() -> unet(SAMPLE, timestep, HIDDEN, spec("extra", FLOAT32, -1, 5)), "nothing else", "extra");
        refused(() -> unet(spec("sample", INT64, -1, 4, -1, -1), timestep, HIDDEN), "expected noisy latents");
        refused(() -> UnetContract.of(FILE, List.of(SAMPLE, timestep, HIDDEN), List.of(spec("out", FLOAT32, -1, 8, -1, -1))), "4", "out float32");
    }

    @Test
    void textEncodersOfAllExporters() {
        final List<TensorSpec> outputs = List.of(spec("last_hidden_state", FLOAT32, -1, -1, 768), spec("pooler_output", FLOAT32, -1, 768));
        for (final ElementType type : new ElementType[] {INT32, INT64}) {
            final TextEncoderContract contract = TextEncoderContract.of(FILE, List.of(spec("input_ids", type, -1, 77)), outputs);
            assertEquals(OptionalInt.of(77), contract.fixedLength());
            assertEquals(OptionalInt.of(768), contract.width());
        }
        final List<TensorSpec> more = new ArrayList<>(List.of(spec("hidden_states.0", FLOAT32, -1, -1, 768)));
        more.addAll(outputs);
        assertEquals("last_hidden_state", TextEncoderContract.of(FILE, List.of(spec("input_ids", INT64, -1, -1)), more).embeddings().name());
        final List<TensorSpec> masked = List.of(spec("attention_mask", INT64, -1, -1), spec("input_ids", INT64, -1, -1));
        assertEquals("input_ids", TextEncoderContract.of(FILE, masked, outputs).inputIds().name());
        assertTrue(TextEncoderContract.of(FILE, masked, outputs).attentionMask().isPresent());
        refused(() -> TextEncoderContract.of(FILE, List.of(spec("input_ids", FLOAT32, -1, -1)), outputs), "token ids", "input_ids float32[-1, -1]");
        refused(() -> TextEncoderContract.of(FILE, masked, List.of(outputs.get(1))), "last hidden state", "pooler_output");
    }

    @Test
    void vaesOfAllExporters() {
        final TensorSpec image = spec("sample", FLOAT32, -1, 3, -1, -1);
        final VaeEncoderContract parameters = VaeEncoderContract.of(FILE, List.of(image), List.of(spec("latent_parameters", FLOAT32, -1, 8, -1, -1)));
        assertEquals(VaeEncoderContract.Output.PARAMETERS, parameters.namedOutput());
        assertEquals(VaeEncoderContract.Output.PARAMETERS, parameters.output(8, 4));
        assertEquals(VaeEncoderContract.Output.SAMPLE, parameters.output(4, 4));
        refused(() -> parameters.output(5, 4), "5 channels", "4 (a sample) or 8");
        assertEquals(VaeEncoderContract.Output.SAMPLE,
            VaeEncoderContract.of(FILE, List.of(image), List.of(spec("latent_sample", FLOAT32, -1, -1, -1, -1))).namedOutput());
        refused(() -> VaeEncoderContract.of(FILE, List.of(spec("sample", FLOAT32, -1, 1, -1, -1)), List.of(SAMPLE)), "an image [batch, 3");

        final VaeDecoderContract decoder = VaeDecoderContract.of(FILE, List.of(spec("latent_sample", FLOAT32, 1, 4, 32, 32)),
            List.of(spec("sample", FLOAT32, 1, 3, 128, 128)));
        assertEquals(OptionalInt.of(4), decoder.spatialFactor());
        refused(() -> VaeDecoderContract.of(FILE, List.of(spec("latent_sample", INT64, 1, 4, 32, 32)), List.of(image)), "latents");
    }

    @Test
    void batchesMustAgree() {
        final UnetContract contract = unet(SAMPLE, spec("timestep", FLOAT32, -1), HIDDEN, spec("timestep_cond", FLOAT32, -1, 256));
        final long[] sample = {2, 4, 64, 64};
        final long[] hidden = {2, 77, 768};
        final Optional<long[]> cond = Optional.of(new long[] {2, 256});
        contract.checkShapes(sample, new long[] {1}, hidden, cond);
        contract.checkShapes(sample, new long[] {2}, hidden, cond);
        refused(() -> contract.checkShapes(sample, new long[] {3}, hidden, cond), "batch of 2", "of 3 in timestep");
        refused(() -> contract.checkShapes(sample, new long[] {1}, new long[] {1, 77, 768}, cond), "of 1 in encoder_hidden_states");
        refused(() -> contract.checkShapes(sample, new long[] {1}, hidden, Optional.of(new long[] {1, 256})), "of 1 in timestep_cond");
        refused(() -> contract.checkShapes(sample, new long[] {1}, hidden, Optional.empty()), "needs a guidance embedding");
        refused(() -> contract.checkShapes(sample, new long[] {1}, new long[] {2, 77, 1024}, cond), "[-1, -1, 768]", "[2, 77, 1024]");
        refused(() -> contract.checkShapes(sample, new long[0], hidden, cond), "timestep");
    }

    @Test
    void partsMustBelongTogether(@TempDir final Path root) throws IOException {
        final ModelFolder folder = ModelFolder.open(ModelFixture.optimum(root));
        final VaeDecoderContract decoder = VaeDecoderContract.of(folder.vaeDecoder(), List.of(spec("latent_sample", FLOAT32, -1, 4, -1, -1)),
            List.of(spec("sample", FLOAT32, -1, 3, -1, -1)));
        final UnetContract unet = unet(spec("sample", FLOAT32, -1, 4, 16, 24), spec("timestep", INT64), HIDDEN);
        final ModelContract contract = ModelContract.of(folder, text(folder, 768), unet, decoder, Optional.empty());
        assertEquals(new LatentSpace(4, 4, new LatentScaling(0.5, 0, List.of(), List.of())), contract.latents());
        assertEquals(77, contract.textLength());
        assertEquals(96, contract.defaultWidthPx());
        assertEquals(64, contract.defaultHeightPx());

        refused(() -> ModelContract.of(folder, text(folder, 1024), unet, decoder, Optional.empty()), "embedding width is 1024", "768 in " + FILE);
        final VaeDecoderContract wide = VaeDecoderContract.of(folder.vaeDecoder(), List.of(spec("latent_sample", FLOAT32, -1, 16, -1, -1)),
            List.of(spec("sample", FLOAT32, -1, 3, -1, -1)));
        refused(() -> ModelContract.of(folder, text(folder, 768), unet, wide, Optional.empty()), "number of latent channels is 16", "4 in");
        final VaeEncoderContract odd = VaeEncoderContract.of(FILE, List.of(spec("sample", FLOAT32, -1, 3, -1, -1)),
            List.of(spec("latent_sample", FLOAT32, -1, 6, -1, -1)));
        refused(() -> ModelContract.of(folder, text(folder, 768), unet, decoder, Optional.of(odd)), "gives 6 channels");
    }

    private static TextEncoderContract text(final ModelFolder folder, final long width) {
        return TextEncoderContract.of(folder.textEncoder(), List.of(spec("input_ids", INT32, -1, 77)),
            List.of(spec("last_hidden_state", FLOAT32, -1, 77, width)));
    }
}
