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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.pipeline.Overlap;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.Timings;

/**
 * Measures one model. Whatever is compared is run in turns, so that a machine that slows down meanwhile slows both.
 * <p>
 * Not thread-safe; opens and closes engines of its own.
 * </p>
 */
public final class Bench {

    private static final double PERCENT = 100;
    /** The first opens the model, the others let Java compile what a run calls; of a large model fewer, since there Java's share is nothing. */
    private static final int WARM_UPS = 30;
    private static final int FEWEST_WARM_UPS = 2;
    private static final double WARM_UP_MILLIS = 20_000;
    private static final int VARIATIONS = 4;
    private static final double FIRST_GUIDANCE = 4;

    private final BenchPlan plan;
    private final EngineMaker engines;
    private final CancelToken cancel;
    private final Map<String, Object> report = new LinkedHashMap<>();
    private long seed;

    /** Makes engines that are alike but for one thing. */
    @FunctionalInterface
    public interface EngineMaker {
        /** @param overlap what of a run happens at the same time
         *  @param keeps whether embeddings of prompts are kept
         *  @return a new engine, to be closed by the caller */
        DiffusionEngine make(Overlap overlap, boolean keeps);
    }

    /**
     * @param plan what to measure
     * @param engines makes engines
     * @param cancel ends the measurement
     */
    public Bench(final BenchPlan plan, final EngineMaker engines, final CancelToken cancel) {
        this.plan = plan;
        this.engines = engines;
        this.cancel = cancel;
    }

    /**
     * Measures everything that was planned.
     *
     * @param mainClass main class of this program
     * @param startArguments make it print {@link ProcessStart#measureThisProcess}
     * @return numbers by name, in a fixed order: milliseconds where the name ends in {@code _ms}, megabytes in {@code _mb}
     */
    public Map<String, Object> run(final String mainClass, final List<String> startArguments) {
        if (plan.parts().contains(BenchPlan.Part.START)) start(mainClass, startArguments);
        try (DiffusionEngine engine = engines.make(Overlap.WHERE_FASTER, true)) {
            describe(engine);
            warmUp(() -> generate(engine, plan.prompt(), 1));
            if (plan.parts().contains(BenchPlan.Part.WARM)) warm(engine);
            if (plan.parts().contains(BenchPlan.Part.BATCH)) batches(engine);
            if (plan.parts().contains(BenchPlan.Part.BRANCH)) branches(engine);
            ResidentMemory.settledMegabytes().ifPresent(megabytes -> report.put("open_rss_mb", rounded(megabytes)));
        }
        if (plan.parts().contains(BenchPlan.Part.CALLERS)) {
            try (DiffusionEngine engine = engines.make(Overlap.WHERE_FASTER, false)) {
                report.put("callers", new CallerRatios(plan, engine, cancel).measure());
            }
        }
        if (plan.parts().contains(BenchPlan.Part.AUGMENT)) {
            try (DiffusionEngine engine = engines.make(Overlap.WHERE_FASTER, true)) {
                report.put("augment", new AugmentThroughput(plan, engine, cancel).measure());
            }
        }
        if (plan.parts().contains(BenchPlan.Part.OVERLAP)) {
            overlap();
            decodingAhead();
        }
        ResidentMemory.settledMegabytes().ifPresent(megabytes -> report.put("released_rss_mb", rounded(megabytes)));
        ResidentMemory.peakMegabytes().ifPresent(megabytes -> report.put("peak_rss_mb", rounded(megabytes)));
        return report;
    }

    private void describe(final DiffusionEngine engine) {
        final ModelDefaults defaults = engine.defaults(plan.model());
        report.put("model", engine.describe(plan.model()).name());
        report.put("steps", plan.steps().orElse(defaults.steps()));
        report.put("width", plan.widthPx().orElse(defaults.widthPx()));
        report.put("height", plan.heightPx().orElse(defaults.heightPx()));
        report.put("scheduler", plan.scheduler().isEmpty() ? defaults.scheduler() : plan.scheduler());
        report.put("guidance", defaults.guidance());
        report.put("provider", plan.provider());
        report.put("repeat", plan.repeat());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("onnxruntime", engine.runtimeVersion());
        report.put("java", System.getProperty("java.version"));
    }

    private void start(final String mainClass, final List<String> arguments) {
        final List<Double> firstStep = new ArrayList<>();
        final List<Double> firstImage = new ArrayList<>();
        for (int i = 0; i < plan.starts(); i++) {
            cancel.throwIfCancelled();
            final ProcessStart.Times times = ProcessStart.ofNewProcess(mainClass, arguments);
            firstStep.add(times.firstStep());
            firstImage.add(times.firstImage());
        }
        report.put("cold_start_ms", median(firstImage));
        report.put("first_step_ms", median(firstStep));
    }

    private void warm(final DiffusionEngine engine) {
        final List<Double> fresh = new ArrayList<>();
        final List<Double> repeated = new ArrayList<>();
        final List<Double> steps = new ArrayList<>();
        final List<Double> overhead = new ArrayList<>();
        final List<Double> outside = new ArrayList<>();
        final List<Double> text = new ArrayList<>();
        final List<Double> decode = new ArrayList<>();
        for (int i = 0; i < plan.repeat(); i++) {
            final Timings times = generate(engine, plan.prompt() + ' ' + i, 1).timings();
            fresh.add(times.totalMillis());
            steps.addAll(times.stepMillis());
            outside.add(times.totalMillis() - times.modelMillis());
            overhead.add(PERCENT * (times.totalMillis() - times.modelMillis()) / times.totalMillis());
            text.add(times.textMillis());
            decode.add(times.decodeMillis());
            repeated.add(generate(engine, plan.prompt(), 1).timings().totalMillis());
        }
        report.put("warm_ms", median(fresh));
        report.put("step_ms", median(steps));
        report.put("text_ms", median(text));
        report.put("decode_ms", median(decode));
        report.put("outside_runtime_ms", median(outside));
        report.put("overhead_percent", median(overhead));
        report.put("repeated_prompt_ms", median(repeated));
    }

