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
package net.diffusionj.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.noise.TorchRandom;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** What is kept from one run to the next: equal to what is made anew, and not used where anything is different. */
class ReuseTest {

    @TempDir
    private Path temporary;

    private SessionCache sessions;

    @BeforeEach
    void open() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        sessions = new SessionCache(onnx, new ExecutionProviders(onnx));
    }

    @AfterEach
    void close() {
        sessions.close();
        assertEquals(0, sessions.size(), "sessions on lease after a run");
    }

    private static PipelineRequest request(final Path model, final String prompt, final long seed) {
        final ModelFolder folder = ModelFolder.open(model);
        return new PipelineRequest(prompt, "", 5, 3, seed, 2, 64, 48, Schedulers.create(SchedulerKind.EULER_ANCESTRAL, folder.schedulerConfig()), 1,
            Optional.empty(), Optional.empty());
    }

    private float[] run(final Path model, final Reuse reuse, final PipelineRequest request) {
        return run(model, reuse, request, tokenizer -> tokenizer);
    }

    private float[] run(final Path model, final Reuse reuse, final PipelineRequest request, final UnaryOperator<CompletableFuture<Tokenizer>> opening) {
        final ModelFolder folder = ModelFolder.open(model);
        final CancelToken cancel = new CancelToken();
        try (Tokenizer tokenizer = ClipTokenizer.open(folder.tokenizer(), folder.textLength(), Folders.HOME);
            LoadedModel loaded =
                OpenTestModels.open(folder, opening.apply(CompletableFuture.completedFuture(tokenizer)), sessions, false, reuse, cancel)) {
            return OpenTestModels.run(loaded, request).latents();
        }
    }

    private Path copyOfModel() throws IOException {
        return Models.copy("sd1", temporary.resolve("model"));
    }

    @Test
    void aRepeatedRunEqualsTheFirstAndOneThatKeepsNothing() {
        final Path model = Models.of("sd1");
        try (Reuse reuse = new Reuse(); Reuse nothing = new Reuse(0, Overlap.NONE)) {
            final float[] expected = run(model, nothing, request(model, "dense nuclei", 7));
            assertArrayEquals(expected, run(model, reuse, request(model, "dense nuclei", 7)));
            assertEquals(0, reuse.embeddingHits());
            assertArrayEquals(expected, run(model, reuse, request(model, "dense nuclei", 7)));
            assertEquals(2, reuse.embeddingHits(), "prompt and negative prompt");
            assertTrue(reuse.noise().hits() >= 2, "noise of both images");
            assertNotEquals(expected[0], run(model, reuse, request(model, "dense nuclei", 8))[0]);
        }
    }

    @Test
    void aRepeatedPromptNeedsNoTextEncoder() {
        final Path model = Models.of("sd1");
        try (Reuse reuse = new Reuse()) {
            final float[] expected = run(model, reuse, request(model, "dense nuclei", 7));
            sessions.closeIdle();
            assertEquals(0, sessions.size());
            assertArrayEquals(expected, run(model, reuse, request(model, "dense nuclei", 7)));
            assertEquals(2, sessions.size(), "UNet and VAE decoder alone");
            run(model, reuse, request(model, "other words", 7));
            assertEquals(3, sessions.size());
        }
    }

    @Test
    void aTextEncoderThatWasReplacedIsNotTakenForTheOldOne() throws IOException {
        final Path model = copyOfModel();
        final Path encoder = ModelFolder.open(model).textEncoder();
        try (Reuse reuse = new Reuse()) {
            run(model, reuse, request(model, "dense nuclei", 7));
            Files.setLastModifiedTime(encoder, FileTime.fromMillis(Files.getLastModifiedTime(encoder).toMillis() + 5000));
            run(model, reuse, request(model, "dense nuclei", 7));
            assertEquals(0, reuse.embeddingHits(), "an encoder with another time");
            Files.writeString(encoder.resolveSibling("weights.bin"), "more weights");
            run(model, reuse, request(model, "dense nuclei", 7));
            assertEquals(0, reuse.embeddingHits(), "an encoder with another file beside it");
            run(model, reuse, request(model, "dense nuclei", 7));
            assertEquals(2, reuse.embeddingHits());
        }
    }

    @Test
    void modelsDoNotShareEmbeddings() {
        try (Reuse reuse = new Reuse()) {
            run(Models.of("sd1"), reuse, request(Models.of("sd1"), "a", 1));
            run(Models.of("turbo"), reuse, request(Models.of("turbo"), "a", 1));
            assertEquals(0, reuse.embeddingHits());
        }
    }

    @Test
    void whatIsKeptStaysWithinItsBound() {
        final ByteBoundedCache<String, float[]> cache = new ByteBoundedCache<>(100, values -> 4L * values.length);
        cache.put("a", new float[10]);
        cache.put("b", new float[10]);
        assertTrue(cache.get("a").isPresent());
        cache.put("c", new float[10]);
        assertTrue(cache.get("b").isEmpty(), "the one that was not asked for longest goes");
        assertTrue(cache.get("a").isPresent() && cache.get("c").isPresent());
        cache.put("large", new float[26]);
        assertTrue(cache.get("large").isEmpty());
        cache.put("a", new float[15]);
        assertEquals(100, cache.bytes());
        cache.put("a", new float[26]);
        assertEquals(40, cache.bytes(), "a value that outgrew the bound is gone");
        cache.clear();
        assertEquals(0, cache.bytes());
        assertThrows(IllegalArgumentException.class, () -> new ByteBoundedCache<String, String>(-1, String::length));
    }

    @Test
    void noiseGoesOnAfterItAsWithoutTheCache() {
        final int size = 300;
        final TorchRandom expected = new TorchRandom(9);
        final float[] first = expected.normals(size);
        final float[] second = expected.normals(size);
        final float[] steps = expected.normals(size);
        try (Reuse reuse = new Reuse(0, Overlap.NONE)) {
            for (int round = 0; round < 3; round++) {
                final ImageNoise noise = new ImageNoise(9, size, reuse);
                final float[] drawn = noise.next();
                assertArrayEquals(first, drawn);
                drawn[0] = Float.NaN;
                assertArrayEquals(second, noise.next());
                assertArrayEquals(steps, noise.steps().normals(size));
            }
            assertEquals(4, reuse.noise().hits());
            assertArrayEquals(new TorchRandom(9).normals(size), new ImageNoise(9, size, reuse).steps().normals(size), "nothing drawn before the steps");
        }
    }

    @Test
    void plansAreMadeOnce() {
        final PipelineRequest one = request(Models.of("sd1"), "a", 1);
        final PipelineRequest same = request(Models.of("sd1"), "b", 2);
        try (Reuse reuse = new Reuse(0, Overlap.NONE)) {
            assertSame(reuse.plan(one, false, false), reuse.plan(same, false, false));
            assertEquals(one.scheduler().schedule(3).trainTimestep(1), reuse.plan(one, false, false).plan().trainTimestep(1));
            assertNotEquals(reuse.plan(one, false, false), reuse.plan(one, true, false));
        }
    }

    @Test
    void aPartThatDoesNotOpenFailsTheRunAndLeavesNothingOnLease() throws IOException {
        final Path model = copyOfModel();
        final PipelineRequest request = request(model, "a", 1);
        for (final String part : new String[] {"unet", "vae_decoder", "text_encoder"}) {
            final Path file = model.resolve(part).resolve("model.onnx");
            final byte[] whole = Files.readAllBytes(file);
            try (Reuse reuse = new Reuse()) {
                final RuntimeException failure = assertThrows(net.diffusionj.DiffusionJException.class, () -> run(model, reuse, request, tokenizer -> {
                    damage(file);
                    return tokenizer;
                }));
                assertTrue(failure.getMessage().contains(part), failure.getMessage());
            }
            sessions.closeIdle();
            assertEquals(0, sessions.size(), part);
            Files.write(file, whole);
        }
        try (Reuse reuse = new Reuse()) {
            assertTrue(run(model, reuse, request).length > 0);
        }
    }

    private static void damage(final Path file) {
        try {
            Files.writeString(file, "not a model");
        }
        catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void cancelEndsTheWaitForAPart() {
        final Path model = Models.of("sd1");
        final ModelFolder folder = ModelFolder.open(model);
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<Tokenizer> never = new CompletableFuture<>();
        try (Reuse reuse = new Reuse();
            LoadedModel loaded = OpenTestModels.open(folder, never, sessions, false, reuse, cancel)) {
            reuse.background().begin(() -> {
                cancel.cancel();
                return true;
            });
            assertThrows(java.util.concurrent.CancellationException.class,
                () -> OpenTestModels.run(loaded, request(model, "a", 1)));
        }
    }
}
