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

import java.util.List;
import java.util.OptionalInt;

import net.diffusionj.pipeline.LatentDistribution;

/**
 * Everything that a model is trained on, encoded once. Immutable; arrays are shared, not copied.
 *
 * @param latentShape channels, height, width
 * @param training crops
 * @param validation crops, which nothing is learned from
 * @param views pixels of the validation crops [3, height, width], −1 to 1, to compare what is drawn with
 * @param thumbnails of the training crops, see {@link Thumbnail}
 * @param rehearsed latents of pictures that the model drew before
 * @param rehearsedTexts for each of these, its text in {@code texts}
 * @param texts embeddings [tokens, width]: 0 that of no words, 1 that of the caption, then those that were rehearsed
 * @param sources the images
 * @param objectSizePx how large the objects of the images are
 * @param warnings what the user should know
 */
public record Material(int[] latentShape, List<LatentDistribution> training, List<LatentDistribution> validation,
    List<float[]> views, List<float[]> thumbnails, List<float[]> rehearsed,
    List<Integer> rehearsedTexts, List<float[]> texts, List<SourceNote> sources, OptionalInt objectSizePx, List<String> warnings) {

    /** In {@link #texts}: no words. */
    public static final int NO_WORDS = 0;
    /** In {@link #texts}: the caption. */
    public static final int CAPTION = 1;

    /** Copies the lists. */
    public Material {
        latentShape = latentShape.clone();
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        views = List.copyOf(views);
        thumbnails = List.copyOf(thumbnails);
        rehearsed = List.copyOf(rehearsed);
        rehearsedTexts = List.copyOf(rehearsedTexts);
        texts = List.copyOf(texts);
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
    }

    /** @return numbers in one picture's latents */
    public int latentSize() {
        return latentShape[0] * latentShape[1] * latentShape[2];
    }
}
