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
import java.util.Map;
import java.util.Optional;

import net.imglib2.img.Img;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.Validated;
import org.scijava.ValidityProblem;
import org.scijava.app.StatusService;
import org.scijava.plugin.Parameter;
import org.scijava.task.Task;
import org.scijava.task.TaskService;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.DiffusionService;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.Seed;
import net.diffusionj.service.steps.StepsTable;

/**
 * What every command that generates has in common: the parameters, the call, progress and cancelling. It shows nothing and reads no pixels.
 * <p>
 * Steps and sizes start at 0, guidance and its ends at -1, which means the model's own value; a dialog sees the model's numbers instead, so that what it
 * records stays true when the model changes. Nothing is persisted: a hidden value of yesterday would change today's result.
 * </p>
 * <p>
 * One instance makes one run. {@link #cancel} may be called from any thread.
 * </p>
 */
public abstract class GenerationCommand extends PlainCommand implements Validated {

    /** Stands in the menu of schedulers for the one that the model brings. */
    static final String MODELS_OWN = "model";

    /** Stands for the beginning and the end of guidance that the model brings. */
    private static final double MODELS_OWN_FRACTION = -1;

    @Parameter
    private DiffusionService diffusion;

    @Parameter
    private StatusService status;

    @Parameter
    private TaskService tasks;

    @Parameter(label = "Prompt", style = "text area", required = false, persist = false,
        description = "What to draw, in English words, such as: sparse bright nuclei, blue, fluorescence")
    private String prompt = "";

    @Parameter(label = "Negative prompt", style = "text area", required = false, persist = false,
        description = "What to avoid, such as: blurred, noisy. May stay empty.")
    private String negative = "";

    @Parameter(label = "Model", style = "directory", required = false, persist = false, initializer = "fillFromModel", callback = "takeFromModel",
        description = "Name of an installed model, or a model folder. Empty: the model that comes with DiffusionJ.")
    private String model = "";

    @Parameter(label = "Steps", min = "0", max = "1000", required = false, persist = false,
        description = "Denoising steps. More take longer; 10 to 30 are usual. 0: the model's own number.")
    private int steps;

    @Parameter(label = "Guidance scale", min = "-1", max = "100", stepSize = "0.5", required = false, persist = false,
        description = "How strictly to follow the prompt: 1 to 12 are usual. -1: the model's own value.")
    private double guidance = -1;

    @Parameter(label = "Guidance from", min = "-1", max = "1", stepSize = "0.1", required = false, persist = false,
        description = "Guidance begins after this part of the steps: 0 for at once. Steps without guidance take half the time. -1: the model's own value.")
    private double guidancefrom = MODELS_OWN_FRACTION;

    @Parameter(label = "Guidance to", min = "-1", max = "1", stepSize = "0.1", required = false, persist = false,
        description = "Guidance ends after this part of the steps: 1 for never. -1: the model's own value.")
    private double guidanceto = MODELS_OWN_FRACTION;

    @Parameter(label = "Scheduler", choices = {MODELS_OWN, "ddim", "pndm", "lms", "euler", "euler-ancestral", "dpmpp-2m", "lcm"},
        required = false, persist = false, description = "The noise schedule. \"model\": the one that the model brings.")
    private String scheduler = MODELS_OWN;

    @Parameter(label = "Seed", required = false, persist = false,
        description = "Any whole number. The same seed and settings give the same image again. -1: a random one, which the result records.")
    private String seed = "0";

    @Parameter(label = "Batch size", min = "1", max = "1000", required = false, persist = false,
        description = "How many images to make. Image k has the seed + k; several images come as a stack.")
    private int batch = 1;

    @Parameter(label = "Provider", choices = {"auto", "cpu", "cuda", "tensorrt", "directml", "openvino", "coreml", "plugin"}, required = false, persist = false,
        description = "What computes. \"auto\": the fastest that works here.")
    private String provider = "auto";

    @Parameter(label = "Camera noise", required = false, persist = false,
        description = "Noise of a camera to put on what is generated, in grey values: gain=0.5,read=3,offset=100, or a file with this text. Empty: none.")
    private String camera = "";

    /** Stands behind the explanation of the steps. */
    @Parameter(label = "Measured", visibility = ItemVisibility.MESSAGE, required = false, persist = false)
    private String stepsnote = "";

    /** Set by whoever asks a person; scripts and macros leave it, so that they measure and repeat what they say. */
    @Parameter(label = "Take kept results", visibility = ItemVisibility.INVISIBLE, required = false, persist = false,
        description = "Whether the result of an equal run is taken from the disk, and this one kept there.")
    private boolean cached;

    @Parameter(type = ItemIO.OUTPUT, label = "Result")
    private Img<?> result;

    @Parameter(type = ItemIO.OUTPUT, label = "Settings")
    private Map<String, String> settings;

