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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.AugmentEngine;
import net.diffusionj.augment.AugmentRequest;
import net.diffusionj.augment.ReplayRequest;
import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.layout.SplitShares;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentOutcome;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.Seed;

/** {@code diffusionj augment}: a training set from few images; as long as its options are many. */
@Command(name = "augment", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Makes variants of every image in a folder or stack, with labels that are still true, and a manifest of how each was made."
        + " The same command on the same folder goes on where it was stopped.")
final class AugmentCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;
    private static final double MOST_GUIDANCE = 100;

    private final Printer printer;

    @Option(names = {"-i", "--input"}, paramLabel = "DIR|FILE", description = "Folder of images, or a stack.")
    private Path input;

    @Option(names = "--labels", paramLabel = "DIR|FILE",
        description = "Label images or masks of the same names. Outputs get labels, and are checked against them.")
    private Path labels;

    @Option(names = "--classes", paramLabel = "FILE.csv", description = "Table with the columns file, and class, group or both.")
    private Path classes;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "DIR", description = "Folder to fill.")
    private Path output;

    @Option(names = "--variants", paramLabel = "N", description = "Outputs of every image. Default: 4.")
    private Integer variants;

    @Option(names = "--balance", paramLabel = "N",
        description = "Instead of --variants: bring every class to N images, its sources included. Rejected outputs are replaced.")
    private Integer balance;

    @Option(names = "--mode", paramLabel = "vary|background|objects", defaultValue = "vary",
        description = "vary: everything, a little. background, objects: that alone; the rest stays bit for bit. Default: ${DEFAULT-VALUE}.")
    private String mode;

    @Option(names = "--strength", paramLabel = "VALUES", defaultValue = "" + DrawChoices.DEFAULT_STRENGTH,
        description = "How far from the source, 0 to 1: 0.3, each of 0.2,0.3, or any of 0.2..0.35. Above 0.4 labels get lost. Default: ${DEFAULT-VALUE}.")
    private String strength;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What to draw; {class} stands for the class. Several times: each in turn. Default: nothing.")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--negative", paramLabel = "TEXT", defaultValue = "", description = "What to avoid.")
    private String negative;

    @Option(names = "--guidance", paramLabel = "VALUES", description = "How closely to follow the prompt; values as for --strength. Default: the model's own.")
    private String guidance;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Every other seed comes from it. Default: ${DEFAULT-VALUE}.")
    private String seed;

    @Option(names = "--steps", paramLabel = "N", description = "Denoising steps. Default: the model's own.")
    private Integer steps;

    @Option(names = "--scheduler", paramLabel = "NAME", defaultValue = "", completionCandidates = Choices.Schedulers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: the model's own.")
    private String scheduler;

    @Option(names = "--scale", paramLabel = "FACTOR|auto", defaultValue = "", description = "As in img2img. Default: the model's own.")
    private String scale;

    @Option(names = "--model", paramLabel = "NAME|FOLDER", defaultValue = "", description = "An installed model, or a folder with an ONNX model.")
    private String model;

    @Option(names = "--provider", paramLabel = "NAME", defaultValue = "auto", completionCandidates = Choices.Providers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String provider;

    @Option(names = "--transforms", paramLabel = "LIST", defaultValue = "",
        description = "Changes after the drawing, of image and labels alike: flip,turn,rotate=DEGREES,elastic=PIXELS,intensity=SHARE. Default: none.")
    private String transforms;

    @Option(names = "--camera", paramLabel = "FILE|VALUES|off", defaultValue = AugmentRequest.ESTIMATED,
        description = "Noise of the camera: gain=..,read=..,offset=.., a file that holds this, or off. Default: estimated from the images.")
    private String camera;

    @Option(names = "--filter", paramLabel = "CONDITIONS", defaultValue = "",
        description = "Quality that outputs must have, such as ssim>0.5,copy>0.1. Measures: ssim, psnr, histogram, copy, outputs, kernel.")
    private String filter;

    @Option(names = "--split", paramLabel = "T,V,S", description = "Shares of training, validation and test, such as 0.7,0.15,0.15. Groups stay together.")
    private String split;

    @Option(names = "--layout", paramLabel = "pairs|stardist|cellpose", description = "Also make a folder of this name in the output, for training.")
    private String layout;

    @Option(names = "--dry-run", description = "Only show the plan, its time and its disk use.")
    private boolean dryRun;

    @Option(names = "--replay", paramLabel = "manifest.csv",
        description = "Instead: make the files of a manifest again. Needs --output alone; --model for a model that has moved.")
    private Path replay;

    AugmentCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    @SuppressWarnings("try") // the interrupt is armed for the time of the run, not used
    public Integer call() {
        if (replay == null && input == null) throw new InvalidInputException("Give the images with --input, or a manifest with --replay.");
        if (replay != null && input != null) throw new InvalidInputException("A replay takes everything from the manifest: leave out --input.");
        final Optional<AugmentRequest> request = replay == null ? Optional.of(request()) : Optional.empty();
        final CancelToken cancel = new CancelToken();
        try (Interrupt interrupt = new Interrupt(cancel); DiffusionEngine engine = new DiffusionEngine(DiffusionHome.locate());
            AugmentTerminal terminal = new AugmentTerminal(printer)) {
            final AugmentEngine augment = new AugmentEngine(Drawer.of(engine));
            if (request.isPresent() && dryRun) {
                augment.dryRun(request.get(), terminal, cancel).inWords().forEach(printer::result);
                return 0;
            }
            final AugmentOutcome outcome = request.map(wanted -> augment.run(wanted, terminal, cancel))
                .orElseGet(() -> augment.replay(new ReplayRequest(replay, output, model), terminal, cancel));
            terminal.close();
            outcome.inWords().forEach(printer::result);
            return outcome.cancelled() ? INTERRUPTED : 0;
        }
    }

    private AugmentRequest request() {
        if (variants != null && balance != null) throw new InvalidInputException("Give --variants or --balance, not both.");
        final Amount amount = balance != null ? new Amount.Balance(balance) : new Amount.Variants(variants == null ? 4 : variants);
        final DrawChoices draw = new DrawChoices(Mode.parse(mode), prompts.isEmpty() ? List.of("") : prompts, negative,
            Sweep.parse("--strength", strength, 0, 1), Optional.ofNullable(guidance).map(text -> Sweep.parse("--guidance", text, 0, MOST_GUIDANCE)),
            steps == null ? OptionalInt.empty() : OptionalInt.of(steps), scheduler, scale, model, provider, Seed.parse(seed));
        return new AugmentRequest(new Inputs(input, Optional.ofNullable(labels), Optional.ofNullable(classes)), output, amount, draw,
            TransformChoices.parse(transforms), camera, QualityFilter.parse(filter), Optional.ofNullable(split).map(SplitShares::parse),
            Optional.ofNullable(layout).map(Layout::parse));
    }
}
