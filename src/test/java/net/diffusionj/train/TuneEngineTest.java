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
package net.diffusionj.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.FileTree;
import net.diffusionj.home.Sha256;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.testing.TrainableModel;
import net.diffusionj.train.material.ImageSet;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** Real tunings of a tiny model: what comes out, that it goes on after a stop, and what is refused. */
@Timeout(180)
class TuneEngineTest {

    private static final int MANY = 5000;

    private static DiffusionEngine diffusion;
    private static TuneEngine tune;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        diffusion = new DiffusionEngine(TuneFixture.HOME);
        tune = new TuneEngine(diffusion, TuneFixture.HOME);
    }

    @AfterAll
    static void close() {
        diffusion.close();
    }

    private static TuneOutcome run(final TuneRequest request) {
        return tune.tune(request, TuneListener.NONE, new CancelToken());
    }

    /** Stops by itself after a number of steps. */
    private static TuneOutcome cancelledAfter(final TuneRequest request, final long steps) {
        final CancelToken cancel = new CancelToken();
        return tune.tune(request, new TuneListener() {
            @Override
            public void progress(final TuneProgress progress) {
                if (progress.step() == steps && progress.loss().isPresent()) cancel.cancel();
            }
        }, cancel);
    }

    private static float[] drawn(final String model) {
        final DiffusionResult result = diffusion.generate(DiffusionRequest.prompt("two nuclei").model(model).steps(3).seed(1).build(), DiffusionListener.NONE,
            new CancelToken()).result();
        return result.latents().orElseThrow().values();
    }

    private static String unet(final TuneOutcome outcome) throws IOException {
        return Sha256.of(outcome.model().orElseThrow().resolve("unet").resolve("model.onnx"));
    }

    @Test
    void aTunedModelIsInstalledAndDraws() throws IOException {
        final Path model = TuneFixture.model(folder);
        final String before = diffusion.modelHash(model.toString());
        final TuneOutcome outcome = run(TuneFixture.request(model, TuneFixture.images(folder, 7), "my cells", 20));
        assertTrue(outcome.best() < outcome.before(), outcome.toString());
        assertEquals(Optional.of(TuneFixture.HOME.resolve("models").resolve("my cells")), outcome.model());
        assertTrue(diffusion.installedModels().names().contains("my cells"));
        assertFalse(Arrays.equals(drawn(model.toString()), drawn("my cells")), "it draws otherwise");
        assertEquals(before, diffusion.modelHash(model.toString()), "the original is untouched");
        final JsonObject card = JsonParser.parseString(Files.readString(outcome.model().get().resolve("tuning.json"))).getAsJsonObject();
        assertEquals("two nuclei", card.get("caption").getAsString());
        assertEquals("CC0", card.get("licence").getAsString());
        assertEquals(7, card.getAsJsonArray("sources").size());
        assertTrue(card.get("exact").getAsBoolean());
        assertEquals(5, card.getAsJsonArray("losses").size());
        assertFalse(Files.exists(TuneFixture.HOME.resolve("tuning").resolve("my cells")), "nothing is left behind");
        diffusion.installedModels().remove("my cells");
        assertFalse(diffusion.installedModels().names().contains("my cells"));
    }

    @Test
    void aTuningThatGoesOnEndsAsOneThatWasLetBe() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = TuneFixture.images(folder, 4);
        final TuneOutcome whole = run(TuneFixture.request(model, images, "whole", 12));
        final TuneRequest stopped = TuneFixture.request(model, images, "stopped", 12);
        final TuneOutcome half = cancelledAfter(stopped, 7);
        assertTrue(half.cancelled());
        assertEquals(7, half.steps());
        // Neither the images nor the model is needed any more.
        FileTree.delete(images);
        FileTree.delete(model);
        final TuneOutcome rest = run(TuneFixture.resumed(stopped, 12));
        assertFalse(rest.cancelled());
        assertEquals(unet(whole), unet(rest));
        assertEquals(whole.best(), rest.best());
    }

    @Test
    void aModelThatIsGoneInTheMiddleIsMissedByNobody() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path base = TrainableModel.copy(Files.createDirectories(diffusion.installedModels().folder().resolve("base")));
        final TuneRequest whole = TuneFixture.request(model, TuneFixture.images(folder, 4), "whole", 10);
        final TuneRequest gone = TuneFixture.request(base, folder.resolve("images"), "gone", 10);
        final List<String> warnings = new ArrayList<>();
        final TuneOutcome outcome = tune.tune(gone, new TuneListener() {
            @Override
            public void progress(final TuneProgress progress) {
                if (progress.step() != 3 || progress.loss().isEmpty()) return;
                FileTree.deleteIfPossible(base);
                FileTree.deleteIfPossible(folder.resolve("images"));
            }

            @Override
            public void warning(final String message) {
                warnings.add(message);
            }
        }, new CancelToken());
        assertFalse(Files.exists(base));
        assertEquals(List.of(), warnings);
        TuneFixture.images(folder, 4);
        assertEquals(unet(run(whole)), unet(outcome));
        for (final float value : drawn("gone")) assertTrue(Float.isFinite(value));
    }

    @Test
    void ofFiveThousandImagesNoMoreAreReadThanAreLearnedFrom() throws IOException {
        final Path model = TuneFixture.model(folder);
        final byte[][] few = new byte[3][];
        for (int i = 0; i < few.length; i++) {
            final Path one = folder.resolve(i + ".png");
            ImageFiles.write(one, TuneFixture.image(40, 40, i), ImageMetadata.NONE);
            few[i] = Files.readAllBytes(one);
        }
        final Path images = Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < MANY; i++) Files.write(images.resolve("image" + i + ".png"), few[i % few.length]);
        final List<String> warnings = new ArrayList<>();
        final TuneOutcome outcome = tune.tune(TuneFixture.request(model, images, "many", 5), new TuneListener() {
            @Override
            public void warning(final String message) {
                warnings.add(message);
            }
        }, new CancelToken());
        assertTrue(warnings.stream().anyMatch(text -> text.startsWith("12 of the " + MANY + " images were drawn at random for training")), warnings.toString());
        final JsonObject card = JsonParser.parseString(Files.readString(outcome.model().orElseThrow().resolve("tuning.json"))).getAsJsonObject();
        assertTrue(card.getAsJsonArray("sources").size() <= 12 + 16, card.getAsJsonArray("sources").toString());
    }

    @Test
    void cancellingKeepsTheBestSoFar() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneOutcome outcome = cancelledAfter(TuneFixture.request(model, TuneFixture.images(folder, 4), "early", 100), 17);
        assertTrue(outcome.cancelled());
        assertTrue(outcome.bestStep() > 0 && outcome.bestStep() <= 15, outcome.toString());
        assertTrue(Files.exists(outcome.model().orElseThrow().resolve("unet").resolve("model.onnx")));
    }

    @Test
    void oneImageIsDividedAndASmallOneIsMirrored() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path image = folder.resolve("one.tif");
        ImageFiles.write(image, TuneFixture.image(60, 50, 1), ImageMetadata.NONE);
        final TuneOutcome outcome = run(TuneFixture.request(model, image, "one", 10));
        final JsonObject card = JsonParser.parseString(Files.readString(outcome.model().orElseThrow().resolve("tuning.json"))).getAsJsonObject();
        assertEquals("both", card.getAsJsonArray("sources").get(0).getAsJsonObject().get("side").getAsString());
    }

    @Test
    void anInfiniteLossStopsAndKeepsTheLastGoodWeights() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneRequest request = TuneFixture.request(model, TuneFixture.images(folder, 4), "wild", 60);
        cancelledAfter(request, 12);
        diffusion.installedModels().remove("wild");
        // One of the twelve crops becomes infinite: sooner or later a batch has it.
        final Path file = TuneFixture.HOME.resolve("tuning").resolve("wild").resolve("material.bin");
        final ArrayFile material = ArrayFile.read(file);
        material.arrays().get("training mean 5")[7] = Float.POSITIVE_INFINITY;
        material.write(file);
        final TuneOutcome outcome = run(TuneFixture.resumed(request, 60));
        assertTrue(outcome.stopped().orElseThrow().contains("lower learning rate"), outcome.toString());
        assertTrue(outcome.steps() >= 12 && outcome.steps() < 60 && outcome.bestStep() > 0, outcome.toString());
        for (final float value : drawn("wild")) assertTrue(Float.isFinite(value));
    }

    @Test
    void imagesThatCannotBeUsedAreNamedAndPassedOver() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = TuneFixture.images(folder, 6);
        for (int i = 0; i < 3; i++) ImageFiles.write(images.resolve("flat" + i + ".tif"), ArrayImgs.unsignedBytes(80, 80), ImageMetadata.NONE);
        Files.writeString(images.resolve("text.png"), "no image");
        final List<String> warnings = new ArrayList<>();
        tune.tune(TuneFixture.request(model, images, "some", 5), new TuneListener() {
            @Override
            public void warning(final String message) {
                warnings.add(message);
            }
        }, new CancelToken());
        assertEquals(4, warnings.stream().filter(text -> text.contains("is left out")).count(), warnings.toString());
        assertTrue(warnings.stream().anyMatch(text -> text.startsWith("flat0.tif is left out. All its pixels are alike")), warnings.toString());
    }

    @Test
    void whatCannotBeDoneIsSaidBeforeAnythingIsWritten() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = TuneFixture.images(folder, 3);
        assertRefused("The caption is empty", () -> new TuneRequest(ImageSet.of(images), " ", "a", Budget.DEFAULT, TuneOptions.DEFAULTS, false));
        assertRefused("The model has no name", () -> new TuneRequest(ImageSet.of(images), "a", "", Budget.DEFAULT, TuneOptions.DEFAULTS, false));
        assertRefused("Steps must be", () -> Budget.steps(0));
        assertRefused("cannot be the name of a model", () -> run(TuneFixture.request(model, images, "../out", 5)));
        assertRefused("There is no image", () -> run(TuneFixture.request(model, Files.createDirectories(folder.resolve("empty")), "a", 5)));
        assertRefused("no unfinished tuning", () -> run(TuneFixture.resumed(TuneFixture.request(model, images, "a", 5), 5)));
        Files.delete(model.resolve("unet").resolve("training.onnx"));
        assertRefused("has no training step", () -> run(TuneFixture.request(model, images, "a", 5)));
        assertFalse(Files.exists(TuneFixture.HOME.resolve("tuning").resolve("a")));
        Files.createDirectories(TuneFixture.HOME.resolve("models").resolve("taken"));
        assertRefused("There is a model taken already", () -> run(TuneFixture.request(model, images, "taken", 5)));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void assertRefused(final String why, final Work work) {
        assertTrue(assertThrows(InvalidInputException.class, work::run).getMessage().contains(why), why);
    }

    @Test
    void allConstantImagesAreRefused() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = Files.createDirectories(folder.resolve("flat"));
        for (int i = 0; i < 3; i++) ImageFiles.write(images.resolve(i + ".tif"), ArrayImgs.unsignedBytes(80, 80), ImageMetadata.NONE);
        assertRefused("All its pixels are alike", () -> run(TuneFixture.request(model, images, "flat", 5)));
        assertFalse(Files.exists(TuneFixture.HOME.resolve("tuning").resolve("flat")));
    }

    @Test
    void picturesAreDrawnWheneverTheStateIsSaved() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneRequest all = TuneFixture.request(model, TuneFixture.images(folder, 3), "seen", 3);
        final TuneOptions options = all.options();
        final TuneRequest often = new TuneRequest(all.images(), all.caption(), all.name(), all.budget(), new TuneOptions(options.model(), options.provider(),
            options.seed(), options.licence(), options.rate(), options.batch(), options.rehearsal(), options.crops(), options.validateEvery(), 0), false);
        final List<String> seen = new ArrayList<>();
        tune.tune(often, new TuneListener() {
            @Override
            public boolean wantsPictures() {
                return true;
            }

            @Override
            public void pictures(final String name, final long step, final Img<UnsignedByteType> pictures) {
                seen.add(name + " " + step + " " + pictures.dimension(0) + "x" + pictures.dimension(1));
            }
        }, new CancelToken());
        assertEquals(List.of("seen 1 140x72", "seen 2 140x72", "seen 3 140x72"), seen);
    }

    @Test
    void twoTuningsAtOnceAreRefused() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneRequest request = TuneFixture.request(model, TuneFixture.images(folder, 3), "first", 3);
        final List<String> refused = new ArrayList<>();
        tune.tune(request, new TuneListener() {
            @Override
            public void progress(final TuneProgress progress) {
                if (progress.step() == 1 && refused.isEmpty()) {
                    refused.add(
                        assertThrows(InvalidInputException.class, () -> run(TuneFixture.request(model, folder.resolve("images"), "second", 3))).getMessage());
                }
            }
        }, new CancelToken());
        assertTrue(refused.get(0).startsWith("Another tuning is running"), refused.toString());
    }

    @Test
    void aModelThatIsWorkedWithStays() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneRequest request = TuneFixture.request(model, TuneFixture.images(folder, 4), "busy", 100);
        assertTrue(cancelledAfter(request, 17).model().isPresent());
        diffusion.withModel("busy", "cpu", new CancelToken(), (opened, sessions) -> {
            // This program knows by itself; another one knows by the lock.
            try (DiffusionEngine other = new DiffusionEngine(TuneFixture.HOME)) {
                assertRefused("is in use", () -> new TuneEngine(other, TuneFixture.HOME).remove("busy"));
            }
            return null;
        });
        assertTrue(Files.exists(TuneFixture.HOME.resolve("tuning").resolve("busy").resolve("state.bin")), "nor was its unfinished tuning removed");
        assertEquals("Removed the model busy and its unfinished tuning.", tune.remove("busy"));
    }

    @Test
    void damagedStateIsRefusedAndOtherSettingsToo() throws IOException {
        final Path model = TuneFixture.model(folder);
        final TuneRequest request = TuneFixture.request(model, TuneFixture.images(folder, 3), "kept", 20);
        assertTrue(cancelledAfter(request, 3).model().isEmpty(), "nothing was better than none yet");
        assertRefused("was begun and not finished", () -> run(TuneFixture.request(model, folder.resolve("images"), "kept", 20)));
        final TuneRequest other = new TuneRequest(request.images(), "other words", request.name(), request.budget(), request.options(), true);
        assertRefused("with other settings", () -> run(other));
        final Path state = TuneFixture.HOME.resolve("tuning").resolve("kept").resolve("state.bin");
        final byte[] bytes = Files.readAllBytes(state);
        bytes[bytes.length / 2] ^= 1;
        Files.write(state, bytes);
        assertRefused("not as it was written", () -> run(TuneFixture.resumed(request, 20)));
        assertTrue(RunFolder.remove(TuneFixture.HOME, "kept", () -> {}));
        assertFalse(RunFolder.remove(TuneFixture.HOME, "kept", () -> {}));
    }

    @Test
    void arraysComeBackAsTheyWere() {
        final float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) values[i] = i * 0.1f;
        final Path file = folder.resolve("arrays.bin");
        final JsonObject notes = new JsonObject();
        notes.addProperty("a", "ä");
        new ArrayFile(notes, Map.of("x", values)).write(file);
        final ArrayFile read = ArrayFile.read(file);
        assertEquals(notes, read.notes());
        assertArrayEquals(values, read.arrays().get("x"));
    }
}
