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
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;

/**
 * How long it takes from the start of a process to its first denoising step and its first image: one side starts processes, the other is such a
 * process and looks at the clock. The shell that became the process counts too; where the system does not tell when a process began, the
 * start of Java does.
 */
public final class ProcessStart {

    /** The environment variable by which {@code scripts/diffusionj} tells where it is. */
    private static final String SCRIPT = "DIFFUSIONJ_SCRIPT";
    /** What {@code scripts/diffusionj} adds for a command that makes one generation. */
    private static final String ONE_GENERATION = "-XX:TieredStopAtLevel=1";

    /** Milliseconds from the start of the process. */
    record Times(double firstStep, double firstImage) {}

    private ProcessStart() {}

    /**
     * Makes one image in this process, which has done nothing yet.
     *
     * @param engine new
     * @param plan what to make
     * @return one line of JSON
     */
    public static String measureThisProcess(final DiffusionEngine engine, final BenchPlan plan) {
        final double[] firstStep = {0};
        final DiffusionOutcome outcome = engine.generate(plan.request(plan.prompt(), 0).build(), new DiffusionListener() {
            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                if (step == 1) firstStep[0] = sinceStart();
            }
        }, new CancelToken());
        outcome.result();
        return new Gson().toJson(Map.of("first_step_ms", firstStep[0], "first_image_ms", sinceStart()));
    }

    private static double sinceStart() {
        final Instant start = ProcessHandle.current().info().startInstant()
            .orElseGet(() -> Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
        return Duration.between(start, Instant.now()).toNanos() / 1e6;
    }

    /**
     * Starts this program again with arguments that make it measure itself: by the script that has started it, if one has.
     *
     * @param mainClass its main class
     * @param arguments make it print what {@link #measureThisProcess} gives
     * @return what it measured
     */
    static Times ofNewProcess(final String mainClass, final List<String> arguments) {
        final ProcessBuilder builder = Optional.ofNullable(System.getenv(SCRIPT)).map(script -> throughScript(script, arguments))
            .orElseGet(() -> withoutScript(mainClass, List.of(ONE_GENERATION), arguments));
        try {
            final Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            final int code = process.waitFor();
            final Map<?, ?> times = code == 0 ? new Gson().fromJson(output, Map.class) : Map.of();
            if (!(times.get("first_step_ms") instanceof final Double step) || !(times.get("first_image_ms") instanceof final Double image)) {
                throw new DiffusionJException("The process that bench started ended with code " + code + ". What it printed stands above.");
            }
            return new Times(step, image);
        }
        catch (final IOException | JsonSyntaxException e) {
            throw new DiffusionJException("bench could not start a process of its own: " + e.getMessage() + ". Leave the start out with --parts.", e);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DiffusionJException("bench was interrupted while it waited for a process.", e);
        }
    }

    /**
     * @param mainClass the program's main class
     * @param arguments of a process of its own that makes many generations
     * @return starts it: by the script that has started this one, if one has
     */
    static ProcessBuilder command(final String mainClass, final List<String> arguments) {
        return Optional.ofNullable(System.getenv(SCRIPT)).map(script -> throughScript(script, arguments))
            .orElseGet(() -> withoutScript(mainClass, List.of(), arguments));
    }

    /** The script becomes the process, so its time counts; it knows that the process makes one generation. */
    private static ProcessBuilder throughScript(final String script, final List<String> arguments) {
        final List<String> command = new ArrayList<>(List.of(script));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static ProcessBuilder withoutScript(final String mainClass, final List<String> options, final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(ProcessStart::isForEveryProcess).forEach(command::add);
        command.addAll(options);
        // Whoever runs this program as a part of another has set it there.
        Optional.ofNullable(System.getProperty(DiffusionHome.PROPERTY)).ifPresent(home -> command.add("-D" + DiffusionHome.PROPERTY + '=' + home));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), mainClass));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** An agent or a debugger of this process is not for another. */
    private static boolean isForEveryProcess(final String option) {
        return !option.startsWith("-agent") && !option.startsWith("-javaagent") && !option.startsWith("-Xrun");
    }
}
