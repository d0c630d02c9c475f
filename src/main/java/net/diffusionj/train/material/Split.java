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

import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * Which images are trained on, and by which the result is judged: no image is both. One image alone is divided, see {@link Quarter}.
 *
 * @param training at least one
 * @param validation the same one where there is one alone
 */
record Split(List<NamedImage> training, List<NamedImage> validation) {

    private static final double VALIDATION_SHARE = 0.15;
    private static final int MOST_VALIDATION = 32;

    /**
     * @param images at least one
     * @param random decides
     * @return both sides
     */
    static Split of(final List<NamedImage> images, final TorchRandom random) {
        if (images.size() == 1) return new Split(images, images);
        final List<NamedImage> shuffled = shuffled(images, random);
        final int validation = (int) Math.min(MOST_VALIDATION, Math.max(1, Math.round(VALIDATION_SHARE * images.size())));
        return new Split(shuffled.subList(validation, shuffled.size()), shuffled.subList(0, validation));
    }

    /** Fisher and Yates. */
    private static List<NamedImage> shuffled(final List<NamedImage> images, final TorchRandom random) {
        final List<NamedImage> order = new ArrayList<>(images);
        for (int i = order.size() - 1; i > 0; i--) {
            final int other = Math.min(i, (int) (random.uniform() * (i + 1)));
            final NamedImage kept = order.get(i);
            order.set(i, order.get(other));
            order.set(other, kept);
        }
        return order;
    }

    boolean isOneImage() {
        return training.equals(validation);
    }
}