    @Parameter(type = ItemIO.OUTPUT, label = "Warnings")
    private List<String> warnings;

    private final CancelToken token = new CancelToken();

    @Override
    final void perform() {
        final Task task = tasks.createTask(getInfoTitle());
        task.setCancelCallBack(() -> cancel(""));
        task.start();
        try {
            drawSeed();
            final DiffusionRequest request = request();
            check(request, diffusion.defaults(request.model()));
            final DiffusionOutcome outcome = diffusion.generate(request, new GenerationProgress(request, status, task, log()), token);
            if (outcome.isCancelled()) {
                cancel("");
                return;
            }
            final DiffusionResult made = outcome.result();
            result = made.image();
            settings = made.settings();
            warnings = made.warnings().stream().map(MenuWords::of).toList();
        }
        finally {
            task.finish();
            status.clearStatus();
        }
    }

    /** Stops the run, also inside a model call. */
    @Override
    public void cancel(final String reason) {
        super.cancel(reason);
        token.cancel();
    }

    @Override
    public boolean isValid() {
        return getProblems().isEmpty();
    }

    /** What is wrong with the parameters as they are now, as far as it shows without running. Cheap: meant to be asked at every keystroke. */
    @Override
    public List<ValidityProblem> getProblems() {
        try {
            final DiffusionRequest request = request();
            check(request, diffusion.defaults(request.model()));
            return List.of();
        }
        catch (final DiffusionJException e) {
            return List.of(new ValidityProblem(MenuWords.of(e.getMessage()), e));
        }
    }

    /** @return name of this command in the list of tasks */
    abstract String getInfoTitle();

    /** @param request gets what only this command knows */
    abstract void complete(DiffusionRequest.Builder request);

    /**
     * Checks what only this command knows against the model.
     *
     * @param request what would run
     * @param defaults of its model
     * @throws net.diffusionj.InvalidInputException if it could not run
     */
    void check(final DiffusionRequest request, final ModelDefaults defaults) {}

    /** @param defaults of the model that was just chosen; an implementation takes over what its own parameters need */
    void take(final ModelDefaults defaults) {
        steps = defaults.steps();
        guidance = defaults.guidance();
        guidancefrom = defaults.guided().from();
        guidanceto = defaults.guided().to();
    }

    /** @param defaults of the model; an implementation fills in those of its own parameters that are still open */
    void fill(final ModelDefaults defaults) {
        if (steps == 0) steps = defaults.steps();
        if (guidance < 0) guidance = defaults.guidance();
        if (guidancefrom == MODELS_OWN_FRACTION) guidancefrom = defaults.guided().from();
        if (guidanceto == MODELS_OWN_FRACTION) guidanceto = defaults.guided().to();
    }

    /** So that the recorder and whoever reads the parameter afterwards see the seed that was used. */
    private void drawSeed() {
        final boolean random = Seed.RANDOM.equals(seed.strip());
        seed = Seed.text(Seed.parse(seed));
        if (random) log().info(getInfoTitle() + " draws with seed " + seed);
    }

    private DiffusionRequest request() {
        final DiffusionRequest.Builder request = DiffusionRequest.prompt(prompt).negative(negative).model(model.strip()).seed(seed).batch(batch)
            .scheduler(MODELS_OWN.equals(scheduler) ? "" : scheduler).provider(provider).useResultCache(cached);
        if (steps != 0) request.steps(steps);
        if (guidance >= 0) request.guidance(guidance);
        if (guidancefrom != MODELS_OWN_FRACTION) request.guidanceFrom(guidancefrom);
        if (guidanceto != MODELS_OWN_FRACTION) request.guidanceTo(guidanceto);
        if (!camera.isBlank()) request.camera(CameraModel.of(camera.strip()));
        complete(request);
        return request.build();
    }

    @SuppressWarnings("unused") // SciJava calls it by name
    private void fillFromModel() {
        defaultsIfReadable().ifPresent(this::fill);
        noteMeasuredSteps();
    }

    @SuppressWarnings("unused") // SciJava calls it by name
    private void takeFromModel() {
        defaultsIfReadable().ifPresent(this::take);
        noteMeasuredSteps();
    }

    private void noteMeasuredSteps() {
        try {
            stepsnote = diffusion.measuredSteps(model.strip()).flatMap(StepsTable::inWords).orElse("");
        }
        catch (final DiffusionJException e) {
            // As above: the run reports what is wrong with the model.
            log().debug(e);
            stepsnote = "";
        }
    }

    /** A model that cannot be read is reported by the run itself, with its reason: a dialog must still open. */
    private Optional<ModelDefaults> defaultsIfReadable() {
        try {
            return Optional.of(diffusion.defaults(model.strip()));
        }
        catch (final DiffusionJException e) {
            log().debug(e);
            return Optional.empty();
        }
    }
}
