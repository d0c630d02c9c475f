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
package net.diffusionj.commands;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.Task;
import org.scijava.task.TaskService;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.PathNames;
import net.diffusionj.augment.AugmentRequest;
import net.diffusionj.augment.AugmentService;
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
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.service.Seed;

/** Makes a training set from a folder or stack of images: a dialog or macro line in, a folder out; as long as its parameters are many. */
@Plugin(type = Command.class, label = "Augment Images...", attrs = @Attr(name = "no-record"),
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Augment Images...")},
    description = "Makes variants of every image in a folder or stack, with labels that are still true")
public class AugmentImages extends PlainCommand {

    private static final double MOST_GUIDANCE = 100;
    private static final int PARTS = 1000;

    @Parameter
    private AugmentService augment;

    @Parameter
    private StatusService status;

    @Parameter
    private TaskService tasks;

    @Parameter(label = "Images", style = "directory", required = false, persist = false, description = "Folder of images, or a stack as a file.")
    private String input = "";

    @Parameter(label = "Labels", style = "directory", required = false, persist = false,
        description = "Folder of label images or masks of the same names. May stay empty: then outputs are not checked.")
    private String labels = "";

    @Parameter(label = "Classes", required = false, persist = false, description = "CSV table with the columns file, and class, group or both. May stay empty.")
    private String classes = "";

    @Parameter(label = "Output", style = "directory", required = false, persist = false,
        description = "Folder to fill. The same settings on the same folder go on where a run was stopped.")
    private String output = "";

    @Parameter(label = "Variants", min = "1", required = false, persist = false, description = "Outputs of every image.")
    private int variants = 4;

    @Parameter(label = "Balance", min = "0", required = false, persist = false,
        description = "If above 0: bring every class to this number of images, its sources included, whatever Variants says. Rejected outputs are replaced.")
    private int balance;

    @Parameter(label = "Mode", choices = {"vary", "background", "objects"}, required = false, persist = false,
        description = "vary: everything, a little. background, objects: that alone; the rest stays bit for bit.")
    private String mode = "vary";

    @Parameter(label = "Strength", required = false, persist = false,
        description = "How far from the image: 0.3, each of 0.2,0.3, or any of 0.2..0.35. Above 0.4 labels get lost.")
    private String strength = "" + DrawChoices.DEFAULT_STRENGTH;

    @Parameter(label = "Prompt", style = "text area", required = false, persist = false,
        description = "What to draw; {class} stands for the class. Several, with | between, each in turn. May stay empty.")
    private String prompt = "";

    @Parameter(label = "Negative prompt", required = false, persist = false, description = "What to avoid. May stay empty.")
    private String negative = "";

    @Parameter(label = "Guidance scale", required = false, persist = false, description = "Values as for the strength. Empty: the model's own.")
    private String guidance = "";

    @Parameter(label = "Steps", min = "0", max = "1000", required = false, persist = false, description = "Denoising steps. 0: the model's own number.")
    private int steps;

    @Parameter(label = "Scheduler", choices = {GenerationCommand.MODELS_OWN, "ddim", "pndm", "lms", "euler", "euler-ancestral", "dpmpp-2m", "lcm"},
        required = false, persist = false, description = "The noise schedule. \"model\": the one that the model brings.")
    private String scheduler = GenerationCommand.MODELS_OWN;

    @Parameter(label = "Seed", required = false, persist = false, description = "Every other seed comes from it.")
    private String seed = "0";

    @Parameter(label = "Scale", required = false, persist = false, description = "As in Image to Image. Empty: the model's own.")
    private String scale = "";

    @Parameter(label = "Model", style = "directory", required = false, persist = false,
        description = "Name of an installed model, or a model folder. Empty: the model that comes with DiffusionJ.")
    private String model = "";

    @Parameter(label = "Provider", choices = {"auto", "cpu", "cuda", "tensorrt", "directml", "openvino", "coreml", "plugin"}, required = false, persist = false,
        description = "What computes. \"auto\": the fastest that works here.")
    private String provider = "auto";

