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

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.Seed;
import net.diffusionj.train.Budget;
import net.diffusionj.train.TuneEngine;
import net.diffusionj.train.TuneOptions;
import net.diffusionj.train.TuneOutcome;
import net.diffusionj.train.TuneRequest;
import net.diffusionj.train.material.ImageSet;

/** {@code diffusionj tune}: a model that knows one's own images. */
@Command(name = "tune", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Teaches a model your own images and installs the result under a name of its own. The state is kept once a minute: a tuning that was stopped"
        + " goes on with --resume.")
final class TuneCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;
    private static final int STOPPED = 1;

    private final Printer printer;

    @Option(names = {"-i", "--images"}, required = true, paramLabel = "DIR|FILE", description = "Folder of images, or one image or stack.")
    private Path images;

    @Option(names = "--caption", required = true, paramLabel = "TEXT", description = "The words by which you will ask for such images.")
    private String caption;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Name of the model that comes out.")
    private String name;

    @Option(names = "--steps", paramLabel = "N", description = "How many steps. Default: 500.")
    private Integer steps;

    @Option(names = "--minutes", paramLabel = "N", description = "Instead: for how long. Such a run cannot be repeated exactly.")
    private Double minutes;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Every random number comes from it. Default: ${DEFAULT-VALUE}.")
    private String seed;

    @Option(names = "--licence", paramLabel = "TEXT", defaultValue = "", description = "Licence of what comes out, for its card. Default: not stated.")
    private String licence;

    @Option(names = "--rate", paramLabel = "X", defaultValue = "1e-4", description = "Learning rate. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--model", paramLabel = "NAME|FOLDER", defaultValue = "",
        description = "The model to begin from: an installed one, or a folder. Default: MicroDiff.")
    private String model;

    @Option(names = "--provider", paramLabel = "NAME", defaultValue = "auto", completionCandidates = Choices.Providers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String provider;

    @Option(names = "--resume", description = "Go on with the tuning of this name that was stopped.")
    private boolean resume;

    TuneCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    @SuppressWarnings("try") // the interrupt is armed for the time of the run, not used
    public Integer call() {
        if (steps != null && minutes != null) throw new InvalidInputException("Give --steps or --minutes, not both.");
        final Budget budget = minutes != null ? Budget.minutes(minutes) : steps != null ? Budget.steps(steps) : Budget.DEFAULT;
        final TuneOptions options = TuneOptions.DEFAULTS.withModel(model).withProvider(provider).withSeed(Seed.parse(seed)).withLicence(licence).withRate(rate);
        final TuneRequest request = new TuneRequest(ImageSet.of(images), caption, name, budget, options, resume);
        if (minutes != null) printer.note("A tuning that is limited by minutes cannot be repeated exactly; one that is limited by steps can.");
        final CancelToken cancel = new CancelToken();
        try (Interrupt interrupt = new Interrupt(cancel); DiffusionEngine engine = new DiffusionEngine(DiffusionHome.locate());
            TuneTerminal terminal = new TuneTerminal(printer)) {
            final TuneOutcome outcome = new TuneEngine(engine, DiffusionHome.locate()).tune(request, terminal, cancel);
            terminal.close();
            outcome.inWords().forEach(printer::result);
            if (outcome.cancelled()) return INTERRUPTED;
            return outcome.stopped().isPresent() ? STOPPED : 0;
        }
    }
}
