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
package net.diffusionj.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.LinkedModel;
import net.diffusionj.testing.Models;

/** The steps with guidance, which a model can choose, are part of what a manifest records and a replay repeats. */
class AugmentGuidanceTest {

    @TempDir
    private Path folder;

    /** Draws with an engine, and keeps what it was asked for. */
    private record Watched(Drawer drawer, List<DiffusionRequest> asked) implements Drawer {

        @Override
        public DiffusionOutcome draw(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
            asked.add(request);
            return drawer.draw(request, listener, cancel);
        }

        @Override
        public ModelDefaults defaults(final String model) {
            return drawer.defaults(model);
        }

        @Override
        public String modelHash(final String model) {
            return drawer.modelHash(model);
        }

        @Override
        public int threads() {
            return drawer.threads();
        }
    }

    private AugmentRequest request() throws IOException {
        final Path model =
            LinkedModel.make(folder.resolve("model"), Models.of("sd1"), Files.readString(Models.of("sd1").resolve("scheduler/scheduler_config.json")));
        Files.writeString(model.resolve("diffusionj.json"), "{\"guidanceFrom\": 0.25, \"guidanceTo\": 0.5}");
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a");
        final DrawChoices usual = AugmentFixture.draw(Mode.VARY, "1");
        final DrawChoices draw = new DrawChoices(usual.mode(), usual.prompts(), usual.negative(), usual.strength(), usual.guidance(), usual.steps(),
            usual.scheduler(), usual.scale(), model.toString(), usual.provider(), usual.seed());
        return AugmentFixture.request(folder, new Amount.Variants(2), draw, TransformChoices.parse("flip"));
    }

    @Test
    void theManifestRecordsTheStepsWithGuidanceAndAReplayAsksForThem() throws IOException {
        final AugmentRequest request = request();
        try (DiffusionEngine diffusion = new DiffusionEngine(Folders.HOME)) {
            final Watched watched = new Watched(Drawer.of(diffusion), new ArrayList<>());
            final AugmentEngine engine = new AugmentEngine(watched, AugmentFixture.NOISE_ONLY);
            engine.run(request, AugmentListener.NONE, new CancelToken());
            final List<ManifestRow> rows = Manifest.read(request.output());
            assertEquals(List.of(new GuidanceInterval(0.25, 0.5)), rows.stream().map(row -> row.draw().guided()).distinct().toList());
            final String csv = Files.readString(request.output().resolve(Manifest.CSV));
            assertTrue(csv.contains(",guidance,guidance_from,guidance_to,steps,") && csv.contains(",0.25,0.5,4,"), csv);
            final String info = ImageFiles.read(request.output().resolve("a_001.tif")).metadata().settings().toString();
            assertTrue(info.contains("guidance-from=0.25, guidance-to=0.5"), info);
            watched.asked().clear();
            engine.replay(new ReplayRequest(request.output(), folder.resolve("again"), ""), AugmentListener.NONE, new CancelToken());
            assertFalse(watched.asked().isEmpty());
            for (final DiffusionRequest asked : watched.asked()) {
                assertEquals(List.of(OptionalDouble.of(0.25), OptionalDouble.of(0.5)), List.of(asked.guidanceFrom(), asked.guidanceTo()));
            }
            assertEquals(rows.stream().map(ManifestRow::outputSha256).toList(),
                Manifest.read(folder.resolve("again")).stream().map(ManifestRow::outputSha256).toList());
            final String message = assertThrows(InvalidInputException.class,
                () -> Manifest.parse(request.output().resolve(Manifest.CSV), csv.replace(",0.25,0.5,4,", ",0.75,0.5,4,"))).getMessage();
            assertTrue(message.contains("Row 1 of the manifest") && message.contains("not 0.75 and 0.5"), message);
        }
    }
}
