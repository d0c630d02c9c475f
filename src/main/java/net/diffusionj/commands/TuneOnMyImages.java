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

import java.util.List;

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
import net.diffusionj.service.Seed;
import net.diffusionj.train.Budget;
import net.diffusionj.train.TuneListener;
import net.diffusionj.train.TuneOptions;
import net.diffusionj.train.TuneOutcome;
import net.diffusionj.train.TuneProgress;
import net.diffusionj.train.TuneRequest;
import net.diffusionj.train.TuneService;
import net.diffusionj.train.material.ImageSet;

/** Teaches a model the user's own images: a dialog or macro line in, an installed model out. */
@Plugin(type = Command.class, label = "Tune on My Images...", attrs = @Attr(name = "no-record"),
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Tune on My Images...")},
    description = "Teaches a model your own images and installs the result under a name of its own")
public class TuneOnMyImages extends PlainCommand {

    private static final int PARTS = 1000;

    @Parameter
    private TuneService tune;

    @Parameter
    private StatusService status;

    @Parameter
    private TaskService tasks;

    @Parameter(label = "Images", style = "directory", required = false, persist = false,
        description = "Folder of images, or one image or stack as a file. Empty: the images that are open; of one with a selection, the selection.")
    private String images = "";

    @Parameter(label = "Caption", required = false, persist = false, description = "The words by which you will ask for such images, such as: my cells.")
    private String caption = "";

    @Parameter(label = "Name", required = false, persist = false, description = "Name of the model that comes out. In the other dialogs it goes into Model.")
    private String name = "";

    @Parameter(label = "Steps", min = "0", max = "1000000", required = false, persist = false, description = "How many steps. 0: as many as the minutes allow.")
    private int steps = 500;

    @Parameter(label = "Minutes", min = "0", required = false, persist = false,
        description = "If steps is 0: for how long. Such a run cannot be repeated exactly.")
    private double minutes = 10;

    @Parameter(label = "Licence", required = false, persist = false, description = "Licence of what comes out, for its card. Empty: not stated.")
    private String licence = "";

    @Parameter(label = "Resume", required = false, persist = false, description = "Goes on with the tuning of this name that was stopped.")
    private boolean resume;

    @Parameter(label = "Seed", required = false, persist = false, description = "Every random number comes from it.")
    private String seed = "0";

    @Parameter(label = "Rate", min = "0", max = "1", required = false, persist = false, description = "Learning rate. Lower it if the loss jumps.")
    private double rate = 1e-4;

    @Parameter(label = "Model", style = "directory", required = false, persist = false,
        description = "The model to begin from: name of an installed one, or a folder. Empty: the model that comes with DiffusionJ.")
    private String model = "";

    @Parameter(label = "Provider", choices = {"auto", "cpu", "cuda", "tensorrt", "directml", "openvino", "coreml", "plugin"}, required = false, persist = false,
        description = "What computes. \"auto\": the fastest that works here.")
    private String provider = "auto";

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    private final CancelToken token = new CancelToken();

    @Override
    void perform() {
        final Budget budget = steps > 0 ? Budget.steps(steps) : Budget.minutes(minutes);
        final TuneOptions options = TuneOptions.DEFAULTS.withModel(model.strip()).withProvider(provider).withSeed(Seed.parse(seed)).withLicence(licence)
            .withRate(rate);
        final TuneRequest request = new TuneRequest(imageSet(), caption, name, budget, options, resume);
        final Task task = tasks.createTask("Tune on My Images");
        task.setCancelCallBack(() -> cancel(""));
        task.setProgressMaximum(PARTS);
        task.start();
        try {
            final TuneOutcome outcome = tune.tune(request, new Shown(task), token);
            report = outcome.inWords();
            // What was learned is installed all the same, and the report says so.
            if (outcome.cancelled() && outcome.model().isEmpty()) cancel("");
        }
        finally {
            task.finish();
            status.clearStatus();
        }
    }

    private ImageSet imageSet() {
        if (!images.isBlank()) return ImageSet.of(PathNames.path(images.strip()));
        return tune.openImages().orElseThrow(() -> new InvalidInputException("Name the folder of the images."));
    }

    @Override
    public void cancel(final String reason) {
        super.cancel(reason);
        token.cancel();
    }

    /** Shows the progress in the status bar and the list of tasks. */
    private final class Shown implements TuneListener {

        private final Task task;

        Shown(final Task task) {
            this.task = task;
        }

        @Override
        public void progress(final TuneProgress progress) {
            final int part = (int) Math.round(progress.share() * PARTS);
            status.showStatus(part, PARTS, progress.inWords());
            task.setStatusMessage(progress.inWords());
            task.setProgressValue(part);
        }

        @Override
        public void warning(final String message) {
            log().warn(message);
        }
    }
}
