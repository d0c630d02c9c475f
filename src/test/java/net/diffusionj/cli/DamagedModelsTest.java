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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Model folders with one thing wrong: code 2, one line that names it, and nothing drawn; or, where it does no harm, a picture. */
class DamagedModelsTest {

    @TempDir
    private Path folder;

    private Path copyOf(final String model) throws IOException {
        return Models.copy(model, Files.createTempDirectory(folder, "model"));
    }

    private CliRun draw(final Path model, final boolean fromImage, final String... more) {
        final List<String> args = new ArrayList<>(List.of(fromImage ? "img2img" : "txt2img", "--model", model.toString(), "--prompt", "cells", "--steps", "2",
            "--seed", "1", "--width", "32", "--height", "32", "--output", folder.resolve("out.png").toString()));
        if (fromImage) args.addAll(List.of("--input", Folders.RESOURCES.resolve("pipeline/source-48x32.png").toString()));
        args.addAll(List.of(more));
        return CliRun.of(args.toArray(String[]::new));
    }

    /** @return the line that says why, without the one that names the provider */
    private String refusal(final CliRun run) {
        assertEquals(2, run.exitCode(), run.errors());
        final List<String> lines = run.errors().lines().filter(line -> !line.startsWith("Running on the CPU")).toList();
        assertEquals(1, lines.size(), run.errors());
        assertTrue(lines.get(0).startsWith("diffusionj: "), run.errors());
        assertFalse(lines.get(0).contains("unexpected error") || lines.get(0).contains("onnxruntime_src"), run.errors());
        assertFalse(Files.exists(folder.resolve("out.png")), "nothing was drawn");
        return lines.get(0);
    }

    /** Bytes that were flipped by chance in a real run of damaged files. */
    @ParameterizedTest
    @CsvSource({"vae_decoder, 10512, 36", "vae_encoder, 10704, 171", "vae_encoder, 8171, 91", "text_encoder, 6811, 203", "text_encoder, 63579, 1"})
    void aFlippedByteInAGraphIsBadInput(final String part, final int position, final int value) throws IOException {
        final Path model = copyOf("sd1");
        final Path file = model.resolve(part).resolve("model.onnx");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[position] = (byte) value;
        Files.write(file, bytes);
        final String line = refusal(draw(model, part.equals("vae_encoder")));
        assertTrue(line.contains(file.toString()) && line.contains("damaged"), line);
    }

