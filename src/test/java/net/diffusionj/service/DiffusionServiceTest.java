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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scijava.Context;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.model.SizeRule;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** The service in a real SciJava context, on fixture models. */
@Timeout(120)
class DiffusionServiceTest {

    private static String homeBefore;
    private static Context context;
    private static DiffusionService service;

    @BeforeAll
    static void start() {
        homeBefore = System.getProperty(DiffusionHome.PROPERTY);
        System.setProperty(DiffusionHome.PROPERTY, Folders.HOME.toString());
        context = new Context(DiffusionService.class);
        service = context.service(DiffusionService.class);
    }

    @AfterAll
    static void stop() {
        context.dispose();
        if (homeBefore == null) System.clearProperty(DiffusionHome.PROPERTY);
        else System.setProperty(DiffusionHome.PROPERTY, homeBefore);
    }

    private static DiffusionRequest.Builder turbo() {
        return DiffusionRequest.prompt("sparse bright nuclei").model(Models.of("turbo").toString()).seed(11);
    }

    @Test
    void imageKOfABatchIsTheImageOfSeedPlusK() {
        final Img<?> batch = service.generate(turbo().scheduler("euler-ancestral").steps(3).guidance(5).batch(3).build()).image();
        assertEquals(4, batch.numDimensions());
        for (int k = 0; k < 3; k++) {
            final Img<?> single = service.generate(turbo().scheduler("euler-ancestral").steps(3).guidance(5).seed(11 + k).build()).image();
            assertTrue(largestDifference(single, Views.hyperSlice(batch, 3, k)) <= 1, "image " + k);
        }
    }

    @Test
    void givesTheTypeThatWasAskedFor() {
        final Img<?> bytes = service.generate(turbo().build()).image();
        final Img<?> shorts = service.generate(turbo().pixelType(PixelType.UINT16).build()).image();
        final Img<?> floats = service.generate(turbo().pixelType(PixelType.FLOAT32).build()).image();
        assertInstanceOf(UnsignedByteType.class, bytes.firstElement());
        assertInstanceOf(UnsignedShortType.class, shorts.firstElement());
        assertInstanceOf(FloatType.class, floats.firstElement());
        final double b = ((RealType<?>) bytes.firstElement()).getRealDouble() / 255;
        assertEquals(b, ((RealType<?>) shorts.firstElement()).getRealDouble() / 65535, 1 / 255.0);
        assertEquals(b, ((RealType<?>) floats.firstElement()).getRealDouble(), 1 / 255.0);
    }

