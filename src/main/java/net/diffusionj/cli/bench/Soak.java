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
import java.util.function.Consumer;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;

/**
 * Many generations of changing models, sizes, batches, prompts and schedulers, with an eye on the process's memory: it must not grow once
 * everything has been used, and must go back when it is released.
 */
public final class Soak {

    /** By then every model, size and scheduler has been used. */
    private static final int SETTLED_AFTER = 20;
    private static final double GROWTH_ALLOWED = 1.05;
    private static final double REMAINDER_ALLOWED_MB = 150;
    private static final List<String> SCHEDULERS = List.of("euler", "dpmpp-2m", "ddim", "euler-ancestral");

    private final List<String> models;
    private final int generations;
    private final int steps;
    private final String provider;

    /**
     * @param models names or folders, at least one
     * @param generations how many, at least 2
     * @param steps denoising steps of each
     * @param provider execution provider
     */
    public Soak(final List<String> models, final int generations, final int steps, final String provider) {
        if (generations < 2) throw new InvalidInputException("A soak takes at least 2 generations, not " + generations + ".");
        this.models = List.copyOf(models);
        this.generations = generations;
        this.steps = steps;
        this.provider = provider;
    }

    /**
     * Runs it. The engine must be new.
     *
     * @param engine runs the generations; its memory is released at the end
     * @param progress gets a line at intervals
     * @param cancel ends it
     * @return the verdict
     */
    public Verdict run(final DiffusionEngine engine, final Consumer<String> progress, final CancelToken cancel) {
        final OptionalDouble atStart = ResidentMemory.settledMegabytes();
        if (atStart.isEmpty()) throw new InvalidInputException("This system does not say how much memory a process has, so a soak proves nothing here.");
        final int settledAfter = Math.min(SETTLED_AFTER, generations / 2);
        double settled = atStart.getAsDouble();
        double highest = 0;
        for (int i = 1; i <= generations; i++) {
            engine.generate(request(engine, i), DiffusionListener.NONE, cancel).result();
            highest = Math.max(highest, ResidentMemory.megabytes().orElse(0));
            if (i == settledAfter) settled = ResidentMemory.settledMegabytes().orElseThrow();
            if (i % Math.max(1, generations / 10) == 0)
                progress.accept(i + " of " + generations + ": " + Math.round(ResidentMemory.megabytes().orElse(0)) + " MB");
        }
        final double end = ResidentMemory.settledMegabytes().orElseThrow();
        engine.releaseMemory();
        final double released = ResidentMemory.settledMegabytes().orElseThrow();
        return verdict(atStart.getAsDouble(), settledAfter, settled, highest, end, released);
    }

    /** Numbers that have no common factor, so that every model meets every size. */
    private DiffusionRequest request(final DiffusionEngine engine, final int i) {
        final String model = models.get(i % models.size());
        final ModelDefaults defaults = engine.defaults(model);
        final int multiple = defaults.sizes().evenPx();
        final int width = fitted(defaults.widthPx() * (2 + i % 3) / 4, multiple);
        final int height = fitted(defaults.heightPx() * (2 + i / 2 % 3) / 4, multiple);
        return DiffusionRequest.prompt("nuclei " + i % 50).model(model).seed(i).steps(steps).size(width, height).batch(1 + i % 2)
            .scheduler(SCHEDULERS.get(i % SCHEDULERS.size())).provider(provider).build();
    }

    private static int fitted(final int px, final int multiple) {
        return Math.max(multiple, px / multiple * multiple);
    }

    private Verdict verdict(final double start, final int settledAfter, final double settled, final double highest, final double end, final double released) {
        final Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("generations", generations);
        numbers.put("models", models.size());
        numbers.put("start_rss_mb", Bench.orUnknown(OptionalDouble.of(start)));
        numbers.put("settled_after", settledAfter);
        numbers.put("settled_rss_mb", Bench.orUnknown(OptionalDouble.of(settled)));
        numbers.put("highest_rss_mb", Bench.orUnknown(OptionalDouble.of(highest)));
        numbers.put("end_rss_mb", Bench.orUnknown(OptionalDouble.of(end)));
        numbers.put("released_rss_mb", Bench.orUnknown(OptionalDouble.of(released)));
        numbers.put("growth_percent", Bench.orUnknown(OptionalDouble.of(100 * (end / settled - 1))));
        final List<String> failures = new ArrayList<>();
        if (end > settled * GROWTH_ALLOWED) {
            failures
                .add("Memory grew from " + Math.round(settled) + " MB after " + settledAfter + " generations to " + Math.round(end) + " MB, more than 5 %.");
        }
        if (released > start + REMAINDER_ALLOWED_MB) {
            failures.add("After release " + Math.round(released) + " MB remain, more than " + Math.round(REMAINDER_ALLOWED_MB) + " MB above the "
                + Math.round(start) + " MB of the start.");
        }
        return new Verdict(numbers, failures);
    }
}
