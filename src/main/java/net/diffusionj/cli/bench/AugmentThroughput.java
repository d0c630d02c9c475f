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
package net.diffusionj.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.AugmentEngine;
import net.diffusionj.augment.AugmentRequest;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentProgress;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.home.FileTree;
import net.diffusionj.io.Npy;
import net.diffusionj.io.NpyArray;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;

/**
 * How fast an augmentation is beside the mere drawing of the very requests that it has made: once with labels (gate, camera, quality and files), once without
 * labels (quality and files). Each pair is run in turns. Beside the clock's ratios are those of the processor's time, which other programs of a busy machine
 * change less. Counted from the first request to the last output; what a run does once before and after is not.
 */
final class AugmentThroughput {

    private static final int SOURCES = 4;
    /** Eight images at once cost least each. */
    private static final int VARIANTS = 8;
    private static final int RADIUS_PX = 14;
    private static final int SPACING_PX = 42;
    /** Each takes a minute or so. */
    private static final int MOST_REPEATS = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchPlan plan;
    private final DiffusionEngine engine;
    private final CancelToken cancel;

    /** Times of one kind of run. */
    private static final class Samples {
        private final List<Double> augment = new ArrayList<>();
        private final List<Double> drawing = new ArrayList<>();
        private final List<Double> augmentCpu = new ArrayList<>();
        private final List<Double> drawingCpu = new ArrayList<>();
        private int images;
    }

    /** Looks at the clock from the first word of a run to its last output. */
    private static final class Clock implements AugmentListener {
        private long first;
        private long last;
        private long firstCpu;
        private long lastCpu;
        private int done;

        @Override
        public void progress(final AugmentProgress progress) {
            final long now = System.nanoTime();
            if (first == 0) {
                first = now;
                firstCpu = cpuNanos();
            }
            if (progress.done() > done) {
                last = now;
                lastCpu = cpuNanos();
            }
            done = progress.done();
        }

        private double millis() {
            return (last - first) / NANOS_PER_MILLI;
        }

