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
package net.diffusionj.service.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.GpuState.Slowed;
import net.diffusionj.service.record.GenerationRecord.Origin;
import net.diffusionj.service.record.HealthWarning.Kind;

/** What is warned of, and what is not, over made-up series. */
class HealthWatchTest {

    private static final int GENERATIONS = 150;
    private static final int SERIES = 150;
    private static final double MB = 1e6;

    /** Memory, in MB, of programs that keep none for good. */
    private enum Steady {
        /** The same, more or less. */
        NOISE(seed -> {
            final Random random = new Random(seed);
            return i -> 900 + 15 * random.nextGaussian();
        }),
        /** Each value goes on from the last one and is drawn back. */
        WANDERING(seed -> {
            final Random random = new Random(seed);
            final double[] at = {0};
            return i -> 900 + (at[0] = 0.8 * at[0] + 12 * random.nextGaussian());
        }),
        /** The C library gives memory back once enough has come together. */
        SAWTOOTH(seed -> {
            final Random random = new Random(seed);
            final int period = 3 + random.nextInt(30);
            return i -> 900 + 16.0 * (i % period) / period * 3 + random.nextGaussian();
        }),
        /** Caches fill and are then full. */
        FILLING(seed -> {
            final Random random = new Random(seed);
            final double pace = 2 + random.nextInt(9);
            return i -> 900 + 300 * (1 - Math.exp(-i / pace)) + 5 * random.nextGaussian();
        }),
        /** One larger image raises it for good. */
        STEP(seed -> {
            final Random random = new Random(seed);
            final int at = random.nextInt(GENERATIONS);
            return i -> (i < at ? 900 : 1400) + 10 * random.nextGaussian();
        }),
        /** Images of all sizes, some of them huge. */
        OUTLIERS(seed -> {
            final Random random = new Random(seed);
            return i -> 900 + 10 * random.nextGaussian() + (random.nextInt(8) == 0 ? 1500 * random.nextDouble() : 0);
        });

        private final LongFunction<IntToDoubleFunction> series;

        Steady(final LongFunction<IntToDoubleFunction> series) {
            this.series = series;
        }
    }

    private static List<HealthWarning> memory(final IntToDoubleFunction megabytes) {
        final HealthWatch watch = new HealthWatch();
        for (int i = 0; i < GENERATIONS; i++) watch.add(Records.of("1-1", "m", 10, megabytes.applyAsDouble(i) * MB));
        return watch.all();
    }

    private static List<HealthWarning> steps(final IntToDoubleFunction millis) {
        final HealthWatch watch = new HealthWatch();
        for (int i = 0; i < GENERATIONS; i++) watch.add(Records.of("1-1", "m", millis.applyAsDouble(i), 900 * MB));
        return watch.all();
    }

    @ParameterizedTest
    @EnumSource(Steady.class)
    void steadyMemoryRaisesNoFalseAlarm(final Steady kind) {
        int alarms = 0;
        for (int seed = 0; seed < SERIES; seed++) alarms += memory(kind.series.apply(seed)).isEmpty() ? 0 : 1;
        System.out.println("false alarms over " + SERIES + " series of " + GENERATIONS + " generations, memory " + kind + ": " + alarms);
        assertTrue(alarms <= 1, alarms + " of " + SERIES);
    }

    @ParameterizedTest
    @ValueSource(doubles = {3, 10, 60})
    void memoryThatClimbsIsFoundWhateverTheNoise(final double perGeneration) {
        for (int seed = 0; seed < 20; seed++) {
            final Random random = new Random(seed);
            final List<HealthWarning> found = memory(i -> 900 + perGeneration * i + perGeneration * random.nextGaussian());
            assertEquals(1, found.size(), found::toString);
            assertEquals(Kind.MEMORY_CLIMBS, found.get(0).kind());
        }
        final String text = memory(i -> 900 + perGeneration * i).get(0).text();
        assertTrue(
            text.startsWith("Memory grows by about " + perGeneration + " MB with every generation (" + perGeneration + " to " + perGeneration + " at 99 %")
                && text.contains("Release the memory"),
            text);
    }