    private void batches(final DiffusionEngine engine) {
        final Map<Integer, List<Double>> totals = new LinkedHashMap<>();
        for (int i = 0; i < plan.repeat(); i++) {
            for (final int size : plan.batches()) {
                totals.computeIfAbsent(size, s -> new ArrayList<>()).add(generate(engine, plan.prompt(), size).timings().totalMillis());
            }
        }
        final List<Map<String, Object>> rows = new ArrayList<>();
        totals.forEach((size, times) -> {
            final Map<String, Object> row = new LinkedHashMap<>();
            row.put("size", size);
            row.put("total_ms", median(times));
            row.put("per_image_ms", rounded(Medians.of(times) / size));
            rows.add(row);
        });
        report.put("batch", rows);
    }

    private void branches(final DiffusionEngine engine) {
        final BranchRequest branches = variations(engine);
        final DiffusionRequest base = branches.base();
        final List<Double> together = new ArrayList<>();
        final List<Double> apart = new ArrayList<>();
        for (int i = 0; i < plan.repeat(); i++) {
            together.add(millis(() -> branch(engine, branches)));
            apart.add(
                millis(() -> branches.branches().stream().map(variation -> engine.generate(base.with().guidance(variation.guidance().getAsDouble()).build(),
                    DiffusionListener.NONE, cancel).result()).toList()));
        }
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("variations", VARIATIONS);
        row.put("shared_steps", branches.sharedSteps());
        row.put("together_ms", median(together));
        row.put("apart_ms", median(apart));
        row.put("ratio", ratio(together, apart));
        report.put("branching", row);
    }

    /** Other guidance from half of the steps on. */
    private BranchRequest variations(final DiffusionEngine engine) {
        final DiffusionRequest base = plan.request(plan.prompt(), 1).build();
        final int steps = base.steps().orElse(engine.defaults(plan.model()).steps());
        final List<PipelineBranch> variations = new ArrayList<>();
        for (int i = 0; i < VARIATIONS; i++) variations.add(PipelineBranch.UNCHANGED.withGuidance(FIRST_GUIDANCE + i));
        return new BranchRequest(base, steps / 2, variations);
    }

    private List<DiffusionResult> branch(final DiffusionEngine engine, final BranchRequest branches) {
        return engine.branch(branches, DiffusionListener.NONE, cancel).stream().map(DiffusionOutcome::result).toList();
    }

    /** Variations, of which each is decoded while the next is denoised, or before. */
    private void decodingAhead() {
        final List<Double> ahead = new ArrayList<>();
        final List<Double> inTurn = new ArrayList<>();
        try (DiffusionEngine one = engines.make(Overlap.ALWAYS, true); DiffusionEngine other = engines.make(Overlap.NONE, true)) {
            final BranchRequest branches = variations(one);
            warmUp(() -> List.of(branch(one, branches), branch(other, branches)));
            for (int i = 0; i < plan.repeat(); i++) {
                ahead.add(millis(() -> branch(one, branches)));
                inTurn.add(millis(() -> branch(other, branches)));
            }
        }
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("variations_ms", median(ahead));
        row.put("without_ms", median(inTurn));
        row.put("ratio", ratio(ahead, inTurn));
        report.put("decoding_ahead", row);
    }

    /** Files are in the system's cache by now; what is compared is the opening. */
    private void overlap() {
        final List<Double> sideBySide = new ArrayList<>();
        final List<Double> inTurn = new ArrayList<>();
        for (int i = 0; i < plan.repeat(); i++) {
            for (final Overlap overlap : List.of(Overlap.WHERE_FASTER, Overlap.NONE)) {
                try (DiffusionEngine engine = engines.make(overlap, true)) {
                    (overlap == Overlap.NONE ? inTurn : sideBySide).add(generate(engine, plan.prompt(), 1).timings().totalMillis());
                }
            }
        }
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("first_generation_ms", median(sideBySide));
        row.put("without_ms", median(inTurn));
        row.put("ratio", ratio(sideBySide, inTurn));
        report.put("overlap", row);
    }

    private DiffusionResult generate(final DiffusionEngine engine, final String prompt, final int batch) {
        return engine.generate(plan.request(prompt, seed++).batch(batch).build(), DiffusionListener.NONE, cancel).result();
    }

    private static void warmUp(final Supplier<?> work) {
        double total = 0;
        for (int i = 0; i < WARM_UPS && (i < FEWEST_WARM_UPS || total < WARM_UP_MILLIS); i++) total += millis(work);
    }

    private static double millis(final Supplier<?> work) {
        final long start = System.nanoTime();
        work.get();
        return (System.nanoTime() - start) / 1e6;
    }

    static double median(final List<Double> values) {
        return rounded(Medians.of(values));
    }

    static double ratio(final List<Double> one, final List<Double> other) {
        return rounded(Medians.of(one) / Medians.of(other));
    }

    private static double rounded(final double value) {
        return Math.rint(value * 1000) / 1000;
    }

    /** @param value a measurement that not every system gives
     *  @return as a report has it */
    static Object orUnknown(final OptionalDouble value) {
        return value.isPresent() ? rounded(value.getAsDouble()) : "unknown";
    }
}