    @Parameter(label = "Transforms", required = false, persist = false,
        description = "After the drawing, of image and labels alike: flip,turn,rotate=15,elastic=2,intensity=0.1. Empty: none.")
    private String transforms = "";

    @Parameter(label = "Camera", required = false, persist = false,
        description = "Noise of the camera: auto (estimated from the images), off, gain=0.5,read=3,offset=100, or a file that holds this.")
    private String camera = AugmentRequest.ESTIMATED;

    @Parameter(label = "Filter", required = false, persist = false,
        description = "Quality that outputs must have, such as ssim>0.5,copy>0.1. Measures: ssim, psnr, histogram, copy, outputs, kernel. Empty: any.")
    private String filter = "";

    @Parameter(label = "Split", required = false, persist = false,
        description = "Shares of training, validation and test, such as 0.7,0.15,0.15. Empty: no split.")
    private String split = "";

    @Parameter(label = "Layout", choices = {"none", "pairs", "stardist", "cellpose"}, required = false, persist = false,
        description = "Also makes a folder of this name in the output, for training.")
    private String layout = "none";

    @Parameter(label = "Dry run", required = false, persist = false, description = "Only shows the plan, its time and its disk use.")
    private boolean dryrun;

    @Parameter(label = "Replay", style = "directory", required = false, persist = false,
        description = "Instead: an augmented folder, whose files are made again from its manifest. Only Output and Model count beside it. Empty: none.")
    private String replay = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    private final CancelToken token = new CancelToken();

    @Override
    void perform() {
        if (output.isBlank()) throw new InvalidInputException("Name the folder for the outputs.");
        if (!replay.isBlank() && !input.isBlank()) throw new InvalidInputException("A replay takes everything from the manifest: leave the images empty.");
        final Optional<AugmentRequest> request = replay.isBlank() ? Optional.of(request()) : Optional.empty();
        final Task task = tasks.createTask("Augment Images");
        task.setCancelCallBack(() -> cancel(""));
        task.setProgressMaximum(PARTS);
        task.start();
        try {
            final AugmentShown shown = new AugmentShown(status, task, log());
            if (request.isPresent() && dryrun) {
                report = augment.dryRun(request.get(), shown, token).inWords();
                return;
            }
            final AugmentOutcome outcome = request.map(wanted -> augment.augment(wanted, shown, token))
                .orElseGet(() -> augment.replay(new ReplayRequest(path(replay), path(output), model.strip()), shown, token));
            report = outcome.inWords();
            if (outcome.cancelled()) cancel("");
        }
        finally {
            task.finish();
            status.clearStatus();
        }
    }

    @Override
    public void cancel(final String reason) {
        super.cancel(reason);
        token.cancel();
    }

    private AugmentRequest request() {
        if (input.isBlank()) throw new InvalidInputException("Name the folder of the images.");
        final Amount amount = balance > 0 ? new Amount.Balance(balance) : new Amount.Variants(variants);
        final DrawChoices draw = new DrawChoices(Mode.parse(mode), Arrays.stream(prompt.split("\\|", -1)).map(String::strip).toList(), negative,
            Sweep.parse("Strength", strength, 0, 1), given(guidance).map(text -> Sweep.parse("Guidance", text, 0, MOST_GUIDANCE)),
            steps == 0 ? OptionalInt.empty() : OptionalInt.of(steps), GenerationCommand.MODELS_OWN.equals(scheduler) ? "" : scheduler, scale, model.strip(),
            provider, Seed.parse(seed));
        return new AugmentRequest(new Inputs(path(input), given(labels).map(AugmentImages::path), given(classes).map(AugmentImages::path)), path(output),
            amount,
            draw, TransformChoices.parse(transforms), camera, QualityFilter.parse(filter), given(split).map(SplitShares::parse),
            given(layout).filter(name -> !name.equals("none")).map(Layout::parse));
    }

    private static Optional<String> given(final String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
    }

    private static Path path(final String text) {
        return PathNames.path(text.strip());
    }
}
