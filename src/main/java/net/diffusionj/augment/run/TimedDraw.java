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
package net.diffusionj.augment.run;

import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.PlannedBatch;
import net.diffusionj.labels.LabelImage;
import net.diffusionj.service.DiffusionListener;

/** How long one image of a plan takes. Stateless. */
public final class TimedDraw {

    private static final double NANOS_PER_MILLI = 1e6;

    private TimedDraw() {}

    /**
     * Draws the first image twice, since the first time opens the model.
     *
     * @param plan has at least one batch
     * @param drawer draws
     * @param cancel stops the work
     * @return milliseconds of the second time
     */
    public static double millis(final AugmentPlan plan, final Drawer drawer, final CancelToken cancel) {
        final PlannedBatch batch = plan.batches().get(0);
        final SourceFiles files = new SourceFiles();
        final RandomAccessibleInterval<?> source = files.pixels(batch.source());
        final Optional<LabelImage> labels = files.labels(batch.source());
        final DrawContext context = new DrawContext(drawer, plan.modelSha256(), drawer.threads());
        final DrawJob job =
            new DrawJob(batch.source(), plan.choices(), batch.prompt(), batch.strength(), batch.guidance(), plan.guided(), plan.steps(), plan.scheduler(),
                batch.firstSeed(), 1, Optional.empty());
        Drawing.of(job, source, labels, context, DiffusionListener.NONE, cancel);
        final long start = System.nanoTime();
        Drawing.of(job, source, labels, context, DiffusionListener.NONE, cancel);
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
