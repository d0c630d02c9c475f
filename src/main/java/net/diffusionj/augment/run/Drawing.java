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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.Pages;
import net.diffusionj.augment.transform.SameType;
import net.diffusionj.labels.LabelImage;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.Fit;
import net.diffusionj.service.ImageScale;
import net.diffusionj.service.queue.Priority;

/**
 * Draws the images of a job, and says how they were drawn.
 *
 * @param images one copy each, with the job's noise, x and y and channel where there are several
 * @param settings what the service says of the first image
 * @param job what was drawn
 * @param context model and machine
 */
record Drawing(List<Img<?>> images, Map<String, String> settings, DrawJob job, DrawContext context) {

    /**
     * Draws with what there is.
     *
     * @param job what to draw
     * @param source its pixels
     * @param labels its labels
     * @param context draws
     * @param listener is told of steps
     * @param cancel stops the work
     * @return what was drawn
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws UnusableSourceException if this source cannot be drawn from
     */
    static Drawing of(final DrawJob job, final RandomAccessibleInterval<?> source, final Optional<LabelImage> labels, final DrawContext context,
        final DiffusionListener listener, final CancelToken cancel) {
        final Optional<RandomAccessibleInterval<?>> mask = job.choices().mode() == Mode.VARY ? Optional.empty()
            : Optional.of(mask(job.choices().mode(), labels.orElseThrow(() -> new IllegalStateException("a mode that needs labels, without them"))));
        final DiffusionRequest.Builder request =
            DiffusionRequest.prompt(job.prompt()).priority(Priority.BATCH).caller("augment").negative(job.choices().negative()).model(job.choices().model())
                .provider(job.choices().provider()).scheduler(job.scheduler()).guidance(job.guidance()).guidanceFrom(job.guided().from())
                .guidanceTo(job.guided().to()).steps(job.steps()).strength(job.strength())
                .seed(job.firstSeed()).batch(job.images()).fit(Fit.NATIVE).scale(ImageScale.parse(job.choices().scale())).image(source);
        mask.ifPresent(request::mask);
        job.camera().ifPresent(request::camera);
        final DiffusionResult result = result(request.build(), context, listener, cancel);
        if (result.latents().isEmpty()) {
            throw new UnusableSourceException("Nothing of it may change: it has no "
                + (job.choices().mode() == Mode.OBJECTS ? "labelled object." : "background."), null);
        }
        final List<Img<?>> images = new ArrayList<>();
        for (int page = 1; page <= job.images(); page++) images.add(SameType.copy(Pages.page(result.image(), page)));
        return new Drawing(List.copyOf(images), result.settings(), job, context);
    }

    private static DiffusionResult result(final DiffusionRequest request, final DrawContext context, final DiffusionListener listener,
        final CancelToken cancel) {
        try {
            return context.drawer().draw(request, listener, cancel).result();
        }
        catch (final InvalidInputException e) {
            throw new UnusableSourceException(e.getMessage(), e);
        }
    }

    private static RandomAccessibleInterval<?> mask(final Mode mode, final LabelImage labels) {
        final byte[] may = new byte[labels.widthPx() * labels.heightPx()];
        for (int i = 0; i < may.length; i++) {
            may[i] = (byte) (mode.mayChange(labels.id(i % labels.widthPx(), i / labels.widthPx())) ? 1 : 0);
        }
        return ArrayImgs.unsignedBytes(may, labels.widthPx(), labels.heightPx());
    }

    /** @param index of an image, from 0
     *  @param attempt 0 for the first draw
     *  @return how it was drawn */
    DrawEntry entry(final int index, final int attempt) {
        return context.entry(job, job.firstSeed() + index, index, attempt, settings);
    }
}
