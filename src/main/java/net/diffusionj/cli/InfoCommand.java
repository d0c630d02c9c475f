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
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.image.SourceImage;
import net.diffusionj.io.FoundMark;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.MarkText;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.SchedulerNames;

/** {@code diffusionj info}: what this machine can do, what a model is, and whether an image was generated. */
@Command(name = "info", mixinStandardHelpOptions = true,
    description = "Lists versions, execution providers, schedulers and models; with --model, describes one; with a file, tells whether the image was generated, by what and from"
        + " which source.")
final class InfoCommand implements Callable<Integer> {

    private final Printer printer;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "An image, TIFF or PNG.")
    private Path file;

    @Option(names = "--source", paramLabel = "FILE", description = "With an image: compare the pixels of this one with those that it was made from.")
    private Path source;

    @Option(names = "--model", paramLabel = "NAME|FOLDER", description = "A model to describe.")
    private String model;

    @Option(names = "--retry", description = "Try again the execution providers that once ended the program.")
    private boolean retry;

    InfoCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public Integer call() {
        if (file != null && model != null) throw new InvalidInputException("An image and --model are two questions: ask one at a time.");
        if (file == null && source != null) throw new InvalidInputException("--source says what an image may have been made from. Name that image too.");
        if (file != null) {
            image();
            return 0;
        }
        final Path home = DiffusionHome.locate();
        try (DiffusionEngine engine = new DiffusionEngine(home)) {
            if (model == null) machine(engine, home);
            else describe(engine);
        }
        return 0;
    }

    private void image() {
        final Optional<FoundMark> found = FoundMark.in(file);
        MarkText.lines(found).forEach(printer::result);
        if (source == null) return;
        final String hash = SourceImage.of(ImageFiles.read(source).image()).pixelSha256();
        final boolean same = found.filter(mark -> mark.mark().sourceSha256().equals(hash)).isPresent();
        printer.result("Compared       " + (same ? "made from the pixels of " : "not known to be made from the pixels of ") + source + ", SHA-256 " + hash);
    }

    private void machine(final DiffusionEngine engine, final Path home) {
        printer.result("DiffusionJ     " + VersionProvider.version());
        printer.result("ONNX Runtime   " + new RuntimeBuild(engine.runtimeVersion(), engine.runtimeHasCuda(), System.getProperty("os.name"),
            System.getProperty("os.arch")).inWords());
        printer.result("Java           " + System.getProperty("java.version") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        printer.result("Home           " + home);
        for (final ProviderReport report : engine.providerReports(retry)) {
            printer.result(String.format("Provider       %-8s %s", report.provider().id(), report.outcome()));
        }
        printer.result("Schedulers     " + String.join(", ", SchedulerNames.all()));
        final var names = engine.installedModels().names();
        printer.result("Models         " + (names.isEmpty() ? "none in " + engine.installedModels().folder() : String.join(", ", names)));
    }

    private static String during(final GuidanceInterval guided) {
        return guided.equals(GuidanceInterval.ALWAYS) ? "" : ", from " + guided.from() + " to " + guided.to() + " of the steps";
    }

    private void describe(final DiffusionEngine engine) {
        final ModelFolder folder = engine.describe(model);
        final ModelDefaults defaults = engine.defaults(model);
        printer.result("Model          " + folder.name());
        printer.result("Folder         " + folder.root());
        printer.result("Content        " + engine.modelHash(model));
        printer.result("Size           " + defaults.widthPx() + " x " + defaults.heightPx() + " pixels, sides in multiples of " + defaults.sizeMultiplePx());
        printer.result("Steps          " + defaults.steps());
        printer.result("Guidance       " + defaults.guidance() + during(defaults.guided()));
        printer.result("Scheduler      " + SchedulerNames.ofModel(folder));
        printer.result("Prompt         up to " + folder.textLength() + " tokens");
        printer.result("Image to image " + (folder.vaeEncoder().isPresent() ? "yes" : "no: the folder has no vae_encoder"));
    }
}
