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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.testing.Models;

/** Settings that send one part of a model somewhere else than the rest, to a provider that this system lacks: what goes to it fails, and nothing else does. */
@Timeout(120)
class PartProviderTest {

    private static final Path MODEL = Models.of("sd1");
    /** CoreML is on no system but macOS, and CUDA on all but macOS. */
    private static final String LACKING = System.getProperty("os.name").startsWith("Mac") ? "cuda" : "coreml";

    @TempDir
    private Path home;

    private SettingsFile settings;
    private DiffusionEngine engine;

    @BeforeEach
    void open() {
        settings = new SettingsFile(home);
        engine = new DiffusionEngine(home);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private float[] latents(final String provider) {
        final DiffusionRequest request = DiffusionRequest.prompt("dense nuclei").model(MODEL.toString()).steps(2).seed(5).provider(provider).build();
        return engine.generate(request, DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow().values();
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider.text", "provider.unet", "provider.vae"})
    void onePartAloneGoesWhereItIsSentTo(final String part) {
        settings.set(part, LACKING);
        final String trouble = assertThrows(InvalidInputException.class, () -> latents("auto")).getMessage();
        assertTrue(trouble.toLowerCase(Locale.ROOT).contains(LACKING), trouble);
        // A request that names a provider means every part.
        final float[] onCpu = latents("cpu");
        settings.reset(part);
        assertArrayEquals(onCpu, latents("auto"));
    }

    @Test
    void partsWithAChoiceOfTheirOwnLeaveTheRestToTheGeneralOne() {
        final float[] expected = latents("cpu");
        settings.set("provider", LACKING);
        assertThrows(InvalidInputException.class, () -> latents("auto"));
        for (final String part : new String[] {"provider.text", "provider.unet"}) settings.set(part, "cpu");
        assertThrows(InvalidInputException.class, () -> latents("auto"), "the VAE still goes where nothing can");
        settings.set("provider.vae", "cpu");
        assertArrayEquals(expected, latents("auto"));
        assertEquals(SettingsFile.Origin.FILE,
            settings.entries().stream().filter(entry -> entry.key().name().equals("provider.vae")).findFirst().orElseThrow().origin());
    }
}
