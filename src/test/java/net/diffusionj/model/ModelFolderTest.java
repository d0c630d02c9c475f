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

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.Models;

/** Model folders, whole and faulty; long because every fault that a message names is a case. */
class ModelFolderTest {

    @TempDir
    private Path root;

    @Test
    void legacyFolderHasDefaults() throws IOException {
        ModelFixture.write(ModelFixture.legacy(root).resolve("unet/weights.pb"), new byte[200]);
        ModelFixture.write(root.resolve("unet/model.onnx"), ModelFixture.onnxWithExternalData("weights.pb", 100, 100));
        final ModelFolder folder = ModelFolder.open(root);
        assertEquals(root.getFileName().toString(), folder.name());
        assertEquals(root.resolve("unet/model.onnx"), folder.unet());
        assertEquals(root.resolve("text_encoder/model.onnx"), folder.textEncoder());
        assertEquals(root.resolve("vae_decoder/model.onnx"), folder.vaeDecoder());
        assertEquals(Optional.of(root.resolve("vae_encoder/model.onnx")), folder.vaeEncoder());
        assertEquals(new LatentSpace(4, 8, LatentScaling.STABLE_DIFFUSION), folder.latents());
        assertEquals(512, folder.defaultWidthPx());
        assertEquals(77, folder.textLength());
        assertEquals(ModelFamily.STANDARD, folder.family());
    }

