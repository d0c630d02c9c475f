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
package net.diffusionj.augment.steps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.quality.StructuralSimilarity;
import net.diffusionj.model.ModelFamily;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.SchedulerNames;
import net.diffusionj.service.steps.StepsRow;
import net.diffusionj.service.steps.StepsTable;

import net.imglib2.img.Img;

/**
 * Draws the same pictures by every scheduler with few steps and compares them with those of many. Every picture is drawn in every way before the next one, so that
 * a machine that slows down meanwhile slows all.
 * <p>
 * Not thread-safe.
 * </p>
 */
public final class StepsRun {

    private static final double MILLIS_PER_SECOND = 1000;

    private final DiffusionEngine engine;
    private final StepsPlan plan;
    private final CancelToken cancel;

    /** One row's pictures. */
    private record Way(SchedulerKind scheduler, int steps) {}

    /** What was seen of a way, a picture after the other. */
    private record Seen(List<Double> seconds, List<Double> similarities) {}

    /**
     * @param engine draws the pictures
     * @param plan what to measure
     * @param cancel ends it
     */
    public StepsRun(final DiffusionEngine engine, final StepsPlan plan, final CancelToken cancel) {
        this.engine = engine;
        this.plan = plan;
        this.cancel = cancel;
    }

    /**
     * @param day today, as year, month and day
     * @param progress gets a line after every picture, and one for each way that a scheduler refuses
     * @return the table
     * @throws InvalidInputException if the model is made for few steps
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    public StepsTable run(final String day, final Consumer<String> progress) {
        final String model = plan.base().model();
        final ModelFolder folder = engine.describe(model);
        if (folder.family() != ModelFamily.STANDARD) {
            throw new InvalidInputException("The model " + folder.name() + " is made for few steps, and with many makes no better picture that others could be"
                + " compared with.");
        }
        final SchedulerKind reference = reference(folder);
        final Map<Way, Seen> seen = ways();
        for (int picture = 0; picture < plan.pictures(); picture++) {
            final Img<?> wanted = draw(picture, new Way(reference, plan.referenceSteps())).image();
            for (final Way way : List.copyOf(seen.keySet())) {
                try {
                    final DiffusionResult made = draw(picture, way);
                    seen.get(way).seconds().add(made.timings().totalMillis() / MILLIS_PER_SECOND);
                    seen.get(way).similarities().add(StructuralSimilarity.ofEightBits(wanted, made.image()));
                }
                catch (final InvalidInputException e) {
                    seen.remove(way);
                    progress.accept(way.scheduler().id() + " takes no " + way.steps() + " steps: " + e.getMessage());
                }
            }
            progress.accept(picture + 1 + " of " + plan.pictures() + " pictures");
        }
        final List<StepsRow> rows = new ArrayList<>();
        seen.forEach((way, values) -> rows.add(row(folder, way, values)));
        final ModelDefaults defaults = engine.defaults(model);
        return new StepsTable(folder.name(), engine.modelHash(model), plan.base().widthPx().orElse(defaults.widthPx()),
            plan.base().heightPx().orElse(defaults.heightPx()), plan.base().guidance().orElse(defaults.guidance()), plan.base().provider(), plan.pictures(),
            reference.id(), plan.referenceSteps(), day, rows);
    }

    /** The model's own where that settles; all that settle come to the same picture. */
    private SchedulerKind reference(final ModelFolder folder) {
        final SchedulerKind own = SchedulerNames.parse(engine.defaults(plan.base().model()).scheduler()).kind();
        return settles(folder, own) ? own : SchedulerKind.DDIM;
    }

    private static boolean settles(final ModelFolder folder, final SchedulerKind scheduler) {
        return !Schedulers.create(scheduler, folder.schedulerConfig()).schedule(StepsPlan.USUAL_STEPS.get(0)).stochastic();
    }

    private Map<Way, Seen> ways() {
        final Map<Way, Seen> ways = new LinkedHashMap<>();
        for (final String scheduler : SchedulerNames.all()) {
            for (final int steps : plan.steps())
                ways.put(new Way(SchedulerNames.parse(scheduler).kind(), steps), new Seen(new ArrayList<>(), new ArrayList<>()));
        }
        return ways;
    }

    private DiffusionResult draw(final int picture, final Way way) {
        final DiffusionRequest request = plan.base().with().seed(plan.base().seed() + picture).scheduler(way.scheduler().id()).steps(way.steps()).build();
        return engine.generate(request, DiffusionListener.NONE, cancel).result();
    }

    private static StepsRow row(final ModelFolder folder, final Way way, final Seen seen) {
        final double[] similarities = seen.similarities().stream().mapToDouble(Double::doubleValue).toArray();
        final double mean = Arrays.stream(similarities).average().orElseThrow();
        final double squares = Arrays.stream(similarities).map(value -> (value - mean) * (value - mean)).sum();
        final int count = similarities.length;
        final double[] seconds = seen.seconds().stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new StepsRow(way.scheduler().id(), way.steps(), settles(folder, way.scheduler()), (seconds[(count - 1) / 2] + seconds[count / 2]) / 2, mean,
            count == 1 ? 0 : Math.sqrt(squares / (count - 1) / count));
    }
}
