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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model folders as other programs leave them: Hugging Face's downloads, macOS' companions, and kinds that are not run. */
class HubCacheTest {

    @TempDir
    private Path hub;
    private Path download;

    @BeforeEach
    void downloadAModel() throws IOException {
        download = hub.resolve("models--acme--tiny-turbo");
        ModelFixture.legacy(download.resolve("snapshots/0123abcd"));
        ModelFixture.text(download.resolve("refs/main"), "0123abcd\n");
    }

    @Test
    void aDownloadIsTakenByItsCurrentSnapshot() throws IOException {
        ModelFixture.legacy(download.resolve("snapshots/ffff0000"));
        final ModelFolder model = ModelFolder.open(download);
        assertEquals(download.resolve("snapshots/0123abcd"), model.root());
        assertEquals("acme/tiny-turbo", model.name());
        assertEquals(ModelFamily.TURBO, model.family());
        assertEquals(model.root(), new InstalledModels(hub).resolve(download.toString()));
        assertEquals(model.root(), ModelFolder.open(model.root()).root());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void linksIntoTheBlobsAreFollowed() throws IOException {
        final Path file = download.resolve("snapshots/0123abcd/unet/model.onnx");
        final Path blob = Files.createDirectories(download.resolve("blobs")).resolve("sha");
        Files.move(file, blob);
        Files.createSymbolicLink(file, Path.of("../../../blobs/sha"));
        assertEquals(file, ModelFolder.open(download).unet());
    }

    @Test
    void withoutAReferenceTheOnlySnapshotCounts() throws IOException {
        Files.delete(download.resolve("refs/main"));
        assertEquals("0123abcd", ModelFolder.open(download).root().getFileName().toString());
        ModelFixture.legacy(download.resolve("snapshots/ffff0000"));
        for (final String elsewhere : List.of("absent", "../../..", "")) {
            Files.writeString(download.resolve("refs/main"), elsewhere);
            final String message = assertThrows(InvalidInputException.class, () -> ModelFolder.open(download)).getMessage();
            assertTrue(message.contains("2 snapshots") && message.contains("ffff0000"), message);
        }
    }

    @Test
    void aFolderOfDownloadsListsThem() {
        final String message = assertThrows(InvalidInputException.class, () -> ModelFolder.open(hub)).getMessage();
        assertTrue(message.contains("models--acme--tiny-turbo"), message);
    }

    @Test
    void anEmptyDownloadSaysSo() throws IOException {
        final Path empty = hub.resolve("models--a--b");
        Files.createDirectories(empty.resolve("snapshots"));
        assertTrue(assertThrows(InvalidInputException.class, () -> ModelFolder.open(empty)).getMessage().contains("without files"));
    }

    @Test
    void companionsOfMacOsAreIgnored() throws IOException {
        final Path model = ModelFixture.legacy(hub.resolve("models/plain"));
        Files.move(model.resolve("unet/model.onnx"), model.resolve("unet/denoiser.onnx"));
        for (final String companion : List.of("unet/._denoiser.onnx", "._model_index.json", "text_encoder/._model.onnx", "tokenizer/._vocab.json")) {
            ModelFixture.write(model.resolve(companion), new byte[] {0, 5, 22, 7});
        }
        ModelFixture.legacy(hub.resolve("models/__MACOSX"));
        ModelFixture.legacy(hub.resolve("models/._plain"));
        assertEquals(model.resolve("unet/denoiser.onnx"), ModelFolder.open(model).unet());
        assertEquals(List.of(model), ModelFolder.modelsIn(hub.resolve("models")));
    }

    @ParameterizedTest
    @CsvSource({"StableCascadeDecoderPipeline, Stable Cascade", "WuerstchenCombinedPipeline, rstchen", "DDPMPipeline, DDPM", "DDIMPipeline, DDIM",
        "StableDiffusionImageVariationPipeline, image variation", "LDMTextToImagePipeline, LDM", "KandinskyV22Pipeline, Kandinsky",
        "PixArtAlphaPipeline, PixArt", "StableVideoDiffusionPipeline, video", "AnimateDiffPipeline, video", "AudioLDMPipeline, sounds",
        "IFPipeline, DeepFloyd", "StableUnCLIPPipeline, unCLIP", "FluxPipeline, Flux", "StableDiffusion3Pipeline, Stable Diffusion 3",
        "StableDiffusionXLPipeline, XL", "ORTStableDiffusionXLPipeline, XL", "AltDiffusionPipeline, AltDiffusion", "SanaPipeline, Sana",
        "StableDiffusionControlNetPipeline, ControlNet", "StableDiffusionInpaintPipeline, inpainting", "StableDiffusionUpscalePipeline, upscaling",
        "ConsistencyModelPipeline, consistency", "VQDiffusionPipeline, VQ Diffusion", "DiTPipeline, DiT", "StableDiffusionLDM3DPipeline, depth"})
    void foreignKindsAreNamed(final String pipelineClass, final String kind) throws IOException {
        final Path model = hub.resolve("foreign");
        ModelFixture.text(model.resolve("model_index.json"), "{\"_class_name\": \"" + pipelineClass + "\"}");
        ModelFixture.write(model.resolve("unet/model.onnx"), ModelFixture.onnx("Conv"));
        final String message = assertThrows(InvalidInputException.class, () -> ModelFolder.open(model)).getMessage();
        assertTrue(message.contains(kind) && message.contains("This version runs"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"StableDiffusionPipeline", "OnnxStableDiffusionPipeline", "ORTStableDiffusionPipeline", "StableDiffusionImg2ImgPipeline",
        "LatentConsistencyModelPipeline", "ORTLatentConsistencyModelPipeline", "StableDiffusionPipelineSafe", "StableDiffusionPanoramaPipeline",
        "FlaxStableDiffusionPipeline", "MadeUpPipeline", "OVStableDiffusionPipeline"})
    void kindsThatAreRunStayRun(final String pipelineClass) throws IOException {
        final Path model = ModelFixture.legacy(hub.resolve("known"));
        ModelFixture.text(model.resolve("model_index.json"), "{\"_class_name\": \"" + pipelineClass + "\"}");
        assertEquals(pipelineClass, ModelFolder.open(model).pipelineClass().orElseThrow());
    }
}
