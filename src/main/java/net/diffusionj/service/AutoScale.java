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

import java.util.OptionalDouble;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.SourceImage;
import net.diffusionj.model.ModelFolder;

/** Chooses the scale of an image where nobody has given one: so large that its objects have the size at which the model keeps them. Stateless. */
final class AutoScale {

    /** In quarters: an estimate is not finer than that. */
    private static final int STEPS_PER_UNIT = 4;
    private static final double LARGEST = 4;
    /** An image is not made larger than 4096 x 4096 by an estimate: it would take long, and memory that nobody has agreed to. */
    private static final long MOST_PIXELS = 1L << 24;

    private AutoScale() {}

    /**
     * Never shrinks: measured on real nuclei, an image that is shrunk loses objects that it keeps at its own size.
     *
     * @param asked what the request says
     * @param image the source
     * @param mapping its intensities to −1 to 1
     * @param folder the model, which may state the size of the objects that it knows
     * @return the factor; 1 where the model states nothing and nobody asked, or the image has no objects to estimate by
     * @throws InvalidInputException if it is to be estimated and the model states nothing to compare with
     */
    static double of(final ImageScale asked, final SourceImage image, final IntensityMapping mapping, final ModelFolder folder) {
        if (asked.factor().isPresent()) return asked.factor().getAsDouble();
        final OptionalInt wanted = folder.preferences().objectSizePx();
        if (wanted.isEmpty()) {
            if (asked.kind() == ImageScale.Kind.MODELS_OWN) return 1;
            throw new InvalidInputException("The model " + folder.name() + " does not say how large objects should be (objectSizePx in its diffusionj.json),"
                + " so there is nothing to estimate a scale by. Give the scale as a number, such as 2.");
        }
        final OptionalDouble found = image.objectSizePx(mapping);
        if (found.isEmpty()) return 1;
        final double most = Math.min(LARGEST, Math.sqrt((double) MOST_PIXELS / ((double) image.widthPx() * image.heightPx())));
        final double factor = Math.rint(wanted.getAsInt() / found.getAsDouble() * STEPS_PER_UNIT);
        return Math.max(1, Math.min(factor, Math.floor(most * STEPS_PER_UNIT)) / STEPS_PER_UNIT);
    }
}
