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
package net.diffusionj.augment.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.diffusionj.labels.LabelImage;

/**
 * What all sources together teach: pixels of every one of them, by number of channels. A classifier for one source learns mostly from its own labels and a
 * little from the pool, and where a source shows no object, from the pool. Immutable and thread-safe.
 */
final class TrainingPool {

    private static final int POOL_PIXELS = 8000;
    private static final int FEWEST_OF_A_SOURCE = 200;
    private static final int OWN_PIXELS = 6000;
    /** How much the pool weighs beside the one source that an output was made from. */
    private static final double POOL_WEIGHT = 0.15;

    private final Map<Integer, Part> parts = new HashMap<>();

    /** Of pictures with so many channels. */
    private record Part(FeatureScale scale, NormalEquations equations) {}

    TrainingPool(final List<SourceSample> sources) {
        final Map<Integer, List<TrainingPixels>> pixels = new HashMap<>();
        for (final SourceSample source : sources) {
            final GatePicture picture = GatePicture.ofSource(source.image());
            pixels.computeIfAbsent(picture.channels().length, channels -> new ArrayList<>()).add(TrainingPixels.drawn(new PixelFeatures(picture),
                source.labels(), Math.max(FEWEST_OF_A_SOURCE, POOL_PIXELS / sources.size())));
        }
        pixels.forEach((channels, all) -> {
            final TrainingPixels together = TrainingPixels.together(all);
            final FeatureScale scale = new FeatureScale(Arrays.asList(together.features()));
            parts.put(channels, new Part(scale, new NormalEquations(together, scale)));
        });
    }

    /** @param features of a source, with its labels */
    PixelClassifier classifier(final PixelFeatures features, final LabelImage labels, final int channels) {
        final TrainingPixels own = TrainingPixels.drawn(features, labels, OWN_PIXELS);
        final Part part = parts.get(channels);
        if (part == null) {
            final FeatureScale scale = new FeatureScale(Arrays.asList(own.features()));
            return PixelClassifier.fitted(scale, List.of(new NormalEquations(own, scale)), new double[] {1});
        }
        // An image without objects shows no more than what background is.
        final double[] shares = labels.isEmpty() ? new double[] {1, POOL_WEIGHT} : new double[] {POOL_WEIGHT, 1};
        return PixelClassifier.fitted(part.scale, List.of(part.equations, new NormalEquations(own, part.scale)), shares);
    }
}
