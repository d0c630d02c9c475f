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
package net.diffusionj.augment;

import java.nio.file.Path;
import java.util.Arrays;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.layout.Side;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.Planner;
import net.diffusionj.augment.quality.Crops;
import net.diffusionj.augment.quality.KernelGauge;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentOutcome;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.run.FolderRun;
import net.diffusionj.augment.run.ReplayRun;
import net.diffusionj.augment.run.TimedDraw;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.service.SchedulerNames;

/**
 * Plans and runs augmentations. Whatever is wrong with a request is said before anything is written; what has been written is never lost: the same request
 * on the same folder goes on where the last one stopped.
 * <p>
 * Thread-safe; two runs on one folder at once are refused.
 * </p>
 */
public final class AugmentEngine {

    private final Drawer drawer;
    private final ChecksMaker checks;

    /** @param drawer draws the images; stays the caller's */
    public AugmentEngine(final Drawer drawer) {
        this(drawer, new SourceChecks());
    }

    /** @param drawer draws the images
     *  @param checks makes noise, gate and measures of the sources */
    AugmentEngine(final Drawer drawer, final ChecksMaker checks) {
        this.drawer = drawer;
        this.checks = checks;
    }

    /**
     * Makes the plan and measures on one image what it would take. Writes nothing.
     *
     * @param request what to make
     * @param listener is told of warnings
     * @param cancel stops the work
     * @return plan, time and disk use
     * @throws InvalidInputException if the request cannot be used
     */
    public AugmentEstimate dryRun(final AugmentRequest request, final AugmentListener listener, final CancelToken cancel) {
        final AugmentPlan plan = plan(request, cancel);
        FolderRun.check(request.output(), request.settings(plan), plan);
        if (plan.batches().isEmpty()) return new AugmentEstimate(plan, 0, 0, 0);
        final double millis = TimedDraw.millis(plan, drawer, cancel);
        final double measured = pixels(plan.batches().get(0).source().widthPx(), plan.batches().get(0).source().heightPx());
        final double all = plan.batches().stream().mapToDouble(batch -> batch.outputs().size() * pixels(batch.source().widthPx(), batch.source().heightPx()))
            .sum();
        return new AugmentEstimate(plan, millis, Math.round(millis * all / measured), plan.diskBytes());
    }

    private static double pixels(final int widthPx, final int heightPx) {
        return (double) widthPx * heightPx;
    }

    /**
     * Makes what is not there yet.
     *
     * @param request what to make
     * @param listener is told of progress and warnings, on this thread
     * @param cancel stops the work; what is made stays, and the same request goes on from there
     * @return how it ended
     * @throws InvalidInputException if the request cannot be used, before anything is written; or if files cannot be written
     */
    public AugmentOutcome run(final AugmentRequest request, final AugmentListener listener, final CancelToken cancel) {
        final AugmentPlan plan = plan(request, cancel);
        final FolderRun run =
            FolderRun.of(request.output(), request.settings(plan), plan, new Finish(request.split(), request.layout(), request.draw().seed()));
        return run.run(recorded -> checks.make(request, plan, recorded, listener), drawer, listener, cancel);
    }

    /**
     * Makes the files of a manifest again.
     *
     * @param request which manifest, and where to
     * @param listener is told of progress, and of files that came out otherwise
     * @param cancel stops the work; what is made stays, and the same request goes on from there
     * @return how it ended
     * @throws InvalidInputException if sources or model are not those of the manifest, before anything is written
     */
    public AugmentOutcome replay(final ReplayRequest request, final AugmentListener listener, final CancelToken cancel) {
        return ReplayRun.of(request.manifest(), request.output(), request.model(), drawer).run(drawer, new ReplayFinish(), listener, cancel);
    }

    private AugmentPlan plan(final AugmentRequest request, final CancelToken cancel) {
        checkPlaces(request);
        if (!request.draw().scheduler().isEmpty()) SchedulerNames.parse(request.draw().scheduler());
        ProviderChoice.parse(request.draw().provider());
        final AugmentPlan plan = Planner.plan(request.inputs(), request.amount(), request.draw(), request.transforms(), drawer.defaults(request.draw().model()),
            drawer.modelHash(request.draw().model()), cancel);
        checkSplit(request, plan);
        checkFilter(request, plan);
        return plan;
    }

    /** A condition that nothing could be measured for would let everything through. */
    private static void checkFilter(final AugmentRequest request, final AugmentPlan plan) {
        if (!request.filter().asks(QualityFilter.Measure.KERNEL)) return;
        final int smallest = plan.sources().stream().mapToInt(source -> Math.min(source.widthPx(), source.heightPx())).min().orElse(0);
        if (plan.sources().size() < KernelGauge.FEWEST_SOURCES || smallest < Crops.SMALLEST_SIDE_PX) {
            throw new InvalidInputException("A condition on the kernel distance needs at least " + KernelGauge.FEWEST_SOURCES + " images of at least "
                + Crops.SMALLEST_SIDE_PX + " pixels a side. There are " + plan.sources().size() + ", and the shortest side has " + smallest
                + " pixels. Leave the condition out, or add images.");
        }
    }

    /** A layout that would fail at the end fails here. */
    private static void checkSplit(final AugmentRequest request, final AugmentPlan plan) {
        final long groups = plan.batches().stream().map(batch -> batch.source().group()).distinct().count();
        final long sides = request.split().map(shares -> Arrays.stream(Side.values()).filter(side -> shares.of(side) > 0).count()).orElse(0L);
        if (groups < sides) {
            throw new InvalidInputException("The split has " + sides + " sides, and there are only " + groups + " groups of images to divide."
                + " Add images, or give fewer shares.");
        }
        if (request.layout().isPresent() && request.layout().get() != Layout.PAIRS && request.inputs().labels().isEmpty()) {
            throw new InvalidInputException("The layout " + request.layout().get().id() + " needs labels. Give them, or choose the layout pairs.");
        }
    }

    private static void checkPlaces(final AugmentRequest request) {
        final Path output = Places.real(request.output());
        checkApart(output, request.inputs().images(), "images");
        request.inputs().labels().ifPresent(labels -> checkApart(output, labels, "labels"));
    }

    private static void checkApart(final Path output, final Path input, final String what) {
        final Path real = Places.real(input);
        if (output.startsWith(real)) {
            throw new InvalidInputException("The output folder " + output + " lies inside the folder of the " + what + " " + input
                + ", where the next run would take outputs for sources. Choose a folder outside of it.");
        }
        if (real.startsWith(output)) {
            throw new InvalidInputException("The " + what + " " + input + " lie inside the output folder " + output + ". Choose an output folder of its own.");
        }
    }
}
