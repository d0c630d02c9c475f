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
package net.diffusionj.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.scheduler.PlanCheck;
import net.diffusionj.scheduler.SchedulePlan;
import net.diffusionj.scheduler.Scheduler;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.config.SchedulerChoice;
import net.diffusionj.scheduler.config.SchedulerName;

/**
 * A request with every open choice filled in from its model, checked as far as that goes without opening a session.
 *
 * @param folder the model
 * @param source the picture to start from
 * @param settings what the pipeline is to do, without the source's pixels and mask: they are made when they are needed, by {@link #pipeline()}
 * @param scheduler the scheduler by the name that makes it again
 * @param camera whose noise is put on what is generated
 * @param warnings what came up on the way
 */
record ResolvedRun(ModelFolder folder, Optional<Source> source, PipelineRequest settings, SchedulerName scheduler, Optional<CameraModel> camera,
    List<String> warnings) {

    /** Makes a model's scheduler of a kind, or has made it before. */
    @FunctionalInterface
    interface SchedulerSource {
        /** @param folder has the configuration
         *  @param name which scheduler
         *  @return the scheduler
         *  @throws IllegalArgumentException naming the key of the configuration that cannot be used */
        Scheduler scheduler(ModelFolder folder, SchedulerName name);
    }

    /**
     * @param request what was asked for
     * @param folder the model that it names
     * @param schedulers makes the model's schedulers
     * @return the request with every choice made
     * @throws InvalidInputException if the request or the model's scheduler cannot be used
     */
    static ResolvedRun of(final DiffusionRequest request, final ModelFolder folder, final SchedulerSource schedulers) {
        final List<String> warnings = new ArrayList<>();
        final ModelDefaults defaults = RunDefaults.of(folder);
        final SchedulerName name = schedulerName(request, folder, warnings);
        final Scheduler scheduler = scheduler(name, folder, schedulers);
        final int steps = request.steps().orElse(defaults.steps());
        checkSteps(steps, scheduler, request, folder);
        if (request.mask().isPresent() && request.image().isEmpty()) {
            throw new InvalidInputException("A mask says which pixels of an image may change, but there is no image. Give an image too.");
        }
        final Optional<Source> source = request.image().map(image -> Source.of(request, folder, defaults));
        if (request.strength() > 0) source.flatMap(picture -> picture.image().warning(picture.mapping())).ifPresent(warnings::add);
        final WorkingSize size = source.map(picture -> new WorkingSize(picture.framing().widthPx(), picture.framing().heightPx()))
            .orElseGet(() -> WorkingSize.forText(request, defaults));
        if (source.isEmpty()) ImageMemory.check(size, Runtime.getRuntime().maxMemory());
        final Optional<float[]> noise = request.initialNoise().map(latents -> checkedNoise(latents, request, folder, size));
        final PipelineRequest settings = new PipelineRequest(request.prompt(), request.negative(), request.guidance().orElse(defaults.guidance()),
            guided(request, defaults), steps, request.seed(), request.batch(), size.widthPx(), size.heightPx(), scheduler, request.strength(),
            Optional.empty(), Optional.empty(), noise);
        return new ResolvedRun(folder, source, settings, name, request.camera(), warnings);
    }

    /** What a request leaves open of the interval is the model's, and what it says of it comes first. */
    private static GuidanceInterval guided(final DiffusionRequest request, final ModelDefaults defaults) {
        final double from = request.guidanceFrom().orElse(defaults.guided().from());
        final double to = request.guidanceTo().orElse(defaults.guided().to());
        if (from <= to) return new GuidanceInterval(from, to);
        throw new InvalidInputException("Guidance would begin after " + from + " of the steps and end after " + to + ", of which the model chooses what was not"
            + " given. Give guidance-from and guidance-to both, the smaller one first.");
    }

    private static SchedulerName schedulerName(final DiffusionRequest request, final ModelFolder folder, final List<String> warnings) {
        final SchedulerChoice own = RunDefaults.scheduler(folder);
        final SchedulerName name = request.scheduler().isBlank() ? own.kind().map(kind -> new SchedulerName(kind, Optional.empty()))
            .orElseThrow(() -> new InvalidInputException("The scheduler of the model "
                + folder.root() + ", " + own.className().orElse("")
                + ", is not known, and a wrong one draws noise. If the model was trained like Stable Diffusion,"
                + " choose one of " + String.join(", ", SchedulerNames.all()) + '.'))
            : SchedulerNames.parse(request.scheduler());
        if (request.scheduler().isBlank() && own.isSubstitute()) {
            warnings.add("The model's own scheduler, " + own.className().orElseThrow() + ", is not among those of this version; using " + name.id()
                + " of the same family instead.");
        }
        if (SchedulerChoice.leavesBetasOut(folder.schedulerConfig())) {
            warnings.add(
                "The model's scheduler_config.json leaves out the betas, so those that are usual for " + own.className().orElse(name.kind().diffusersName())
                    + " are used. If the picture is noise, copy the file from the model that this one was exported from.");
        }
        return name;
    }

    private static Scheduler scheduler(final SchedulerName name, final ModelFolder folder, final SchedulerSource schedulers) {
        try {
            return schedulers.scheduler(folder, name);
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException("The scheduler settings of " + folder.root() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void checkSteps(final int steps, final Scheduler scheduler, final DiffusionRequest request, final ModelFolder folder) {
        try {
            if (request.image().isPresent()) {
                final StartedPlan started = scheduler.scheduleFrom(steps, request.strength(), distilled(folder));
                requireFinite(started.plan(), started.beginIndex(), folder);
            }
            else requireFinite(scheduler.schedule(steps), 0, folder);
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException(e.getMessage(), e);
        }
    }

    private static void requireFinite(final SchedulePlan plan, final int beginIndex, final ModelFolder folder) {
        try {
            PlanCheck.requireFinite(plan, beginIndex);
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException("The scheduler settings of " + folder.root() + " cannot be used. " + e.getMessage(), e);
        }
    }

    private static float[] checkedNoise(final LatentImage noise, final DiffusionRequest request, final ModelFolder folder, final WorkingSize size) {
        final int channels = folder.latents().channels();
        final int height = size.heightPx() / folder.latents().spatialFactor();
        final int width = size.widthPx() / folder.latents().spatialFactor();
        if (noise.images() != request.batch() || noise.channels() != channels || noise.latentHeight() != height || noise.latentWidth() != width) {
            throw new InvalidInputException("The initial latents must have the shape [" + request.batch() + ", " + channels + ", " + height + ", "
                + width + "] for this model, size and batch, not [" + noise.images() + ", " + noise.channels() + ", " + noise.latentHeight() + ", "
                + noise.latentWidth() + "].");
        }
        final float[] values = noise.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new InvalidInputException("The initial latents must be finite numbers, but value " + (i + 1) + " of " + values.length + " is " + values[i]
                    + ". Make new ones.");
            }
        }
        return values;
    }

    /** @return what the pipeline is to do; the source is read and resized for it now */
    PipelineRequest pipeline() {
        return source.map(picture -> settings.from(picture.pixels(), picture.workingMask())).orElse(settings);
    }

    /** @return whether so little of the source is to change that no denoising step would run */
    boolean leavesSourceUnchanged() {
        return source.isPresent() && (source.get().mayNotChange() || settings.strength() == 0
            || settings.scheduler().scheduleFrom(settings.steps(), settings.strength(), distilled(folder)).remainingCalls()
                == 0);
    }

    private static boolean distilled(final ModelFolder folder) {
        return folder.unetConfig().timeCondProjDim().isPresent();
    }
}
