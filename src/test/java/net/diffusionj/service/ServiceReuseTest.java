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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.diffusionj.pipeline.PipelineBranch;
import net.imglib2.img.Img;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.Overlap;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** What runs leave for one another, seen from the service: never another result, nothing left behind when a run ends early. */
@Timeout(120)
class ServiceReuseTest {

    @TempDir
    private Path temporary;

    private Reuse reuse;
    private DiffusionEngine engine;

    @BeforeEach
    void open() {
        reuse = new Reuse();
        engine = new DiffusionEngine(Folders.HOME, reuse);
    }

    @AfterEach
    void close() {
        engine.close();
        assertEquals(0, engine.openSessions());
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().startsWith("DiffusionJ loader")), "threads left");
    }

    private static DiffusionRequest.Builder request(final Path model) {
        return DiffusionRequest.prompt("dense nuclei").model(model.toString()).steps(4).seed(5);
    }

    private float[] latents(final DiffusionRequest request) {
        return engine.generate(request, DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow().values();
    }

    private Path copy(final String name) throws IOException {
        return Models.copy(name, temporary.resolve("model"));
    }

    @Test
    void overlapChangesNothingButTheTime() {
        final float[] expected = latents(request(Models.of("sd1")).build());
        try (DiffusionEngine plain = new DiffusionEngine(Folders.HOME, new Reuse(0, Overlap.NONE))) {
            assertArrayEquals(expected, plain.generate(request(Models.of("sd1")).build(), DiffusionListener.NONE, new CancelToken()).result().latents()
                .orElseThrow().values());
        }
        assertArrayEquals(expected, latents(request(Models.of("sd1")).build()));
        assertTrue(reuse.embeddingHits() > 0);
        engine.releaseMemory();
        assertEquals(0, reuse.bytes());
        assertArrayEquals(expected, latents(request(Models.of("sd1")).build()));
    }

    @Test
    void aModelThatWasReplacedWhileOpenIsSeen() throws IOException {
        final Path model = copy("sd1");
        final float[] before = latents(request(model).build());
        Models.copy("turbo", model);
        final float[] after = latents(request(model).size(64, 64).guidance(2).scheduler("euler").build());
        assertArrayEquals(latents(request(Models.of("turbo")).size(64, 64).guidance(2).scheduler("euler").build()), after);
        Models.copy("sd1", model);
        assertArrayEquals(before, latents(request(model).build()));
    }

    @Test
    void imagesComeOneByOneAndAreThoseOfTheResult() {
        final List<Img<?>> images = new ArrayList<>();
        final DiffusionResult result = engine.generate(request(Models.of("sd1")).batch(3).build(), new DiffusionListener() {
            @Override
            public boolean wantsImages() {
                return true;
            }

            @Override
            public void image(final int index, final Img<?> image) {
                assertEquals(images.size(), index);
                images.add(image);
            }
        }, new CancelToken()).result();
        assertEquals(3, images.size());
        final byte[] all = ResultBytes.of(result.image());
        for (int i = 0; i < 3; i++) {
            final byte[] one = ResultBytes.of(images.get(i));
            assertArrayEquals(Arrays.copyOfRange(all, i * one.length, (i + 1) * one.length), one);
        }
    }

    @Test
    void branchesAreCancelledTogetherAtAnyStage() {
        final BranchRequest branches = new BranchRequest(request(Models.of("sd1")).build(), 2,
            List.of(PipelineBranch.UNCHANGED, PipelineBranch.UNCHANGED.withGuidance(2)));
        for (final Stage stage : List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.DENOISING, Stage.DECODING)) {
            final CancelToken cancel = new CancelToken();
            final List<DiffusionOutcome> outcomes = engine.branch(branches, new DiffusionListener() {
                @Override
                public void stage(final Stage now) {
                    if (now == stage) cancel.cancel();
                }
            }, cancel);
            assertEquals(2, outcomes.size());
            assertTrue(outcomes.stream().allMatch(DiffusionOutcome::isCancelled), stage::text);
            engine.releaseMemory();
        }
        final List<DiffusionOutcome> whole = engine.branch(branches, DiffusionListener.NONE, new CancelToken());
        assertArrayEquals(latents(branches.base()), whole.get(0).result().latents().orElseThrow().values());
        assertFalse(Arrays.equals(latents(branches.base()), whole.get(1).result().latents().orElseThrow().values()));
    }

    @Test
    void aListenerThatFailsLeavesNothingBehind() {
        for (final Stage stage : List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.DENOISING, Stage.DECODING)) {
            assertThrows(DiffusionJException.class, () -> engine.generate(request(Models.of("sd1")).build(), new DiffusionListener() {
                @Override
                public void stage(final Stage now) {
                    if (now == stage) throw new DiffusionJException("the listener failed");
                }
            }, new CancelToken()));
        }
        assertTrue(latents(request(Models.of("sd1")).build()).length > 0);
    }

    @Test
    void closingWhilePartsAreOpeningWaitsForThem() {
        final CancelToken cancel = new CancelToken();
        final DiffusionOutcome outcome = engine.generate(request(Models.of("sd2-v")).build(), new DiffusionListener() {
            @Override
            public void stage(final Stage now) {
                if (now == Stage.ENCODING_PROMPT) cancel.cancel();
            }
        }, cancel);
        assertTrue(outcome.isCancelled());
        engine.close();
        assertEquals(0, engine.openSessions());
    }

    @Test
    void branchRequestsAreJudgedEarly() {
        final DiffusionRequest base = request(Models.of("sd1")).build();
        assertThrows(InvalidInputException.class, () -> new BranchRequest(base, -1, List.of(PipelineBranch.UNCHANGED)));
        assertThrows(InvalidInputException.class, () -> new BranchRequest(base, 1, List.of()));
        assertThrows(InvalidInputException.class, () -> PipelineBranch.UNCHANGED.withGuidance(-1));
        final BranchRequest tooMany = new BranchRequest(base, 99, List.of(PipelineBranch.UNCHANGED));
        assertThrows(InvalidInputException.class, () -> engine.branch(tooMany, DiffusionListener.NONE, new CancelToken()));
    }

    /** Pixels of an 8-bit image in the order of its axes. */
    private static final class ResultBytes {
        static byte[] of(final Img<?> image) {
            final byte[] bytes = new byte[Math.toIntExact(image.size())];
            int i = 0;
            for (final Object value : net.imglib2.view.Views.flatIterable(image)) {
                bytes[i++] = (byte) ((net.imglib2.type.numeric.integer.UnsignedByteType) value).get();
            }
            return bytes;
        }
    }
}
