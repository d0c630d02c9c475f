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
package net.diffusionj.train.material;

import java.util.OptionalDouble;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.LimitChoice;
import net.diffusionj.image.SourceImage;
import net.diffusionj.pipeline.SourcePixels;

/**
 * An image at its own pixels, its intensities brought to those of the model as image to image brings them.
 *
 * @param name as the user knows it
 * @param pixels [3, heightPx, widthPx], −1 to 1
 * @param sha256 of its own pixels, see {@link SourceImage#pixelSha256()}
 * @param objectSizePx how large its objects are; empty where that cannot be estimated
 */
record Picture(String name, SourcePixels pixels, String sha256, OptionalDouble objectSizePx) {

    /**
     * Reads an image.
     *
     * @param image one slice
     * @return the picture
     * @throws InvalidInputException if it cannot be trained on: another type or shape, or all pixels alike
     */
    static Picture of(final NamedImage image) {
        final SourceImage source = SourceImage.of(image.pixels().get());
        final IntensityMapping mapping = source.mapping(LimitChoice.PERCENTILES);
        final SourcePixels pixels = source.toPixels(mapping, source.widthPx(), source.heightPx());
        if (isConstant(pixels)) throw new InvalidInputException("All its pixels are alike, so there is nothing to learn from it.");
        return new Picture(image.name(), pixels, source.pixelSha256(), source.objectSizePx(mapping));
    }

    private static boolean isConstant(final SourcePixels pixels) {
        final int size = pixels.heightPx() * pixels.widthPx();
        for (int i = 0; i < pixels.values().length; i++) {
            if (pixels.values()[i] != pixels.values()[i / size * size]) return false;
        }
        return true;
    }

    int widthPx() {
        return pixels.widthPx();
    }

    int heightPx() {
        return pixels.heightPx();
    }
}