        private double cpuMillis() {
            return (lastCpu - firstCpu) / NANOS_PER_MILLI;
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /** Draws with the engine, and keeps what it was asked. */
    private record Recording(Drawer drawer, ConcurrentLinkedQueue<DiffusionRequest> requests) implements Drawer {

        @Override
        public DiffusionOutcome draw(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
            requests.add(request);
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

    /**
     * @param plan what to draw, and how often
     * @param engine has the model open, or opens it
     * @param cancel ends the measurement
     */
    AugmentThroughput(final BenchPlan plan, final DiffusionEngine engine, final CancelToken cancel) {
        this.plan = plan;
        this.engine = engine;
        this.cancel = cancel;
    }

    /** @return medians by name; a throughput is a share of that of the mere drawing */
    Map<String, Object> measure() {
        try {
            final Path folder = Files.createTempDirectory("diffusionj-bench");
            try {
                return measure(folder);
            }
            finally {
                FileTree.delete(folder);
            }
        }
        catch (final IOException e) {
            throw new UncheckedIOException("The sources of the measurement cannot be written. Free some space in the folder for temporary files.", e);
        }
    }

    private Map<String, Object> measure(final Path folder) throws IOException {
        sources(folder);
        final Samples gated = new Samples();
        final Samples bare = new Samples();
        // Opens the model, and lets Java compile what a run calls.
        once(folder, true, new Samples());
        for (int i = 0; i < Math.min(plan.repeat(), MOST_REPEATS); i++) {
            once(folder, true, gated);
            once(folder, false, bare);
        }
        final Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("outputs", SOURCES * VARIANTS);
        numbers.put("images_drawn", gated.images);
        numbers.put("augment_ms", Bench.median(gated.augment));
        numbers.put("drawing_ms", Bench.median(gated.drawing));
        numbers.put("throughput", Bench.ratio(gated.drawing, gated.augment));
        numbers.put("cpu_ratio", Bench.ratio(gated.drawingCpu, gated.augmentCpu));
        numbers.put("without_labels_ms", Bench.median(bare.augment));
        numbers.put("without_labels_drawing_ms", Bench.median(bare.drawing));
        numbers.put("without_labels_throughput", Bench.ratio(bare.drawing, bare.augment));
        numbers.put("without_labels_cpu_ratio", Bench.ratio(bare.drawingCpu, bare.augmentCpu));
        return numbers;
    }

    private void once(final Path folder, final boolean labelled, final Samples samples) throws IOException {
        final Path output = folder.resolve("out");
        final Recording recording = new Recording(Drawer.of(engine), new ConcurrentLinkedQueue<>());
        final Clock clock = new Clock();
        new AugmentEngine(recording).run(request(folder, labelled, output), clock, cancel);
        cancel.throwIfCancelled();
        samples.augment.add(clock.millis());
        samples.augmentCpu.add(clock.cpuMillis());
        final long startCpu = cpuNanos();
        final long start = System.nanoTime();
        recording.requests().forEach(request -> engine.generate(request, DiffusionListener.NONE, cancel).result());
        samples.drawing.add((System.nanoTime() - start) / NANOS_PER_MILLI);
        samples.drawingCpu.add((cpuNanos() - startCpu) / NANOS_PER_MILLI);
        samples.images = recording.requests().stream().mapToInt(DiffusionRequest::batch).sum();
        FileTree.delete(output);
    }

    /** The default, unless so few steps were asked for that none would be left. */
    private double strength() {
        final int steps = plan.steps().orElse(engine.defaults(plan.model()).steps());
        return Math.max(DrawChoices.DEFAULT_STRENGTH, 1.0 / steps);
    }

    private AugmentRequest request(final Path folder, final boolean labelled, final Path output) {
        final DrawChoices draw = new DrawChoices(Mode.VARY, List.of(plan.prompt()), "", Sweep.of(strength()), Optional.empty(), plan.steps(),
            plan.scheduler(), "", plan.model(), plan.provider(), 1);
        return new AugmentRequest(new Inputs(folder.resolve("images"), labelled ? Optional.of(folder.resolve("labels")) : Optional.empty(), Optional.empty()),
            output, new Amount.Variants(VARIANTS), draw, TransformChoices.parse("flip,turn"),
            labelled ? "gain=0.1,read=1,offset=10" : AugmentRequest.NO_CAMERA, QualityFilter.NONE, Optional.empty(), Optional.empty());
    }

    /** Bright discs as large as nuclei often are, on a dark, noisy ground, of the model's size or the one that was asked for; it chooses the scale. */
    private void sources(final Path folder) throws IOException {
        final ModelDefaults model = engine.defaults(plan.model());
        final int widthPx = plan.widthPx().orElse(model.widthPx());
        final int heightPx = plan.heightPx().orElse(model.heightPx());
        Files.createDirectories(folder.resolve("images"));
        Files.createDirectories(folder.resolve("labels"));
        final int across = Math.max(1, widthPx / SPACING_PX);
        for (int n = 0; n < SOURCES; n++) {
            final Random random = new Random(n);
            final byte[] pixels = new byte[widthPx * heightPx];
            final short[] labels = new short[pixels.length];
            for (int i = 0; i < pixels.length; i++) {
                final int x = i % widthPx;
                final int y = i / widthPx;
                final double distance = Math.hypot(x % SPACING_PX - SPACING_PX / 2.0, y % SPACING_PX - SPACING_PX / 2.0);
                final boolean inside = distance < RADIUS_PX - n;
                labels[i] = (short) (inside ? 1 + x / SPACING_PX + y / SPACING_PX * across : 0);
                pixels[i] = (byte) ((inside ? 180 : 30) + 4 * random.nextGaussian());
            }
            Npy.write(folder.resolve("images/source" + n + ".npy"), NpyArray.ofBytes(pixels, heightPx, widthPx));
            Npy.write(folder.resolve("labels/source" + n + ".npy"), NpyArray.ofShorts(labels, heightPx, widthPx));
        }
    }
}