    @Test
    void tellsStagesStepsAndPreviews() {
        final List<String> heard = new ArrayList<>();
        final List<Img<UnsignedByteType>> previews = new ArrayList<>();
        final DiffusionListener listener = new DiffusionListener() {
            @Override
            public void stage(final Stage stage) {
                heard.add(stage.text());
            }

            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                heard.add(step + "/" + steps + " of " + imageIndex);
            }

            @Override
            public int previewEverySteps() {
                return 2;
            }

            @Override
            public void preview(final Img<UnsignedByteType> preview) {
                previews.add(preview);
            }
        };
        final DiffusionRequest request = turbo().steps(4).scheduler("euler").build();
        final DiffusionResult result = service.generate(request, listener, new CancelToken()).result();
        assertEquals(List.of("loading model", "encoding prompt", "denoising", "1/4 of 0", "2/4 of 0", "3/4 of 0", "4/4 of 0", "decoding"), heard);
        assertEquals(2, previews.size());
        assertArrayEquals(result.image().dimensionsAsLongArray(), previews.get(0).dimensionsAsLongArray());
        assertTrue(largestDifference(result.image(), previews.get(1)) <= 1, "the last preview shows the final latents");
        assertTrue(largestDifference(result.image(), previews.get(0)) > 1, "the first does not");
        assertEquals(4, result.timings().stepMillis().size());
        assertTrue(result.timings().modelMillis() <= result.timings().totalMillis());
    }

    @Test
    void cancelIsAnOutcomeOfItsOwn() {
        final CancelToken cancel = new CancelToken();
        final DiffusionListener listener = new DiffusionListener() {
            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                if (step == 2) cancel.cancel();
            }
        };
        final DiffusionOutcome outcome = service.generate(turbo().steps(10).scheduler("ddim").build(), listener, cancel);
        assertTrue(outcome.isCancelled());
        assertEquals(new DiffusionOutcome.Cancelled(Stage.DENOISING), outcome);
        assertThrows(CancellationException.class, outcome::result);
        assertFalse(service.generate(turbo().build(), DiffusionListener.NONE, new CancelToken()).isCancelled(), "the next one works");
    }

    @Test
    void submittedRequestsRunInOrderAndFailuresComeThroughTheFuture() {
        final List<Integer> order = new ArrayList<>();
        final List<CompletableFuture<DiffusionOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final int index = i;
            futures.add(service.submit(turbo().seed(i).build(), new DiffusionListener() {
                @Override
                public void step(final int step, final int steps, final int imageIndex) {
                    order.add(index);
                }
            }, new CancelToken()));
        }
        futures.forEach(CompletableFuture::join);
        assertEquals(List.of(0, 1, 2), order);
        final CompletionException e = assertThrows(CompletionException.class, () -> service.submit(turbo().model("/no/such").build(), DiffusionListener.NONE,
            new CancelToken()).join());
        assertInstanceOf(InvalidInputException.class, e.getCause());
    }

    @Test
    void aGenerationThatWaitsCanBeCancelled() throws Exception {
        final CountDownLatch running = new CountDownLatch(1);
        final CountDownLatch finish = new CountDownLatch(1);
        final CompletableFuture<DiffusionOutcome> first = service.submit(turbo().build(), new DiffusionListener() {
            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                running.countDown();
                try {
                    finish.await(30, TimeUnit.SECONDS);
                }
                catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }, new CancelToken());
        assertTrue(running.await(30, TimeUnit.SECONDS));
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<DiffusionOutcome> waiting =
            CompletableFuture.supplyAsync(() -> service.generate(turbo().build(), DiffusionListener.NONE, cancel));
        cancel.cancel();
        assertEquals(new DiffusionOutcome.Cancelled(Stage.WAITING), waiting.get(30, TimeUnit.SECONDS));
        finish.countDown();
        assertFalse(first.join().isCancelled());
    }

    @Test
    void strengthBelowOneStepLeavesTheSourceAndSaysSo() {
        final Img<FloatType> source = ArrayImgs.floats(new float[] {-1, 0, 5, 7.5f, 1e5f, 3}, 3, 2);
        final DiffusionResult result = service.generate(turbo().image(source).strength(0.1).steps(4).batch(2).build());
        assertEquals(0, largestDifference(source, Views.hyperSlice(Views.hyperSlice(result.image(), 3, 1), 2, 0)));
        assertTrue(result.warnings().get(0).contains("less than one step") && result.warnings().get(0).contains("0.25"), result.warnings().toString());
        assertTrue(result.latents().isEmpty());
    }

    @Test
    void modelDefaultsComeFromItsFiles() {
        assertEquals(new ModelDefaults(64, 64, new SizeRule(8, 16, true), 20, 7.5, "pndm"), service.defaults(Models.of("sd1").toString()));
        assertEquals(4, service.defaults(Models.of("lcm").toString()).steps());
        assertEquals(1, service.defaults(Models.of("turbo").toString()).steps());
    }

    @Test
    void releasedMemoryComesBackWithTheNextGeneration() {
        final Img<?> before = service.generate(turbo().build()).image();
        service.releaseMemory();
        assertEquals(0, largestDifference(before, service.generate(turbo().build()).image()));
    }

    @Test
    void closingCancelsWhatRunsAndRefusesWhatComes() throws Exception {
        final DiffusionEngine engine = new DiffusionEngine(Folders.HOME);
        final CountDownLatch running = new CountDownLatch(1);
        final CompletableFuture<DiffusionOutcome> outcome = CompletableFuture.supplyAsync(() -> engine.generate(turbo().steps(900).scheduler("ddim").build(),
            new DiffusionListener() {
                @Override
                public void step(final int step, final int steps, final int imageIndex) {
                    running.countDown();
                }
            }, new CancelToken()));
        assertTrue(running.await(60, TimeUnit.SECONDS));
        engine.close();
        assertTrue(outcome.get(1, TimeUnit.SECONDS).isCancelled(), "closed only after the run had ended");
        assertEquals(0, engine.openSessions());
        assertThrows(DiffusionJException.class, () -> engine.generate(turbo().build(), DiffusionListener.NONE, new CancelToken()));
    }

    private static double largestDifference(final RandomAccessibleInterval<?> a, final RandomAccessibleInterval<?> b) {
        assertArrayEquals(a.dimensionsAsLongArray(), b.dimensionsAsLongArray());
        final var x = Views.flatIterable(a).cursor();
        final var y = Views.flatIterable(b).cursor();
        double largest = 0;
        while (x.hasNext()) largest = Math.max(largest, Math.abs(((RealType<?>) x.next()).getRealDouble() - ((RealType<?>) y.next()).getRealDouble()));
        return largest;
    }
}
