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
package net.diffusionj.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

import com.google.gson.GsonBuilder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.steps.StepsPlan;
import net.diffusionj.augment.steps.StepsPlot;
import net.diffusionj.augment.steps.StepsRun;
import net.diffusionj.cli.bench.Bench;
import net.diffusionj.cli.bench.BenchPlan;
import net.diffusionj.cli.bench.Callers;
import net.diffusionj.cli.bench.ProcessStart;
import net.diffusionj.cli.bench.ServerBench;
import net.diffusionj.cli.bench.Soak;
import net.diffusionj.cli.bench.Verdict;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.pipeline.Overlap;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.steps.StepsTable;
import net.diffusionj.service.steps.StepsTables;

/** {@code diffusionj bench}: how fast a model is here, and whether memory stays where it should. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures a model: start, warm generation, step, time outside ONNX Runtime, batches, branching, callers, overlap, augmentation and memory. All numbers are medians.")
final class BenchCommand implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final int SOAK_STEPS = 4;
    private static final int REQUESTS_EACH = 50;
    private static final double LEAST_RATIO = 0.95;

    private final Printer printer;

    @Option(names = "--model", paramLabel = "NAME|FOLDER", description = "A model; several times for a soak that changes between models.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--prompt", paramLabel = "TEXT", defaultValue = "sparse bright nuclei on a dark background", description = "What to draw.")
    private String prompt;

    @Option(names = "--steps", paramLabel = "N", description = "Denoising steps. Default: the model's own; 4 for --soak and --callers.")
    private Integer steps;

    @Option(names = "--width", paramLabel = "PX", description = "Width; needs --height. Default: the model's own size.")
    private Integer width;

    @Option(names = "--height", paramLabel = "PX", description = "Height; needs --width.")
    private Integer height;

    @Option(names = "--scheduler", paramLabel = "NAME", defaultValue = "", completionCandidates = Choices.Schedulers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: the model's own.")
    private String scheduler;

    @Option(names = "--provider", paramLabel = "NAME", defaultValue = "auto", completionCandidates = Choices.Providers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String provider;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "10", description = "Runs that each median is taken of. Default: ${DEFAULT-VALUE}.")
    private int repeat;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "5", description = "Processes started to measure the start. Default: ${DEFAULT-VALUE}.")
    private int starts;

    @Option(names = "--batches", paramLabel = "N,N", split = ",", defaultValue = "1,2,3,4,5,6,7,8", description = "Batch sizes. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches = new ArrayList<>();

    @Option(names = "--parts", paramLabel = "PART,PART", split = ",", description = "Measure these only: ${COMPLETION-CANDIDATES}.")
    private List<BenchPlan.Part> parts = new ArrayList<>();

    @Option(names = "--soak", paramLabel = "N", description = "Instead: N generations of changing sizes; exit code 1 if memory grows or stays.")
    private Integer soak;

    @Option(names = "--callers", paramLabel = "N",
        description = "Instead: N threads of 50 mixed requests each, with cancels and failing instances; exit code 1 if one does not end, or makes another image than alone.")
    private Integer callers;

    @Option(names = "--quality",
        description = "Instead: how like the picture of 100 steps those of 4 to 30 are, by scheduler, on as many pictures as --repeat says; recommends one. Kept in the"
            + " home, where dialogs find it.")
    private boolean quality;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "With --quality: draw it.")
    private Path plot;

    @Option(names = "--server",
        description = "Instead: a server under load, and one that is killed; exit code 1 if a request is lost, makes another image than alone, or HTTP costs more"
            + " than a twentieth.")
    private boolean server;
    @Option(names = "--clients", paramLabel = "N", defaultValue = "32", description = "Clients of --server. Default: ${DEFAULT-VALUE}.")
    private int clients;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60", description = "Load of --server. Default: ${DEFAULT-VALUE}.")
    private int seconds;
    @Option(names = "--json", paramLabel = "FILE", description = "Also write the numbers to a file.")
    private Path json;

    @Option(names = "--this-process", hidden = true, description = "Make one image, print how long this process took to get there.")
    private boolean thisProcess;

    BenchCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    @SuppressWarnings("try") // the interrupt is armed for the time of the run, not used
    public Integer call() {
        if (json != null) AtomicFile.checkWritable(json);
        if (plot != null && !quality) throw new InvalidInputException("--plot draws what --quality measures. Give both.");
        if (plot != null) AtomicFile.checkWritable(plot);
        if ((width == null) != (height == null)) throw new InvalidInputException("Give --width and --height together, or neither.");
        final CancelToken cancel = new CancelToken();
        try (Interrupt interrupt = new Interrupt(cancel)) {
            if (quality) return quality(cancel);
            if (soak != null) return soak(cancel);
            if (server) return server(cancel);
            return callers == null ? measure(cancel) : callers(cancel);
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            printer.note("diffusionj: interrupted; nothing was written.");
            return INTERRUPTED;
        }
    }

    private BenchPlan plan() {
        return new BenchPlan(models.isEmpty() ? "" : models.get(0), prompt, optional(steps), optional(width), optional(height), scheduler, provider, repeat,
            starts,
            batches, parts.isEmpty() ? EnumSet.allOf(BenchPlan.Part.class) : EnumSet.copyOf(parts));
    }

    private int measure(final CancelToken cancel) {
        final BenchPlan plan = plan();
        if (thisProcess) {
            try (DiffusionEngine engine = engine(Overlap.WHERE_FASTER, true)) {
                printer.result(ProcessStart.measureThisProcess(engine, plan));
            }
            return 0;
        }
        final Map<String, Object> numbers = new Bench(plan, BenchCommand::engine, cancel).run(Main.class.getName(), startArguments(plan));
        report(numbers);
        return 0;
    }

    private static List<String> startArguments(final BenchPlan plan) {
        final List<String> arguments = new ArrayList<>(List.of("bench", "--this-process", "--prompt", plan.prompt(), "--provider", plan.provider()));
        if (!plan.model().isEmpty()) arguments.addAll(List.of("--model", plan.model()));
        if (!plan.scheduler().isEmpty()) arguments.addAll(List.of("--scheduler", plan.scheduler()));
        plan.steps().ifPresent(number -> arguments.addAll(List.of("--steps", Integer.toString(number))));
        plan.widthPx().ifPresent(number -> arguments.addAll(List.of("--width", Integer.toString(number))));
        plan.heightPx().ifPresent(number -> arguments.addAll(List.of("--height", Integer.toString(number))));
        return arguments;
    }

    private int soak(final CancelToken cancel) {
        final Verdict verdict;
        try (DiffusionEngine engine = engine(Overlap.WHERE_FASTER, true)) {
            verdict = new Soak(models.isEmpty() ? List.of("") : models, soak, steps == null ? SOAK_STEPS : steps, provider).run(engine, printer::note, cancel);
        }
        report(verdict.numbers());
        verdict.failures().forEach(printer::result);
        printer.result(verdict.failures().isEmpty() ? "Memory stays where it should." : "Memory does not stay where it should.");
        return verdict.failures().isEmpty() ? 0 : FAILED;
    }

    private int quality(final CancelToken cancel) {
        final BenchPlan plan = plan();
        final StepsTable table;
        try (DiffusionEngine engine = engine(Overlap.WHERE_FASTER, true)) {
            final StepsPlan what = new StepsPlan(plan.asUsual(0).build(), repeat, StepsPlan.USUAL_STEPS, StepsPlan.MANY_STEPS);
            table = new StepsRun(engine, what, cancel).run(LocalDate.now(ZoneOffset.UTC).toString(), printer::note);
        }
        printer.result(String.format("%-16s %6s %9s %7s %7s", "scheduler", "steps", "seconds", "SSIM", "error"));
        table.rows().forEach(row -> printer.result(String.format(Locale.ROOT, "%-16s %6d %9.3f %7.3f %7.3f%s", row.scheduler(), row.steps(), row.seconds(),
            row.similarity(), row.error(), row.settles() ? "" : "  draws noise")));
        printer.result(StepsTable.rule());
        table.recommended().ifPresent(row -> printer.result("Recommended: " + row.steps() + " steps of " + row.scheduler()));
        printer.result(new StepsTables(DiffusionHome.locate()).keep(table).toString());
        if (plot != null) {
            AtomicFile.write(plot, out -> out.write(StepsPlot.png(table)));
            printer.result(plot.toString());
        }
        if (json != null) writeJson(table);
        return 0;
    }

    private int callers(final CancelToken cancel) {
        if (steps == null) steps = SOAK_STEPS;
        final Verdict verdict = new Callers(plan(), callers, REQUESTS_EACH, 1)
            .run(watcher -> new DiffusionEngine(DiffusionHome.locate(), new Reuse(), watcher).here(), cancel);
        report(verdict.numbers());
        verdict.failures().forEach(printer::result);
        printer.result(verdict.failures().isEmpty() ? "Every request ended as it should." : "Not every request ended as it should.");
        return verdict.failures().isEmpty() ? 0 : FAILED;
    }

    private int server(final CancelToken cancel) {
        final Verdict verdict = new ServerBench(plan(), clients, seconds, LEAST_RATIO).run(Main.class.getName(),
            () -> engine(Overlap.WHERE_FASTER, true), () -> new DiffusionEngine(DiffusionHome.locate()), cancel);
        report(verdict.numbers());
        verdict.failures().forEach(printer::result);
        printer.result(verdict.failures().isEmpty() ? "Every request got its answer." : "Not all is as it should be.");
        return verdict.failures().isEmpty() ? 0 : FAILED;
    }

    private static DiffusionEngine engine(final Overlap overlap, final boolean keeps) {
        return new DiffusionEngine(DiffusionHome.locate(), new Reuse(keeps ? Reuse.DEFAULT_EMBEDDING_BYTES : 0, overlap)).here();
    }

    private static OptionalInt optional(final Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private void report(final Map<String, Object> numbers) {
        print("", numbers);
        if (json != null) writeJson(numbers);
    }

    private void writeJson(final Object numbers) {
        final String text = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(numbers) + '\n';
        AtomicFile.write(json, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        printer.result(json.toString());
    }

    private void print(final String prefix, final Map<?, ?> numbers) {
        numbers.forEach((key, value) -> {
            if (value instanceof final Map<?, ?> inner) print(prefix + key + ' ', inner);
            else if (value instanceof final List<?> rows) rows.forEach(row -> printer.result(String.format("%-28s %s", prefix + key, row)));
            else printer.result(String.format("%-28s %s", prefix + key, value));
        });
    }
}