    @ParameterizedTest
    @CsvSource({"text_encoder, text encoder", "unet, UNet", "vae_encoder, VAE encoder", "vae_decoder, VAE decoder"})
    void nanAndInfinityAreLaidAtTheRightDoor(final String part, final String title) throws IOException {
        for (final float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            final Path model = copyOf("sd1");
            BiasOfLastNode.set(model.resolve(part).resolve("model.onnx"), bad);
            final String line = refusal(draw(model, part.equals("vae_encoder")));
            assertTrue(line.contains("The " + title + " gave") && line.contains(part), line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_index.json", "unet/config.json", "scheduler/scheduler_config.json", "vae_decoder/config.json", "text_encoder/config.json",
        "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"})
    void deepConfigurationsAreRefusedInALine(final String file) throws IOException {
        final Path model = copyOf("sd1");
        Files.writeString(model.resolve(file), "[".repeat(20_000) + "]".repeat(20_000));
        assertTrue(refusal(draw(model, false)).contains("levels deep"));
    }

    @Test
    void aConfigurationNested200DeepWorks() throws IOException {
        final Path model = copyOf("sd1");
        Files.writeString(model.resolve("unet/config.json"), "{\"a\": " + "[".repeat(200) + "]".repeat(200) + "}");
        assertEquals(0, draw(model, false).exitCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "unet/config.json|{'sample_size': 2147483647}|sample_size must be a whole number from 1 to 4096, but is 2147483647",
        "unet/config.json|{'sample_size': 1000000000}|but is 1000000000",
        "unet/config.json|{'block_out_channels': [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}|lists 33",
        "text_encoder/config.json|{'max_position_embeddings': 1}|from 2 to 8192, but is 1",
        "text_encoder/config.json|{'max_position_embeddings': 2000000000}|from 2 to 8192",
        "vae_decoder/config.json|{'latent_channels': 2000000000}|latent_channels",
        "vae_decoder/config.json|{'scaling_factor': 1e-300}|scaling_factor",
        "vae_decoder/config.json|{'scaling_factor': 1e300}|scaling_factor",
        "scheduler/scheduler_config.json|{}|says nothing about the noise schedule",
        "scheduler/scheduler_config.json|{'_class_name': 5, 'beta_start': 0.1}|_class_name should name",
        "scheduler/scheduler_config.json|{'steps_offset': 1}|says nothing about the noise schedule",
        "scheduler/scheduler_config.json|{'_class_name': 'PNDMScheduler', 'num_train_timesteps': 2000000000}|num_train_timesteps",
        "scheduler/scheduler_config.json|{'_class_name': 'FlowMatchEulerDiscreteScheduler', 'shift': 3.0}|a flow-matching model",
        "scheduler/scheduler_config.json|{'_class_name': 'EDMEulerScheduler', 'sigma_data': 0.5}|an EDM model",
        "scheduler/scheduler_config.json|{'_class_name': 'MadeUpScheduler', 'beta_start': 0.1}|MadeUpScheduler, is not known",
        "scheduler/scheduler_config.json|{'_class_name': 'DDIMScheduler', 'prediction_type': 'flow_prediction'}|flow",
        "scheduler/scheduler_config.json|{'_class_name': 'DDIMScheduler', 'beta_start': 0.9999, 'beta_end': 0.99999}|betas",
        "scheduler/scheduler_config.json|{'_class_name': 'EulerDiscreteScheduler', 'beta_start': 0.9999, 'beta_end': 0.99999}|noise levels of infinity or NaN",
        "scheduler/scheduler_config.json|{'_class_name': 'DDIMScheduler', 'rescale_betas_zero_snr': true, 'timestep_spacing': 'trailing'}|rescale_betas_zero_snr",
        "diffusionj.json|{'guidance': 1e308}|guidance must be between 0 and 1000",
        "diffusionj.json|{'guidanceFrom': 0.9, 'guidanceTo': 0.1}|guidanceFrom and guidanceTo cannot be used",
        "diffusionj.json|{'guidanceTo': 2}|guidanceFrom and guidanceTo cannot be used",
        "diffusionj.json|{'steps': 2000000000}|steps must be a whole number from 1 to 1000",
        "tokenizer/tokenizer_config.json|{'pad_token': '\\u12'}|is not readable JSON"
    })
    void configurationsThatCannotBeMeantAreRefused(final String file, final String content, final String expected) throws IOException {
        final Path model = copyOf("sd1");
        Files.writeString(model.resolve(file), content.replace('\'', '"'));
        final String line = refusal(CliRun.of("txt2img", "--model", model.toString(), "--prompt", "x", "--steps", "2", "--output",
            folder.resolve("out.png").toString()));
        assertTrue(line.contains(expected), line);
    }

    @Test
    void noSchedulerOfOursRunsAFlowMatchingModel() throws IOException {
        final Path model = copyOf("sd1");
        Files.writeString(model.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}");
        assertTrue(refusal(draw(model, false, "--scheduler", "euler")).contains("flow-matching"));
        assertTrue(refusal(CliRun.of("info", "--model", model.toString())).contains("flow-matching"));
    }

    @Test
    void theSameFamilyIsDrawnAndInfoSaysSo() throws IOException {
        final Path model = copyOf("sd1");
        final Path config = model.resolve("scheduler/scheduler_config.json");
        Files.writeString(config, Files.readString(config).replace("PNDMScheduler", "HeunDiscreteScheduler"));
        final CliRun run = draw(model, false);
        assertEquals(0, run.exitCode(), run.errors());
        assertTrue(run.errors().contains("HeunDiscreteScheduler") && run.errors().contains("dpmpp-2m of the same family"), run.errors());
        final CliRun info = CliRun.of("info", "--model", model.toString());
        assertTrue(info.output().contains("dpmpp-2m, in place of the model's own, HeunDiscreteScheduler"), info.output());
        Files.writeString(config, Files.readString(config).replace("HeunDiscreteScheduler", "MadeUpScheduler"));
        assertTrue(CliRun.of("info", "--model", model.toString()).output().contains("MadeUpScheduler, is not known"));
        Files.delete(folder.resolve("out.png"));
        assertEquals(0, draw(model, false, "--scheduler", "ddim").exitCode(), "a choice of one's own counts");
    }

    @Test
    void missingBetasAreTold() throws IOException {
        final Path model = copyOf("sd1");
        Files.writeString(model.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"DDIMScheduler\"}");
        final CliRun run = draw(model, false);
        assertEquals(0, run.exitCode(), run.errors());
        assertTrue(run.errors().contains("leaves out the betas"), run.errors());
    }

    @Test
    void aVocabularyBeyondTheEncoderIsRefused() throws IOException {
        final Path model = copyOf("sd1-legacy");
        final Path vocab = model.resolve("tokenizer/vocab.json");
        Files.writeString(vocab, Files.readString(vocab).replaceFirst("\"!\": *0", "\"!\": 100000"));
        final String line = refusal(draw(model, false));
        assertTrue(line.contains("vocab.json") && line.contains("the id 100000"), line);
    }

    @Test
    void weightsOutsideOfTheModelAreNotRead() throws IOException {
        final Path model = copyOf("sd2-v");
        final Path file = model.resolve("unet/model.onnx");
        final byte[] bytes = Files.readAllBytes(file);
        final byte[] name = "model.onnx_data".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        final byte[] outside = "../../../x/data".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 0; i + name.length <= bytes.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + name.length, name, 0, name.length)) System.arraycopy(outside, 0, bytes, i, outside.length);
        }
        Files.write(file, bytes);
        assertTrue(refusal(draw(model, false)).contains("outside of its own folder"));
    }

    /** As Hugging Face's tools lay a download out: every file a link into the blobs, weights outside of the graph too. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aHuggingFaceDownloadIsDrawnFrom() throws IOException {
        final Path download = folder.resolve("models--acme--tiny");
        final Path source = copyOf("sd2-v");
        final Path snapshot = download.resolve("snapshots/0123abcd");
        Files.createDirectories(download.resolve("blobs"));
        Files.createDirectories(download.resolve("refs"));
        Files.writeString(download.resolve("refs/main"), "0123abcd");
        try (Stream<Path> files = Files.walk(source)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final Path link = snapshot.resolve(source.relativize(file).toString());
                final Path blob =
                    Files.move(file, download.resolve("blobs").resolve(source.relativize(file).toString().replace(java.io.File.separatorChar, '_')));
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(link, link.getParent().relativize(blob));
            }
        }
        final CliRun run = draw(download, false);
        assertEquals(0, run.exitCode(), run.errors());
        assertTrue(CliRun.of("info", "--model", download.toString()).output().contains("acme/tiny"));
    }

    @Test
    void anEmptyMergesFileIsRefused() throws IOException {
        final Path model = copyOf("sd1-legacy");
        Files.writeString(model.resolve("tokenizer/merges.txt"), "");
        assertTrue(refusal(draw(model, false)).contains("merges.txt is empty"));
    }
}
