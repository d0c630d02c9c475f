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

import net.diffusionj.image.DecodedImages;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.LimitChoice;
import net.diffusionj.image.SourceImage;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;

import net.imglib2.img.Img;

/**
 * The picture of image to image with the intensity limits that take it to the model and back.
 *
 * @param image the picture
 * @param mapping its intensities to −1 to 1
 */
record Source(SourceImage image, IntensityMapping mapping) {

    static Source of(final SourceImage image) {
        return new Source(image, image.mapping(LimitChoice.AUTO));
    }

    SourcePixels at(final WorkingSize size) {
        return image.toPixels(mapping, size.widthPx(), size.heightPx());
    }

    /** @param pixels what the model made
     *  @return in the source's size, type, channels and intensities */
    Img<?> restore(final DecodedPixels pixels) {
        return image.restore(pixels, mapping, SourceImage.ResultChannels.AS_SOURCE);
    }

    /** @param pixels what the model made
     *  @return in the source's size, with intensities from black to white */
    Img<?> restoreAs(final DecodedPixels pixels, final PixelType type) {
        return convert(DecodedImages.resize(pixels, image.widthPx(), image.heightPx()), type);
    }

    static Img<?> convert(final DecodedPixels pixels, final PixelType type) {
        return switch (type) {
            case UINT8 -> DecodedImages.toUnsignedBytes(pixels);
            case UINT16 -> DecodedImages.toUnsignedShorts(pixels);
            case FLOAT32 -> DecodedImages.toFloats(pixels);
        };
    }
}