    /** As diffusers 0.35.2 writes DPMSolverMultistepScheduler's own default. */
    @Test
    void numbersThatJsonDoesNotHaveAreTakenFromDiffusersFiles() throws IOException {
        ModelFixture.legacy(root);
        ModelFixture.write(root.resolve("scheduler/scheduler_config.json"), ("{\"_class_name\": \"DPMSolverMultistepScheduler\", \"lambda_min_clipped\": "
            + "-Infinity, \"note\": \"NaN: a \\\"word\\\", Infinity\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        final var config = ModelFolder.open(root).schedulerConfig();
        assertEquals("-Infinity", config.get("lambda_min_clipped"));
        assertEquals("NaN: a \"word\", Infinity", config.get("note"));
        assertEquals(Double.NEGATIVE_INFINITY,
            net.diffusionj.scheduler.config.SchedulerConfig.of(net.diffusionj.scheduler.config.SchedulerKind.DPMPP_2M, config).dpm()
                .lambdaMinClipped());
    }

    @Test
    void spatialFactorOfLegacyFolderComesFromTheDecoder() throws IOException {
        ModelFixture.legacy(root);
        ModelFixture.write(root.resolve("vae_decoder/model.onnx"), ModelFixture.onnx("Conv", "Resize", "Conv", "Resize"));
        assertEquals(4, ModelFolder.open(root).latents().spatialFactor());
    }

    @Test
    void optimumFolderIsReadFromItsConfiguration() throws IOException {
        final ModelFolder folder = ModelFolder.open(ModelFixture.optimum(root));
        assertEquals(4, folder.latents().spatialFactor());
        assertEquals(0.5, folder.latents().scaling().scalingFactor());
        assertEquals(384, folder.defaultWidthPx());
        assertEquals(OptionalInt.of(1024), folder.unetConfig().crossAttentionDim());
        assertEquals(OptionalInt.empty(), folder.unetConfig().timeCondProjDim());
    }

    @Test
    void schedulerConfigurationKeepsTypesAndLeavesNullsOut() throws IOException {
        final Map<String, Object> config = ModelFolder.open(ModelFixture.legacy(root)).schedulerConfig();
        assertEquals(Map.of("_class_name", "PNDMScheduler", "beta_start", 0.00085, "num_train_timesteps", 1000L, "skip_prk_steps", true, "shape",
            List.of(1L, 2.5), "steps_offset", 1L, "clip_sample", false), config);
        assertThrows(UnsupportedOperationException.class, () -> config.put("a", "b"));
    }

    /** As the constructors of diffusers 0.35.2 do. */
    @Test
    void stableDiffusionPipelinesSetTwoKeysOfTheScheduler() throws IOException {
        ModelFixture.optimum(root);
        final Path file = root.resolve("scheduler/scheduler_config.json");
        ModelFixture.text(file, "{\"_class_name\": \"DDIMScheduler\", \"steps_offset\": 0, \"clip_sample\": true, \"_use_default_values\":"
            + " [\"clip_sample\", \"beta_end\"]}");
        final Map<String, Object> config = ModelFolder.open(root).schedulerConfig();
        assertEquals(1L, config.get("steps_offset"));
        assertEquals(false, config.get("clip_sample"));
        assertEquals(List.of("beta_end"), config.get("_use_default_values"));
        ModelFixture.text(root.resolve("model_index.json"), "{\"_class_name\": \"LatentConsistencyModelPipeline\"}");
        final Map<String, Object> asWritten = ModelFolder.open(root).schedulerConfig();
        assertEquals(0L, asWritten.get("steps_offset"));
        assertEquals(true, asWritten.get("clip_sample"));
        assertEquals(List.of("clip_sample", "beta_end"), asWritten.get("_use_default_values"));
    }

    @Test
    void sizesFollowTheUnetsGraph() throws IOException {
        ModelFixture.legacy(root);
        ModelFixture.write(root.resolve("unet/model.onnx"), ModelFixture.onnx("Conv", "Resize", "Conv", "Resize", "Conv", "Resize"));
        final SizeRule doubling = ModelFolder.open(root).sizes();
        assertEquals(new SizeRule(8, 64, false), doubling);
        assertDoesNotThrow(() -> doubling.check(128, 192));
        final String cure = assertThrows(InvalidInputException.class, () -> doubling.check(136, 128)).getMessage();
        assertTrue(cure.contains("multiple of 64 pixels") && cure.contains("128 and 192") && cure.contains("scripts/export"), cure);
        final String wrong = assertThrows(InvalidInputException.class, () -> doubling.check(64, 33)).getMessage();
        assertTrue(wrong.contains("the smallest is 64") && !wrong.contains("export"), wrong);
        assertTrue(assertThrows(InvalidInputException.class, () -> doubling.check(64, 8256)).getMessage().startsWith("Height must be at most 8192 pixels"));
        final Path real = Models.of("sd1");
        assertEquals(new SizeRule(8, 16, true), ModelFolder.open(real).sizes());
    }

    @Test
    void familiesAreTold() throws IOException {
        ModelFixture.optimum(root);
        ModelFixture.text(root.resolve("model_index.json"), "{\"_class_name\": \"StableDiffusionPipeline\", \"_name_or_path\": \"x/sd-turbo\"}");
        assertEquals(ModelFamily.TURBO, ModelFolder.open(root).family());
        ModelFixture.text(root.resolve("unet/config.json"), "{\"time_cond_proj_dim\": 256, \"sample_size\": [32, 48]}");
        final ModelFolder folder = ModelFolder.open(root);
        assertEquals(ModelFamily.LATENT_CONSISTENCY, folder.family());
        assertEquals(128, folder.defaultHeightPx());
        assertEquals(192, folder.defaultWidthPx());
    }

    @Test
    void turboIsToldByItsScheduler() throws IOException {
        ModelFixture.optimum(root);
        final Path file = root.resolve("scheduler/scheduler_config.json");
        ModelFixture.text(file, "{\"_class_name\": \"EulerDiscreteScheduler\", \"timestep_spacing\": \"trailing\"}");
        assertEquals(ModelFamily.TURBO, ModelFolder.open(root).family());
        ModelFixture.text(file, "\uFEFF{\"_class_name\": \"EulerDiscreteScheduler\", \"timestep_spacing\": \"trailing\","
            + " \"prediction_type\": \"v_prediction\"}");
        assertEquals(ModelFamily.STANDARD, ModelFolder.open(root).family());
    }

    @Test
    void vaeEncoderIsOptionalUntilItIsNeeded() throws IOException {
        Files.delete(ModelFixture.legacy(root).resolve("vae_encoder/model.onnx"));
        final ModelFolder folder = ModelFolder.open(root);
        assertEquals(Optional.empty(), folder.vaeEncoder());
        final String message = assertThrows(InvalidInputException.class, folder::requireVaeEncoder).getMessage();
        assertTrue(message.contains("no vae_encoder/model.onnx"), message);
    }

    @Test
    void aPartMayHaveAnotherNameIfItIsTheOnlyOne() throws IOException {
        ModelFixture.legacy(root);
        Files.move(root.resolve("unet/model.onnx"), root.resolve("unet/unet_fp16.onnx"));
        assertEquals(root.resolve("unet/unet_fp16.onnx"), ModelFolder.open(root).unet());
        Files.copy(root.resolve("unet/unet_fp16.onnx"), root.resolve("unet/other.onnx"));
        refused("2 ONNX files", "Rename");
    }

    @Test
    void missingFolder() {
        refusedAt(root.resolve("nowhere"), "There is no folder", "nowhere");
    }

    @Test
    void fileInsteadOfFolder() throws IOException {
        ModelFixture.legacy(root);
        refusedAt(root.resolve("model_index.json"), "is a file, not a folder", "Give the folder that holds the model: " + root);
        ModelFixture.text(root.resolve("v1-5.safetensors"), "x");
        refusedAt(root.resolve("v1-5.safetensors"), "PyTorch checkpoint", "scripts/export/export.py");
    }

    @Test
    void folderThatIsNone() throws IOException {
        refused("neither model_index.json nor unet/model.onnx");
        ModelFixture.legacy(root.resolve("inner"));
        refused("Its subfolder inner is one");
        ModelFixture.legacy(root.resolve("another"));
        refused("another, inner");
        refusedAt(root.resolve("inner/unet"), "It is a part of one: give " + root.resolve("inner"));
    }

    @Test
    void torchFolder() throws IOException {
        ModelFixture.text(root.resolve("unet/diffusion_pytorch_model.safetensors"), "x");
        ModelFixture.text(root.resolve("unet/config.json"), "{}");
        refused("PyTorch model", "scripts/export/export.py");
        ModelFixture.text(root.resolve("model_index.json"), "{\"_class_name\": \"StableDiffusionPipeline\"}");
        refused("PyTorch model", "scripts/export/export.py");
    }

    @Test
    void missingParts() throws IOException {
        Files.delete(ModelFixture.legacy(root).resolve("vae_decoder/model.onnx"));
        refused("vae_decoder holds no model.onnx");
        Files.delete(root.resolve("vae_decoder"));
        refused("the part vae_decoder/model.onnx is missing");
    }

    @Test
    void missingSchedulerConfiguration() throws IOException {
        Files.delete(ModelFixture.legacy(root).resolve("scheduler/scheduler_config.json"));
        refused("scheduler_config.json is missing");
    }

    @Test
    void unreadableJson() throws IOException {
        ModelFixture.legacy(root);
        final Path file = root.resolve("scheduler/scheduler_config.json");
        ModelFixture.text(file, "{\"a\": 1,\n \"b\": oops}");
        refused(file + " is not readable JSON (line 2 column");
        ModelFixture.text(file, "{\"a\": 1");
        refused(file + " is not readable JSON (line 1");
        ModelFixture.text(file, "[1]");
        refused(file + " should hold a JSON object");
        ModelFixture.text(file, "{} {}");
        refused(file.toString());
        ModelFixture.text(file, "");
        refused(file + " is empty");
        ModelFixture.text(file, "<!DOCTYPE html><html>");
        refused(file + " is a web page");
        ModelFixture.write(file, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        refused(file + " is not UTF-8");
    }

    @Test
    void brokenOnnxFiles() throws IOException {
        ModelFixture.legacy(root);
        final Path file = root.resolve("unet/model.onnx");
        final byte[] whole = ModelFixture.onnx("Conv", "Add");
        for (int length = 1; length < whole.length; length++) {
            ModelFixture.write(file, java.util.Arrays.copyOf(whole, length));
            refused(file + " is ", "ownload or copy it again");
        }
        ModelFixture.write(file, new byte[0]);
        refused(file + " is empty");
        ModelFixture.text(file, "\n<html><body>404</body></html>");
        refused(file + " is a web page");
        ModelFixture.text(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n");
        refused(file + " is a Git LFS pointer", "git lfs pull");
        ModelFixture.text(file, "This is no model at all.");
        refused(file + " is ");
        ModelFixture.write(file, java.util.Arrays.copyOf(whole, whole.length - 60));
        refused(file + " is truncated: it should have at least " + whole.length);
    }

    @Test
    void brokenExternalData() throws IOException {
        ModelFixture.legacy(root);
        final Path data = root.resolve("unet/weights.pb");
        ModelFixture.write(root.resolve("unet/model.onnx"), ModelFixture.onnxWithExternalData("weights.pb", 64, 100));
        refused("keeps its weights in weights.pb, which is missing");
        ModelFixture.write(data, new byte[0]);
        refused("weights.pb is empty");
        ModelFixture.write(data, new byte[163]);
        refused("weights.pb, which is truncated: expected at least 164 bytes, found 163");
        ModelFixture.write(data, new byte[164]);
        assertEquals(root, ModelFolder.open(root).root());
    }

    @Test
    void kindsThatDoNotRunAreNamed() throws IOException {
        kind("StableDiffusionXLPipeline", "Stable Diffusion XL");
        kind("ORTStableDiffusionXLImg2ImgPipeline", "Stable Diffusion XL");
        kind("StableDiffusion3Pipeline", "Stable Diffusion 3");
        kind("FluxPipeline", "Flux");
        kind("StableDiffusionInpaintPipeline", "inpainting");
        kind("StableDiffusionControlNetPipeline", "ControlNet");
    }

    private void kind(final String pipeline, final String expected) throws IOException {
        ModelFixture.optimum(root);
        ModelFixture.text(root.resolve("model_index.json"), "{\"_class_name\": \"" + pipeline + "\"}");
        refused(expected, "This version runs Stable Diffusion 1.x and 2.x, SD-Turbo and LCM models.");
    }

    @Test
    void kindsAreSeenFromThePartsToo() throws IOException {
        ModelFixture.optimum(root);
        ModelFixture.text(root.resolve("unet/config.json"), "{\"in_channels\": 9}");
        refused("inpainting model (its UNet takes 9 channels)");
        ModelFixture.text(root.resolve("unet/config.json"), "{\"addition_embed_type\": \"text_time\"}");
        refused("Stable Diffusion XL");
        ModelFixture.text(root.resolve("unet/config.json"), "{}");
        Files.createDirectories(root.resolve("text_encoder_2"));
        refused("Stable Diffusion XL");
        Files.createDirectories(root.resolve("transformer"));
        refused("diffusion transformer");
    }

    @Test
    void nothingOpensWhereNothingLies() {
        assertFalse(ModelFolder.looksLikeOne(root.resolve("nowhere")));
    }

    private void refused(final String... parts) {
        refusedAt(root, parts);
    }

    private static void refusedAt(final Path folder, final String... parts) {
        final String message = assertThrows(InvalidInputException.class, () -> ModelFolder.open(folder)).getMessage();
        for (final String part : parts) assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"), message);
    }
}
