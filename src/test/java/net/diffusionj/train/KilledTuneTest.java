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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.Sha256;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.ChildJvm;

/** A real process that tunes is killed as {@code kill -9} does; what is left goes on and ends as if nothing had been. */
@Timeout(180)
class KilledTuneTest {

    private static final int STEPS = 14;

    @TempDir
    Path folder;

    /** The child: tunes, saves after every step, and says which step it has made. */
    public static final class Child {

        private Child() {}

        /** @param args folder of the model, folder of the images, after which step no file can grow any more as on a full disk (0: never) */
        public static void main(final String[] args) {
            final long fullAfter = Long.parseLong(args[2]);
            try (DiffusionEngine diffusion = new DiffusionEngine(TuneFixture.HOME)) {
                new TuneEngine(diffusion, TuneFixture.HOME).tune(request(Path.of(args[0]), Path.of(args[1]), "killed", false), new TuneListener() {
                    @Override
                    public void progress(final TuneProgress progress) {
                        if (progress.loss().isEmpty()) return;
                        System.out.println("step " + progress.step());
                        if (progress.step() == fullAfter) fill();
                    }
                }, new CancelToken());
            }
            catch (final InvalidInputException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        private static void fill() {
            final String self = Long.toString(ProcessHandle.current().pid());
            try {
                if (new ProcessBuilder("prlimit", "--pid", self, "--fsize=50000").start().waitFor() != 0) throw new IOException("prlimit failed");
            }
            catch (final IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static TuneRequest request(final Path model, final Path images, final String name, final boolean resume) {
        final TuneRequest all = TuneFixture.request(model, images, name, STEPS);
        final TuneOptions options = all.options();
        return new TuneRequest(all.images(), all.caption(), name, all.budget(), new TuneOptions(options.model(), options.provider(), options.seed(),
            options.licence(), options.rate(), options.batch(), options.rehearsal(), options.crops(), options.validateEvery(), 0), resume);
    }

    @Test
    void aKilledTuningGoesOnFromItsLastSavedStep() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = TuneFixture.images(folder, 4);
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m", "-XX:TieredStopAtLevel=1"), model.toString(), images.toString(), "0")) {
            assertTrue(child.waitForLine("step 7"));
            assertAnotherIsRefused(model, images);
        }
        assertTrue(Files.exists(TuneFixture.HOME.resolve("tuning").resolve("killed").resolve("state.bin")));
        assertGoesOn(model, images, 6);
    }

    private static void assertAnotherIsRefused(final Path model, final Path images) throws IOException {
        try (DiffusionEngine diffusion = new DiffusionEngine(TuneFixture.HOME)) {
            final TuneEngine tune = new TuneEngine(diffusion, TuneFixture.HOME);
            final TuneRequest second = request(model, images, "second", false);
            final String why = assertThrows(InvalidInputException.class, () -> tune.tune(second, TuneListener.NONE, new CancelToken())).getMessage();
            assertTrue(why.startsWith("Another tuning is running"), why);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onAFullDiskItSaysSoAndGoesOnLater() throws IOException {
        final Path model = TuneFixture.model(folder);
        final Path images = TuneFixture.images(folder, 4);
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m", "-XX:TieredStopAtLevel=1"), model.toString(), images.toString(), "6")) {
            assertTrue(child.waitForLine("refused: The output "), "it says what could not be written");
        }
        assertGoesOn(model, images, 6);
    }

    private static void assertGoesOn(final Path model, final Path images, final long fromStep) throws IOException {
        try (DiffusionEngine diffusion = new DiffusionEngine(TuneFixture.HOME)) {
            final TuneEngine tune = new TuneEngine(diffusion, TuneFixture.HOME);
            final long[] first = {0};
            final TuneOutcome rest = tune.tune(request(model, images, "killed", true), new TuneListener() {
                @Override
                public void progress(final TuneProgress progress) {
                    if (first[0] == 0 && progress.loss().isPresent()) first[0] = progress.step();
                }
            }, new CancelToken());
            assertTrue(first[0] >= fromStep, "it went on from step " + first[0]);
            final TuneOutcome whole = tune.tune(request(model, images, "whole", false), TuneListener.NONE, new CancelToken());
            assertEquals(unet(whole), unet(rest));
        }
    }

    private static String unet(final TuneOutcome outcome) throws IOException {
        return Sha256.of(outcome.model().orElseThrow().resolve("unet").resolve("model.onnx"));
    }
}