    @Test
    void twoProcessesOfOneLogAreTwoSeries() {
        final HealthWatch watch = new HealthWatch();
        for (int i = 0; i < GENERATIONS; i++) watch.add(Records.of(i < 75 ? "1" : "2", "m", 10, (900 + i % 75 % 20) * MB));
        assertEquals(List.of(), watch.all());
    }

    @Test
    void aModelThatIsOpenedBeginsAnew() {
        final HealthWatch watch = new HealthWatch();
        for (int i = 0; i < 60; i++) {
            final GenerationRecord record = Records.of("1", "m", 10, (900 + 20 * i) * MB);
            watch.add(new GenerationRecord(record.origin(), record.outcome(), record.work(), record.times(),
                new GenerationRecord.MemoryUse(record.memory().ram(), record.memory().heapBytes(), record.memory().gpu(), 3 + i / 20, i / 20),
                record.reused(), List.of(), Optional.empty()));
        }
        assertEquals(List.of(), watch.all());
    }

    /** Step times, in milliseconds, of machines that keep their pace. */
    private enum EvenPace {
        /** A few per cent up and down. */
        QUIET(seed -> {
            final Random random = new Random(seed);
            return i -> 100 * Math.exp(0.05 * random.nextGaussian());
        }),
        /** Other programs come and go. */
        BUSY(seed -> {
            final Random random = new Random(seed);
            return i -> 100 * Math.exp(0.3 * random.nextGaussian()) * (random.nextInt(6) == 0 ? 3 : 1);
        }),
        /** Each value resembles the last one. */
        WANDERING(seed -> {
            final Random random = new Random(seed);
            final double[] at = {0};
            return i -> 100 * Math.exp(at[0] = 0.7 * at[0] + 0.06 * random.nextGaussian());
        }),
        /** Slow for five generations of fifty. */
        HICCUPS(seed -> {
            final Random random = new Random(seed);
            return i -> (i % 50 < 5 ? 400 : 100) * Math.exp(0.05 * random.nextGaussian());
        });

        private final LongFunction<IntToDoubleFunction> series;

        EvenPace(final LongFunction<IntToDoubleFunction> series) {
            this.series = series;
        }
    }

    @ParameterizedTest
    @EnumSource(EvenPace.class)
    void anEvenPaceRaisesNoFalseAlarm(final EvenPace kind) {
        int alarms = 0;
        for (int seed = 0; seed < SERIES; seed++) alarms += steps(kind.series.apply(seed)).isEmpty() ? 0 : 1;
        System.out.println("false alarms over " + SERIES + " series of " + GENERATIONS + " generations, steps " + kind + ": " + alarms);
        assertTrue(alarms <= 1, alarms + " of " + SERIES);
    }

    @Test
    void stepsThatGetSlowerAreFoundAtOnceOrSlowly() {
        for (int seed = 0; seed < 20; seed++) {
            final Random random = new Random(seed);
            for (final IntToDoubleFunction pace : List.<IntToDoubleFunction>of(i -> i < 70 ? 100 : 160, i -> 100 * Math.pow(1.01, i))) {
                final List<HealthWarning> found = steps(i -> pace.applyAsDouble(i) * Math.exp(0.08 * random.nextGaussian()));
                assertEquals(1, found.size(), found::toString);
                assertEquals(Kind.STEPS_SLOWER, found.get(0).kind());
            }
        }
        final String text = steps(i -> i < 70 ? 100 : 160).get(0).text();
        assertTrue(
            text.startsWith("Steps have become slower: about 160.0 ms each in the last 12 generations of m at 128 x 96 on cpu, against 100.0 ms at first (at"
                + " least 1.6 times") && text.contains("Close other programs"),
            text);
    }

    @Test
    void anotherSizeIsAnotherSeries() {
        final HealthWatch watch = new HealthWatch();
        for (int i = 0; i < GENERATIONS; i++) watch.add(Records.of("1", "m" + (i < 40 ? 0 : 1), i < 40 ? 10 : 90, 900 * MB));
        assertEquals(List.of(), watch.all());
    }

