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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.view.Views;

/**
 * One image of the user's, read when it is asked for.
 *
 * @param name as the user knows it
 * @param pixels gives x, y; x, y, channel; or x, y, channel, slice
 */
public record NamedImage(String name, Supplier<? extends RandomAccessibleInterval<?>> pixels) {

    private static final int SLICES = 3;

    /** @return its slices, each an image; the image alone where it is no stack */
    public List<NamedImage> slices() {
        final RandomAccessibleInterval<?> image = pixels.get();
        if (image.numDimensions() <= SLICES || image.dimension(SLICES) == 1) return List.of(new NamedImage(name, () -> image));
        final List<NamedImage> slices = new ArrayList<>();
        for (long slice = image.min(SLICES); slice <= image.max(SLICES); slice++) {
            final RandomAccessibleInterval<?> one = Views.hyperSlice(image, SLICES, slice);
            slices.add(new NamedImage(name + " slice " + (slices.size() + 1), () -> one));
        }
        return slices;
    }
}
