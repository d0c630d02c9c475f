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
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** A stop that is asked for at every stage of a generation: seen there, nothing left on lease or half kept, and the next generation is whole. */
@Timeout(180)
class CancelStagesTest {

    private static final int STEPS = 4;

    private SessionCaches caches;
    private DiffusionEngine engine;

    @BeforeEach
    void open() {
        caches = new SessionCaches(Folders.HOME, new ModelHashes(Folders.HOME));
        engine = newEngine();
    }

    private DiffusionEngine newEngine() {
        return new DiffusionEngine(Folders.HOME, new Reuse(), Optional.of(() -> caches.with(new SettingsFile(Folders.HOME).load())));
    }

    @AfterEach
    void close() {
        engine.close();
        caches.close();
    }

    private static DiffusionRequest.Builder request() {
        return DiffusionRequest.prompt("dense nuclei").negative("blur").guidance(4).model(Models.of("turbo").toString()).steps(STEPS).scheduler("ddim")
            .size(32, 32)
            .strength(1).image(picture()).batch(2).seed(5);
    }

    private static Img<?> picture() {
        final byte[] values = new byte[32 * 32];
        for (int i = 0; i < values.length; i++) values[i] = (byte) (i * 7);
        return ArrayImgs.unsignedBytes(values, 32, 32);
    }

    /** Waits, because parts that were still being opened when the run was cancelled come back as soon as they are open. */
    private void assertNothingOnLease() throws InterruptedException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!everythingIsBack()) {
            if (System.nanoTime() > end) fail("on lease, or still being opened: " + openSessions());
            Thread.sleep(10);
        }
    }

    /** A session that is still being opened has leases that {@link SessionCache#open} does not list yet. */
    private boolean everythingIsBack() {
        final List<OpenSession> open = openSessions();
        return open.stream().allMatch(session -> session.leases() == 0) && open.size() == caches.current().map(SessionCache::size).orElse(0);
    }

    private List<OpenSession> openSessions() {
        return caches.current().map(SessionCache::open).orElse(List.of());
    }

    private float[] latents() {
        return engine.generate(request().build(), DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow().values();
    }

    /**
     * When to cancel.
     *
     * @param stage at its beginning
     * @param counted or rather after so many steps or at the image of that index
     */
    private record Moment(Stage stage, OptionalInt counted) {

        static Moment at(final Stage stage) {
            return new Moment(stage, OptionalInt.empty());
        }

        static Moment at(final Stage stage, final int counted) {
            return new Moment(stage, OptionalInt.of(counted));
        }
    }

    static Stream<Moment> moments() {
        final Stream<Moment> stages =
            Stream.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.ENCODING_IMAGE, Stage.DENOISING, Stage.DECODING).map(Moment::at);
        final Stream<Moment> steps = IntStream.rangeClosed(1, 4).mapToObj(step -> Moment.at(Stage.DENOISING, step));
        return Stream.concat(Stream.concat(stages, steps), Stream.of(Moment.at(Stage.DECODING, 0)));
    }

    /** Cancels when a stage begins, from the thread of the run; what is heard afterwards is remembered. */
    private static final class AtStage implements DiffusionListener {
        private final Moment moment;
        private final CancelToken cancel = new CancelToken();
        private final List<Moment> after = new ArrayList<>();

        AtStage(final Moment moment) {
            this.moment = moment;
        }

        private void hear(final Moment now) {
            if (cancel.isCancelled()) after.add(now);
            if (now.equals(moment)) cancel.cancel();
        }

        @Override
        public void stage(final Stage now) {
            hear(Moment.at(now));
        }

        @Override
        public void step(final int step, final int steps, final int imageIndex) {
            hear(Moment.at(Stage.DENOISING, step));
        }

        @Override
        public void image(final int index, final Img<?> image) {
            hear(Moment.at(Stage.DECODING, index));
        }

        @Override
        public boolean wantsImages() {
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("moments")
    void isSeenWhereItWasAsked(final Moment moment) throws InterruptedException {
        for (final boolean warm : new boolean[] {false, true}) {
            if (warm) latents();
            final AtStage listener = new AtStage(moment);
            final DiffusionOutcome outcome = engine.generate(request().build(), listener, listener.cancel);
            assertTrue(outcome.isCancelled(), "warm: " + warm);
            assertEquals(List.of(), listener.after, "nothing more is done");
            assertEquals(new DiffusionOutcome.Cancelled(moment.stage()), outcome);
            assertNothingOnLease();
        }
        final float[] whole = latents();
        try (DiffusionEngine fresh = newEngine()) {
            assertArrayEquals(fresh.generate(request().build(), DiffusionListener.NONE, new CancelToken()).result().latents()
                .orElseThrow().values(), whole, "what a cancelled run left for the next is right");
        }
    }

    @Test
    void isSeenWhileAResultIsLookedFor() throws IOException {
        final AtStage listener = new AtStage(Moment.at(Stage.LOOKING_UP));
        final DiffusionOutcome outcome = engine.generate(request().useResultCache(true).build(), listener, listener.cancel);
        assertEquals(new DiffusionOutcome.Cancelled(Stage.LOOKING_UP), outcome);
        assertFalse(parts().findAny().isPresent());
    }

    private static Stream<Path> parts() throws IOException {
        final Path results = Folders.HOME.resolve("cache/results");
        return Files.isDirectory(results) ? Files.list(results).filter(file -> file.toString().endsWith(".part")) : Stream.empty();
    }

    /** From another thread at any time, so also inside model calls: the run ends cancelled or whole, soon, and leaves nothing. */
    @Test
    void atAnyMomentFromAnotherThread() throws Exception {
        final float[] expected = latents();
        final long start = System.nanoTime();
        latents();
        final long micros = Math.max(1000, (System.nanoTime() - start) / 1000);
        final Random random = new Random(3);
        int cancelled = 0;
        for (int i = 0; i < 40; i++) {
            if (i % 8 == 0) caches.current().ifPresent(SessionCache::closeIdle);
            final CancelToken cancel = new CancelToken();
            final CompletableFuture<DiffusionOutcome> run =
                CompletableFuture.supplyAsync(() -> engine.generate(request().build(), DiffusionListener.NONE, cancel));
            TimeUnit.MICROSECONDS.sleep(random.nextLong(micros));
            cancel.cancel();
            final DiffusionOutcome outcome = run.get(20, TimeUnit.SECONDS);
            if (outcome.isCancelled()) cancelled++;
            else assertArrayEquals(expected, outcome.result().latents().orElseThrow().values());
            assertNothingOnLease();
        }
        assertTrue(cancelled > 10, cancelled + " of 40 were cancelled");
        assertArrayEquals(expected, latents());
    }
}
