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

import java.util.Optional;
import java.util.OptionalDouble;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraShot;
import net.diffusionj.image.DecodedImages;
import net.diffusionj.image.Framing;
import net.diffusionj.image.ImageMask;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.LimitChoice;
import net.diffusionj.image.SourceImage;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * The picture of image to image with what takes it to the model and back.
 *
 * @param image the picture
 * @param mapping its intensities to −1 to 1
 * @param framing its pixels to those that the model works on
 * @param scale by how much its sides are multiplied, where it is seen at its own pixels; empty where it is stretched to a size
 * @param toneShare how far the background and the range of intensities are brought back to the picture's, 0 to 1
 * @param mask which of its pixels may change; empty for all
 */
record Source(SourceImage image, IntensityMapping mapping, Framing framing, OptionalDouble scale, double toneShare,
    Optional<ImageMask> mask) {

    /** Up to a strength of 0.5 a result shows what its source shows; from there on, less and less of its tone is the source's. */
    private static final double TONE_FADE = 2;

    /**
     * Reads and lays out the picture of a request.
     *
     * @param request has an image
     * @param folder the model
     * @param model what the model is best at
     * @return the picture, not yet resized
     * @throws InvalidInputException if the image, its mask or its size cannot be used
     */
    static Source of(final DiffusionRequest request, final ModelFolder folder, final ModelDefaults model) {
        final SourceImage image = SourceImage.of(request.image().orElseThrow());
        final boolean stretched = WorkingSize.isStretched(request);
        // Before anything of the image's size is asked of memory.
        if (!stretched) WorkingSize.scaled(request, model, image, request.scale().factor().orElse(1));
        if (request.mask().isPresent() && request.pixelType().isPresent()) {
            throw new InvalidInputException("Outside a mask the image's own pixels come back, which have a bit depth of their own. Leave out the bits, or the"
                + " mask.");
        }
        // A mask that covers everything says what no mask says.
        final Optional<ImageMask> mask = request.mask().map(pixels -> ImageMask.of(pixels, image)).filter(read -> !read.isFull());
        if (stretched) {
            final IntensityMapping mapping = image.mapping(LimitChoice.AUTO);
            return new Source(image, mapping, WorkingSize.stretched(request, model, image), OptionalDouble.empty(), 0, mask);
        }
        // Dim 8-bit images would be lost in the dark, and a few hot pixels would darken all others.
        final IntensityMapping mapping = image.mapping(LimitChoice.PERCENTILES);
        final double scale = AutoScale.of(request.scale(), image, mapping, folder);
        return new Source(image, mapping, WorkingSize.scaled(request, model, image, scale), OptionalDouble.of(scale),
            Math.min(1, TONE_FADE * (1 - request.strength())), mask);
    }

    /** @return whether a mask forbids every change */
    boolean mayNotChange() {
        return mask.filter(ImageMask::isEmpty).isPresent();
    }

    /** @return as the model sees it */
    SourcePixels pixels() {
        return image.toPixels(mapping, framing);
    }

    /** @return which of the pixels that the model sees may change, row-major; empty for all */
    Optional<boolean[]> workingMask() {
        return mask.map(read -> read.at(framing));
    }

    /** @param made what the model made
     *  @param shot the noise of a camera; empty for none
     *  @return in the source's size, type, channels and intensities; outside the mask the source's own pixels */
    Img<?> restore(final DecodedPixels made, final Optional<CameraShot> shot) {
        final Optional<CameraShot> inside = shot.map(taken -> mask.map(taken::inside).orElse(taken));
        final Img<?> restored = image.restore(sized(made), mapping, SourceImage.ResultChannels.AS_SOURCE, inside);
        mask.ifPresent(kept -> image.putBack(restored, kept));
        return restored;
    }

    /** @param made what the model made
     *  @param shot the noise of a camera; empty for none
     *  @return in the source's size, with intensities from black to white */
    Img<?> restoreAs(final DecodedPixels made, final PixelType type, final Optional<CameraShot> shot) {
        return convert(sized(made), type, shot);
    }

    private DecodedPixels sized(final DecodedPixels made) {
        return image.matchTone(DecodedImages.unframe(made, framing), mapping, toneShare);
    }

    static Img<?> convert(final DecodedPixels pixels, final PixelType type, final Optional<CameraShot> shot) {
        if (shot.isPresent()) {
            return switch (type) {
                case UINT8 -> DecodedImages.exposed(pixels, new UnsignedByteType(), shot.get());
                case UINT16 -> DecodedImages.exposed(pixels, new UnsignedShortType(), shot.get());
                case FLOAT32 -> DecodedImages.exposed(pixels, new FloatType(), shot.get());
            };
        }
        return switch (type) {
            case UINT8 -> DecodedImages.toUnsignedBytes(pixels);
            case UINT16 -> DecodedImages.toUnsignedShorts(pixels);
            case FLOAT32 -> DecodedImages.toFloats(pixels);
        };
    }
}
