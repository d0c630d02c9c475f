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
package net.diffusionj.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.io.Npy;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.LinkedModel;
import net.diffusionj.testing.Models;

/** Models whose parts are links to folders, run as the command line runs them. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LinkedModelsTest {

    @TempDir
    private Path home;

    private DiffusionEngine engine;

    @BeforeEach
    void open() throws IOException {
        // Natives are unpacked once for all tests.
        if (Files.isDirectory(Folders.HOME.resolve("native"))) LinkedModel.link(home.resolve("native"), Folders.HOME.resolve("native"));
        engine = new DiffusionEngine(home);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Path model(final String name) {
        return Models.of(name);
    }

    private static String schedulerOf(final String name) throws IOException {
        return Files.readString(model(name).resolve("scheduler/scheduler_config.json"), StandardCharsets.UTF_8);
    }

    private static DiffusionRequest.Builder request(final Path model) {
        return DiffusionRequest.prompt("sparse bright nuclei on a dark background").model(model.toString()).steps(2).guidance(3).seed(7);
    }

    private float[] latents(final DiffusionRequest.Builder request) {
        return run(request).latents().orElseThrow().values();
    }

    private DiffusionResult run(final DiffusionRequest.Builder request) {
        return engine.generate(request.build(), DiffusionListener.NONE, new CancelToken()).result();
    }

    @Test
    void embeddingsOfOneAreNotTakenForThoseOfAnother() throws IOException {
        for (final String name : List.of("sd1", "lcm", "sd2-v")) {
            final Path linked = LinkedModel.make(home.resolve(name), model(name), schedulerOf(name));
            assertArrayEquals(latents(request(model(name)).size(32, 32)), latents(request(linked).size(32, 32)), name);
        }
    }

    @Test
    void aChangeBehindALinkIsNoKnownResult() throws IOException {
        final Path linked = LinkedModel.make(home.resolve("sd1"), model("sd1"), schedulerOf("sd1"));
        Files.move(linked.resolve("scheduler"), home.resolve("shared"));
        LinkedModel.link(linked.resolve("scheduler"), home.resolve("shared"));
        final DiffusionRequest.Builder cached = request(linked).size(32, 32).useResultCache(true);
        run(cached);
        assertEquals(ResultCache.HIT, run(cached).settings().get("cache"));
        Files.writeString(linked.resolve("scheduler/scheduler_config.json"), schedulerOf("sd1").replace("0.012", "0.02"));
        assertTrue(!ResultCache.HIT.equals(run(cached).settings().get("cache")));
    }

    /** The recorded case of the same name: 7 by 5 latents, which the UNet cannot halve without rest. */
    @Test
    void everyMultipleOfTheVaesFactorIsTaken() throws IOException {
        final Path linked = LinkedModel.make(home.resolve("sd1"), model("sd1"), schedulerOf("sd1"));
        final float[] expected = Npy.read(Folders.RESOURCES.resolve("pipeline/arrays/sd1-odd-latents-final.npy")).floats();
        assertArrayEquals(expected, latents(request(linked).size(56, 40).steps(5).scheduler("euler")), largest(expected) * 1e-3f);
    }

    private static float largest(final float[] values) {
        float largest = 0;
        for (final float value : values) largest = Math.max(largest, Math.abs(value));
        return largest;
    }
}