    private static GpuState gpu(final int celsius, final long usedMib, final Optional<Slowed> slowed) {
        return new GpuState(0, "NVIDIA Test", "535.183.01", OptionalInt.of(99), Optional.of(new GpuMemory(24_000L << 20, usedMib << 20)),
            OptionalInt.of(celsius), OptionalInt.of(900), OptionalInt.of(1980), slowed);
    }

    private static List<String> told(final GpuState... looks) {
        final HealthWatch watch = new HealthWatch();
        for (final GpuState look : looks) watch.look(List.of(look));
        assertEquals(watch.all(), watch.add(Records.of("1", "m", 1, 0)), "told with the next generation");
        assertEquals(List.of(), watch.add(Records.of("1", "m", 1, 0)), "and once");
        return watch.all().stream().map(HealthWarning::text).toList();
    }

    @Test
    void aGpuIsHotSlowedOrFullOnlyIfItStaysSo() {
        final GpuState fine = gpu(70, 12_000, Optional.empty());
        final GpuState hot = gpu(91, 12_000, Optional.of(Slowed.HEAT));
        final GpuState full = gpu(70, 23_900, Optional.empty());
        final GpuState weak = gpu(70, 12_000, Optional.of(Slowed.POWER));
        assertEquals(List.of(), told(fine, hot, hot, fine, hot, full, full, weak, weak));
        assertEquals(List.of("GPU 0 (NVIDIA Test) slows itself down because it is hot (91 °C), at 900 of 1980 MHz. Clean its fans and filters, see that air can"
            + " flow, or give it less to do."), told(hot, hot, hot, hot, hot));
        assertTrue(told(full, full, full).get(0).startsWith("GPU 0 (NVIDIA Test) is nearly full: 25.1 of 25.2 GB are taken."));
        assertTrue(told(weak, weak, weak).get(0).contains("power supply"));
        assertTrue(told(gpu(93, 1, Optional.empty()), gpu(93, 1, Optional.empty()), gpu(93, 1, Optional.empty())).get(0).contains("is hot (93 °C)"));
    }

    @Test
    void aFallBackToTheCpuIsToldWithWhatToDo() {
        final HealthWatch watch = new HealthWatch();
        final GenerationRecord record = Records.of("1", "m", 1, 0);
        final GenerationRecord fell = Records.of(record.origin(), "m", 1, 0, Optional.of("Running on the CPU, because CUDA does not work: no driver."));
        final List<HealthWarning> all = new ArrayList<>(watch.add(fell));
        all.addAll(watch.add(fell));
        assertEquals(List.of(new HealthWarning(Kind.CPU_FALLBACK, fell.fallback().orElseThrow(),
            "Running on the CPU, because CUDA does not work: no driver. 'diffusionj info' shows what the GPU lacks.")), all);
    }

    @Test
    void aPartThatHasLeftTheGpuIsTold() {
        final HealthWatch watch = new HealthWatch();
        final GenerationRecord record = Records.of("1", "m", 1, 0);
        final String step = "There was too little memory for the UNet: it ran on the CPU, which takes longer.";
        watch
            .add(new GenerationRecord(record.origin(), record.outcome(), record.work(), record.times(), record.memory(), record.reused(), List.of("else", step),
                Optional.empty()));
        assertEquals(List.of(step + " Ask for smaller images or batches, or close what else uses the GPU."),
            watch.all().stream().map(HealthWarning::text).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"470.57.02", "525.60", "525.60.12", "9"})
    void anOldDriverIsToldWhereOnnxRuntimeIsTheOneForCuda(final String driver) {
        final HealthWatch watch = new HealthWatch();
        final GpuState old = new GpuState(0, "x", driver, OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
            Optional.empty());
        watch.look(List.of(old));
        assertEquals(List.of(), watch.all(), "the CPU build wants no driver");
        watch.add(Records.of(new Origin(Instant.EPOCH, "1", "", "", true, 0), "m", 1, 0, Optional.empty()));
        watch.look(List.of(old));
        watch.look(List.of(old));
        assertEquals(1, watch.all().size());
        assertTrue(watch.all().get(0).text().startsWith("The NVIDIA driver " + driver + " is older than"), watch.all().get(0).text());
        watch.look(List.of(gpu(50, 1, Optional.empty())));
        assertEquals(1, watch.all().size(), "535 is new enough");
    }
}
