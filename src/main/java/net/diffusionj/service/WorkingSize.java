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

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.Framing;
import net.diffusionj.image.SourceImage;

/**
 * The size in pixels at which the model works.
 *
 * @param widthPx a multiple of the model's factor
 * @param heightPx a multiple of the model's factor
 */
record WorkingSize(int widthPx, int heightPx) {

    /** No side of an image is stretched to more than this many times the model's own size. */
    private static final int LONGEST_SIDE_FACTOR = 2;

    /**
     * Takes a size as asked for, or the model's own.
     *
     * @param request may name a width and a height
     * @param model what the model is best at
     * @return the size
     * @throws InvalidInputException if a side is not a multiple of the model's factor
     */
    static WorkingSize forText(final DiffusionRequest request, final ModelDefaults model) {
        final int width = request.widthPx().orElse(model.widthPx());
        final int height = request.heightPx().orElse(model.heightPx());
        model.sizes().check(width, height);
        return new WorkingSize(width, height);
    }

    /**
     * @param request to make an image from one
     * @return whether the source is stretched to a size, rather than seen at its own pixels
     * @throws InvalidInputException if the request asks for both
     */
    static boolean isStretched(final DiffusionRequest request) {
        final boolean sizeGiven = request.widthPx().isPresent() || request.heightPx().isPresent();
        final boolean stretched = sizeGiven || request.fit() == Fit.MODEL;
        if (stretched && request.scale().kind() != ImageScale.Kind.MODELS_OWN) {
            throw new InvalidInputException("A scale is by how much the image's own size is multiplied, so it cannot be given together with "
                + (sizeGiven ? "a width and a height" : "fit model") + ". Leave one of them out.");
        }
        return stretched;
    }

    /**
     * Lays out a source by the width and height that are given, or with its proportions and about as many pixels as the model was trained on.
     *
     * @param request may name a width and a height
     * @param model what the model is best at
     * @param source the picture
     * @return how the model sees it
     */
    static Framing stretched(final DiffusionRequest request, final ModelDefaults model, final SourceImage source) {
        final boolean sizeGiven = request.widthPx().isPresent() || request.heightPx().isPresent();
        final WorkingSize size = sizeGiven ? forText(request, model) : forImage(model, source.widthPx(), source.heightPx());
        return Framing.stretched(source.widthPx(), source.heightPx(), size.widthPx(), size.heightPx());
    }

    /**
     * Lays out a source at its own pixels times a scale.
     *
     * @param request has the number of images
     * @param model what the model is best at
     * @param source the picture
     * @param scale by how much its sides are multiplied
     * @return how the model sees it
     * @throws InvalidInputException if memory cannot hold the size
     */
    static Framing scaled(final DiffusionRequest request, final ModelDefaults model, final SourceImage source, final double scale) {
        final Framing framing = Framing.scaled(source.widthPx(), source.heightPx(), scale,
            new Framing.Limits(model.widthPx(), model.heightPx(), model.sizeMultiplePx()));
        ImageMemory.check(framing, request.batch(), Runtime.getRuntime().maxMemory());
        return framing;
    }

    /** Takes a size with the source's proportions and about as many pixels as the model was trained on. */
    private static WorkingSize forImage(final ModelDefaults model, final int sourceWidthPx, final int sourceHeightPx) {
        final double scale = Math.sqrt((double) model.widthPx() * model.heightPx() / ((double) sourceWidthPx * sourceHeightPx));
        return new WorkingSize(fitted(sourceWidthPx * scale, model.widthPx(), model.sizes().evenPx()),
            fitted(sourceHeightPx * scale, model.heightPx(), model.sizes().evenPx()));
    }

    private static int fitted(final double px, final int modelPx, final int multiple) {
        final int longest = Math.max(multiple, LONGEST_SIDE_FACTOR * modelPx / multiple * multiple);
        return (int) Math.max(multiple, Math.min(longest, Math.round(px / multiple) * multiple));
    }
}
