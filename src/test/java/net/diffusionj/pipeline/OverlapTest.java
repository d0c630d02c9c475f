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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Decoding one image while the next is denoised: the same images, in the same order, on the same thread, and nothing left when it ends early. */
class OverlapTest {

    private static final Path MODEL = Models.of("sd1");
    private static final int STEPS = 4;
    private static final int SHARED = 1;
    private static final List<PipelineBranch> BRANCHES = List.of(PipelineBranch.UNCHANGED, guidance(2), guidance(9));

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

    private static PipelineBranch guidance(final double scale) {
        return new PipelineBranch(Optional.empty(), Optional.empty(), OptionalDouble.of(scale), OptionalLong.empty());
    }

    /** Writes down what it is told, and by which thread. */
    private static class Recording extends SilentListener {
        private final Thread thread = Thread.currentThread();
        private final List<String> events = new ArrayList<>();

        @Override
        public void stage(final Stage stage) {
            events.add(stage.text());
        }

        @Override
        public void step(final int step, final int all, final int firstImage) {
            assertSame(thread, Thread.currentThread());
            events.add("step " + step);
        }

        @Override
        public boolean wantsPreview(final int step) {
            return step == STEPS - 1;
        }

        @Override
        public void preview(final DecodedPixels pixels) {
            events.add("preview");
        }

        @Override
        public void image(final int index, final DecodedPixels pixels) {
            assertSame(thread, Thread.currentThread());
            events.add("image " + index);
        }
    }

    private List<PipelineResult> run(final Overlap overlap, final PipelineListener listener, final CancelToken cancel) {
        final ModelFolder folder = ModelFolder.open(MODEL);
        final PipelineRequest request = new PipelineRequest("dense nuclei", "blurry", 5, STEPS, 7, 2, 64, 48,
            Schedulers.create(SchedulerKind.EULER_ANCESTRAL, folder.schedulerConfig()), 1, Optional.empty(), Optional.empty());
        try (Reuse reuse = new Reuse(0, overlap);
            Tokenizer tokenizer = ClipTokenizer.open(folder.tokenizer(), folder.textLength(), Folders.HOME);
            LoadedModel loaded =
                OpenTestModels.open(folder, CompletableFuture.completedFuture(tokenizer), sessions, false, reuse, cancel)) {
            return new DiffusionPipeline(loaded, request, listener, cancel).run(SHARED, BRANCHES);
        }
    }

    @Test
    void decodingAheadGivesTheSameImagesInTheSameOrder() {
        final Recording inTurn = new Recording();
        final Recording ahead = new Recording();
        final List<PipelineResult> expected = run(Overlap.NONE, inTurn, new CancelToken());
        final List<PipelineResult> found = run(Overlap.ALWAYS, ahead, new CancelToken());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).latents(), found.get(i).latents());
            assertArrayEquals(expected.get(i).pixels().values(), found.get(i).pixels().values());
            assertTrue(found.get(i).times().decodeMillis() > 0, "decoding is timed where it is done");
        }
        assertEquals(images(inTurn), images(ahead));
        assertEquals(List.of("image 0", "image 1", "image 2", "image 3", "image 4", "image 5"), images(ahead));
        assertEquals("image 0", following(inTurn, "decoding"), "in turn, an image comes before the next branch begins");
        assertEquals("denoising", following(ahead, "decoding"), "ahead, the next branch begins at once");
    }

    private static List<String> images(final Recording listener) {
        return listener.events.stream().filter(event -> event.startsWith("image")).toList();
    }

    private static String following(final Recording listener, final String event) {
        return listener.events.get(listener.events.indexOf(event) + 1);
    }

    @Test
    void onOneProcessorImagesAreDecodedInTurnUnlessAskedFor() {
        final Recording usual = new Recording();
        run(Overlap.WHERE_FASTER, usual, new CancelToken());
        assertEquals("image 0", following(usual, "decoding"));
        final List<ExecutionProvider> cpu = List.of(ExecutionProvider.CPU);
        final List<ExecutionProvider> gpu = List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU);
        assertTrue(Overlap.WHERE_FASTER.decodesAhead(gpu, cpu));
        assertFalse(Overlap.WHERE_FASTER.decodesAhead(gpu, gpu));
        assertFalse(Overlap.NONE.decodesAhead(gpu, cpu));
    }

    /** A listener that stops the run while an image is being decoded: the decoder is waited for, and the leases come back. */
    @Test
    void aStopWhileDecodingAheadLeavesNothingBehind() {
        final CancelToken cancel = new CancelToken();
        final PipelineListener stopping = new Recording() {
            private int stages;

            @Override
            public void stage(final Stage stage) {
                super.stage(stage);
                // The second branch begins when the first is on its way to be decoded.
                if (stage == Stage.DENOISING && ++stages == 3) cancel.cancel();
            }
        };
        assertThrows(CancellationException.class, () -> run(Overlap.ALWAYS, stopping, cancel));
        assertTrue(cancel.isCancelled());
    }

    /** What the listener throws ends the run like any failure. */
    @Test
    void aFailureWhileDecodingAheadEndsTheRun() {
        final PipelineListener failing = new Recording() {
            @Override
            public void image(final int index, final DecodedPixels pixels) {
                throw new IllegalStateException("no room for image " + index);
            }
        };
        assertEquals("no room for image 0", assertThrows(IllegalStateException.class, () -> run(Overlap.ALWAYS, failing, new CancelToken())).getMessage());
    }
}
