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

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.scheduler.config.SchedulerConfig;
import net.diffusionj.service.queue.Job;
import net.diffusionj.service.queue.Priority;

/**
 * A request on its way through the queue.
 *
 * @param branches what to make; a request without branches has one that changes nothing
 * @param resolved the base with every choice made
 * @param listener is told of progress
 * @param progress what there is of it
 * @param caller whose it is
 * @param resolveNanos how long it took to make the choices
 */
record Generation(BranchRequest branches, ResolvedRun resolved, DiffusionListener listener, Progress progress, String caller, long resolveNanos)
    implements Job {

    /** As {@code pipeline} has it: larger pictures go through in tiles. */
    private static final long ONE_PIECE = 4;
    private static final double PIXELS_PER_MEGAPIXEL = 1e6;

    /**
     * What generations that go through together have in common; the rest is each one's own.
     *
     * @param guided the steps at which there are as many passes
     * @param oneRow whether each would be one row of the model's batch by itself, at some step at least, which some providers compute otherwise than several
     */
    private record Company(Kind kind, int steps, SchedulerConfig scheduler, int passes, GuidanceInterval guided, boolean oneRow, boolean fromImage,
        double strength) {}

    /** By what times are kept. */
    private record Kind(Path model, String provider, int widthPx, int heightPx) {}

    @Override
    public Priority priority() {
        return request().priority();
    }

    /** @return the base */
    DiffusionRequest request() {
        return branches.base();
    }

    /** @return whether there is more than a request without branches */
    boolean branched() {
        return branches.sharedSteps() > 0 || !branches.branches().equals(List.of(PipelineBranch.UNCHANGED));
    }

    private PipelineRequest settings() {
        return resolved.settings();
    }

    /** @return model passes per image at a step with guidance, as far as the request tells */
    int passes() {
        return settings().guidance() > 1 && resolved.folder().unetConfig().timeCondProjDim().isEmpty() ? 2 : 1;
    }

    private GuidanceInterval guided() {
        return passes() == 1 ? GuidanceInterval.ALWAYS : settings().guided();
    }

    /** @return whether a run of its own gives the model one row at a time, at every step */
    boolean oneRow() {
        return images() * passes() == 1;
    }

    @Override
    public Optional<?> company() {
        if (branched() || resolved.leavesSourceUnchanged() || isInTiles()) return Optional.empty();
        final boolean fromImage = resolved.source().isPresent();
        return Optional.of(new Company(kind(), settings().steps(), settings().scheduler().config(), passes(), guided(),
            oneRow() || images() == 1 && !guided().equals(GuidanceInterval.ALWAYS), fromImage,
            fromImage ? settings().strength() : 1));
    }

    private boolean isInTiles() {
        return (long) settings().widthPx() * settings().heightPx() > ONE_PIECE * resolved.folder().defaultWidthPx() * resolved.folder().defaultHeightPx();
    }

    @Override
    public Kind kind() {
        return new Kind(resolved.folder().root(), request().provider(), settings().widthPx(), settings().heightPx());
    }

    @Override
    public int images() {
        return settings().images();
    }

    @Override
    public double work() {
        final double share = resolved.source().isPresent() ? Math.max(1.0 / settings().steps(), settings().strength()) : 1;
        final double passes = 1 + (passes() - 1) * (guided().to() - guided().from());
        return images() * branches.branches().size() * settings().steps() * share * passes * settings().widthPx() * settings().heightPx()
            / PIXELS_PER_MEGAPIXEL;
    }

    /** @param again the request with every choice made anew
     *  @return this with it */
    Generation with(final ResolvedRun again) {
        return new Generation(branches, again, listener, progress, caller, resolveNanos);
    }
}
