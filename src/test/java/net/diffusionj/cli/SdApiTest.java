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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.server.TestServer;
import net.diffusionj.testing.HttpCall;

/** AUTOMATIC1111's API beside the command line: equal requests give equal files. */
@Timeout(120)
class SdApiTest {

    private static TestServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject ask(final String name, final JsonObject request) {
        final HttpCall call = HttpCall.post(server.url("/sdapi/v1/" + name), request.toString());
        assertEquals(200, call.status(), call.body());
        return call.object();
    }

    private static JsonObject request(final Object... fields) {
        final JsonObject request = new JsonObject();
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i + 1] instanceof final Number number) request.addProperty((String) fields[i], number);
            else if (fields[i + 1] instanceof final Boolean flag) request.addProperty((String) fields[i], flag);
            else if (fields[i + 1] instanceof final JsonElement json) request.add((String) fields[i], json);
            else request.addProperty((String) fields[i], (String) fields[i + 1]);
        }
        return request;
    }

    private static byte[] image(final JsonObject answer, final int index) {
        return Base64.getDecoder().decode(answer.getAsJsonArray("images").get(index).getAsString());
    }

    private static JsonObject info(final JsonObject answer) {
        return JsonParser.parseString(answer.get("info").getAsString()).getAsJsonObject();
    }

    private static List<String> warnings(final JsonObject answer) {
        return info(answer).getAsJsonArray("warnings").asList().stream().map(JsonElement::getAsString).toList();
    }

    /** @return the file that the command line writes */
    private byte[] byCommandLine(final String name, final String... arguments) throws IOException {
        final Path file = folder.resolve(name);
        final List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model", CliRun.model("sd1"), "--output", file.toString()));
        final CliRun run = CliRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.errors());
        return Files.readAllBytes(file);
    }

    @Test
    void whatIsLeftOutIsTheModelsToChoose() throws IOException {
        final byte[] expected = byCommandLine("out.png", "txt2img", "--prompt", "bright nuclei", "--seed", "5");
        final JsonObject answer = ask("txt2img", request("prompt", "bright nuclei", "seed", 5));
        assertArrayEquals(expected, image(answer, 0));
        assertEquals(List.of(), warnings(answer));
        final JsonObject info = info(answer);
        assertEquals(5, info.get("seed").getAsLong());
        assertEquals("sd1", info.get("sd_model_name").getAsString());
        assertTrue(info.getAsJsonArray("infotexts").get(0).getAsString().startsWith("bright nuclei\nSteps: "), info.toString());
    }

    @Test
    void everyFieldThatIsKnownDoesWhatItsOptionDoes() throws IOException {
        final byte[] expected = byCommandLine("out.png", "txt2img", "--prompt", "a", "--negative", "b", "--seed", "18446744073709551615", "--steps", "2",
            "--guidance", "3.5", "--width", "64", "--height", "32", "--scheduler", "euler-ancestral");
        final JsonObject answer = ask("txt2img", request("prompt", "a", "negative_prompt", "b", "seed", "18446744073709551615", "steps", 2, "cfg_scale", 3.5,
            "width", 64, "height", 32, "sampler_name", "Euler a"));
        assertArrayEquals(expected, image(answer, 0));
        assertEquals("18446744073709551615", info(answer).get("seed").getAsBigInteger().toString());
    }

    @Test
    void oneSideAloneIsCompletedByTheModelAsOnTheCommandLine() throws IOException {
        final byte[] expected = byCommandLine("out.png", "txt2img", "--prompt", "a", "--seed", "1", "--steps", "1", "--width", "32");
        assertArrayEquals(expected, image(ask("txt2img", request("prompt", "a", "seed", 1, "steps", 1, "width", 32)), 0));
    }

    @Test
    void aSixteenBitPictureUnderAMaskComesBackAsTheCommandLineWritesIt() throws IOException {
        final Img<UnsignedShortType> picture = ArrayImgs.unsignedShorts(40, 30);
        int value = 1000;
        for (final UnsignedShortType pixel : picture) pixel.set(value = (value * 31 + 7) % 40_000);
        final Img<UnsignedShortType> mask = ArrayImgs.unsignedShorts(40, 30);
        int at = 0;
        for (final UnsignedShortType pixel : mask) pixel.set(at++ % 40 < 20 ? 65_535 : 0);
        final Path source = folder.resolve("source.png");
        final Path masking = folder.resolve("mask.png");
        ImageFiles.write(source, picture, ImageMetadata.NONE);
        ImageFiles.write(masking, mask, ImageMetadata.NONE);
        final byte[] expected = byCommandLine("out.png", "img2img", "--input", source.toString(), "--mask", masking.toString(), "--prompt", "a", "--seed", "3",
            "--steps", "4", "--strength", "0.6");
        final JsonArray images = new JsonArray();
        images.add("data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(source)));
        final JsonObject answer = ask("img2img", request("prompt", "a", "seed", 3, "steps", 4, "denoising_strength", 0.6, "init_images", images, "mask",
            Base64.getEncoder().encodeToString(Files.readAllBytes(masking))));
        assertArrayEquals(expected, image(answer, 0));
        assertTrue(!answer.getAsJsonObject("parameters").has("init_images"), "the picture does not come back with the request");
    }

    @Test
    void anInvertedMaskChangesTheOtherPixels() throws IOException {
        final Img<?> picture = ArrayImgs.unsignedBytes(32, 32);
        final Img<?> left = ArrayImgs.unsignedBytes(32, 32);
        final Img<?> right = ArrayImgs.unsignedBytes(32, 32);
        int at = 0;
        for (final Object pixel : left) ((RealType<?>) pixel).setReal(at++ % 32 < 12 ? 255 : 0);
        at = 0;
        for (final Object pixel : right) ((RealType<?>) pixel).setReal(at++ % 32 < 12 ? 0 : 255);
        final JsonArray images = new JsonArray();
        images.add(base64("picture.png", picture));
        final JsonObject plain = request("prompt", "a", "seed", 3, "steps", 4, "init_images", images, "mask", base64("right.png", right));
        final JsonObject inverted = request("prompt", "a", "seed", 3, "steps", 4, "init_images", images, "mask", base64("left.png", left),
            "inpainting_mask_invert", 1);
        final JsonObject answer = ask("img2img", inverted);
        assertArrayEquals(image(ask("img2img", plain), 0), image(answer, 0));
        assertEquals(List.of(), warnings(answer));
    }

    private String base64(final String name, final Img<?> image) throws IOException {
        final Path file = folder.resolve(name);
        ImageFiles.write(file, image, ImageMetadata.NONE);
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }

    @Test
    void imagesOfABatchAreThoseOfTheNextSeeds() throws IOException {
        final JsonObject answer = ask("txt2img", request("prompt", "a", "seed", 7, "steps", 2, "batch_size", 2, "n_iter", 2));
        assertEquals(4, answer.getAsJsonArray("images").size());
        assertEquals(JsonParser.parseString("[7,8,9,10]"), info(answer).get("all_seeds"));
    }

    @Test
    void whatIsNotDoneIsToldAndWhatAsksForNothingIsNot() {
        final JsonObject nothing = request("prompt", "a", "steps", 1, "restore_faces", false, "tiling", false, "styles", new JsonArray(), "subseed", -1,
            "subseed_strength", 0.0, "eta", 1.0, "scheduler", "automatic", "alwayson_scripts", new JsonObject(), "override_settings", new JsonObject(),
            "hr_scale", 2, "s_noise", 1);
        assertEquals(List.of(), warnings(ask("txt2img", nothing)));
        final JsonObject much =
            request("prompt", "a", "steps", 1, "restore_faces", true, "enable_hr", true, "no_such_field", "x", "scheduler", "Karras", "sampler_name",
                "DDIM");
        final List<String> warnings = warnings(ask("txt2img", much));
        assertEquals(List.of("Karras", "enable_hr", "no_such_field", "restore_faces"), warnings.stream().map(text -> text.split(" ")[0]).toList());
    }

    @Test
    void samplersHaveTheirNamesBothWays() {
        final Map<String, String> names = Map.of("Euler a", "euler-ancestral", "Euler", "euler", "DPM++ 2M", "dpmpp-2m", "LMS", "lms", "DDIM", "ddim", "PLMS",
            "pndm", "LCM", "lcm");
        final JsonArray told = HttpCall.get(server.url("/sdapi/v1/samplers")).json().getAsJsonArray();
        assertEquals(names.size(), told.size());
        for (final JsonElement sampler : told) {
            final String name = sampler.getAsJsonObject().get("name").getAsString();
            assertEquals(names.get(name), sampler.getAsJsonObject().getAsJsonArray("aliases").get(0).getAsString());
            final JsonObject byName = ask("txt2img", request("prompt", "a", "seed", 1, "steps", 2, "sampler_name", name));
            assertEquals(name, info(byName).get("sampler_name").getAsString());
            assertArrayEquals(image(byName, 0), image(ask("txt2img", request("prompt", "a", "seed", 1, "steps", 2, "sampler_index", names.get(name))), 0));
        }
        final HttpCall unknown = HttpCall.post(server.url("/sdapi/v1/txt2img"), request("prompt", "a", "sampler_name", "Restart").toString());
        assertEquals(422, unknown.status());
        assertTrue(unknown.detail().contains("Restart") && unknown.detail().contains("DPM++ 2M"), unknown.detail());
    }

    /** How the levels are spread is held against diffusers by the recorded trajectories. */
    @Test
    void aSpacingThatTheEngineHasIsTakenFromEitherFieldAndAnyOtherIsToldToBeIgnored() throws IOException {
        final byte[] expected = byCommandLine("out.png", "txt2img", "--prompt", "a", "--seed", "1", "--steps", "4", "--scheduler", "dpmpp-2m-karras");
        final JsonObject behind = ask("txt2img", request("prompt", "a", "seed", 1, "steps", 4, "sampler_name", "DPM++ 2M Karras"));
        final JsonObject beside = ask("txt2img", request("prompt", "a", "seed", 1, "steps", 4, "sampler_name", "DPM++ 2M", "scheduler", "karras"));
        assertArrayEquals(expected, image(behind, 0));
        assertArrayEquals(expected, image(beside, 0));
        assertEquals(List.of(), warnings(behind));
        assertEquals("DPM++ 2M Karras", info(behind).get("sampler_name").getAsString());
        final JsonObject plain = ask("txt2img", request("prompt", "a", "seed", 1, "steps", 4, "sampler_name", "DPM++ 2M", "scheduler", "Automatic"));
        assertFalse(Arrays.equals(expected, image(plain, 0)));
        assertEquals(List.of(), warnings(plain));
        for (final String unknown : List.of("DPM++ 2M SGM Uniform", "Euler a Karras", "DPM++ 2M Polyexponential")) {
            final List<String> told = warnings(ask("txt2img", request("prompt", "a", "steps", 1, "sampler_name", unknown)));
            assertTrue(told.size() == 1 && told.get(0).contains("ignored"), unknown + told);
        }
        assertEquals(List.of("automatic", "karras", "exponential", "beta"), HttpCall.get(server.url("/sdapi/v1/schedulers")).json().getAsJsonArray().asList()
            .stream().map(spacing -> spacing.getAsJsonObject().get("name").getAsString()).toList());
    }

    @Test
    void progressIsToldAndAnInterruptEndsTheRunAlone() throws InterruptedException {
        final CompletableFuture<JsonObject> running =
            CompletableFuture.supplyAsync(() -> ask("txt2img", request("prompt", "a", "steps", 999, "sampler_name", "DDIM", "batch_size", 20)));
        JsonObject progress = HttpCall.get(server.url("/sdapi/v1/progress")).object();
        while (progress.get("progress").getAsDouble() == 0) {
            Thread.sleep(20);
            progress = HttpCall.get(server.url("/sdapi/v1/progress")).object();
        }
        assertEquals(999, progress.getAsJsonObject("state").get("sampling_steps").getAsInt());
        assertEquals(1, progress.getAsJsonObject("state").get("job_count").getAsInt());
        assertTrue(progress.get("eta_relative").getAsDouble() > 0);
        assertEquals(200, HttpCall.post(server.url("/sdapi/v1/interrupt"), "").status());
        final JsonObject answer = running.join();
        assertEquals(0, answer.getAsJsonArray("images").size());
        assertTrue(info(answer).get("interrupted").getAsBoolean());
        assertEquals(0, HttpCall.get(server.url("/sdapi/v1/progress")).object().get("progress").getAsDouble());
        assertEquals(1, ask("txt2img", request("prompt", "a", "steps", 1)).getAsJsonArray("images").size());
    }

    @Test
    void modelsAreNamesAndAChosenOneHoldsForTheClient() {
        final JsonArray models = HttpCall.get(server.url("/sdapi/v1/sd-models")).json().getAsJsonArray();
        final List<String> titles = models.asList().stream().map(model -> model.getAsJsonObject().get("title").getAsString()).toList();
        assertEquals(List.of("MicroDiff", "sd1"), titles.stream().filter(List.of("MicroDiff", "sd1")::contains).toList());
        assertEquals("sd1", HttpCall.get(server.url("/sdapi/v1/options")).object().get("sd_model_checkpoint").getAsString());
        ask("options", request("sd_model_checkpoint", "microdiff", "CLIP_stop_at_last_layers", 2));
        assertEquals("microdiff", HttpCall.get(server.url("/sdapi/v1/options")).object().get("sd_model_checkpoint").getAsString());
        assertEquals("MicroDiff", info(ask("txt2img", request("prompt", "a", "steps", 1))).get("sd_model_name").getAsString());
        ask("options", request("sd_model_checkpoint", "sd1 [0123abc]"));
        assertEquals("sd1", info(ask("txt2img", request("prompt", "a", "steps", 1))).get("sd_model_name").getAsString());
        final JsonObject override = request("sd_model_checkpoint", "MicroDiff", "eta_ddim", 1);
        final JsonObject answer = ask("txt2img", request("prompt", "a", "steps", 1, "override_settings", override));
        assertEquals("MicroDiff", info(answer).get("sd_model_name").getAsString());
        assertTrue(warnings(answer).get(0).contains("eta_ddim"));
    }

    @Test
    void aPictureTellsItsSettingsAgain() {
        final JsonObject made = ask("txt2img", request("prompt", "pale nuclei", "steps", 1, "seed", 9));
        final JsonObject told = ask("png-info", request("image", made.getAsJsonArray("images").get(0).getAsString()));
        assertTrue(told.get("info").getAsString().contains("Seed: 9"), told.toString());
        assertEquals("pale nuclei", told.getAsJsonObject("items").get("prompt").getAsString());
        assertTrue(HttpCall.get(server.url("/sdapi/v1/memory")).object().getAsJsonObject("ram").get("total").getAsLong() > 0);
    }
}
