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
package net.diffusionj.pipeline;

import java.util.ArrayList;
import java.util.List;

import net.diffusionj.CancelToken;

/**
 * Texts and pictures as the UNet sees them, outside of a generation: what a model is trained on. Draws nothing.
 * <p>
 * Not thread-safe. The model is borrowed and must outlive this.
 * </p>
 */
public final class MaterialEncoder implements AutoCloseable {

    private final CancelToken cancel;
    private final LatentShape shape;
    private final PromptEncoder prompts;
    private final VaeEncoder pictures;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param model open with its VAE encoder
     * @param widthPx width of every picture
     * @param heightPx height of every picture
     * @param cancel ends a model call early
     */
    public MaterialEncoder(final LoadedModel model, final int widthPx, final int heightPx, final CancelToken cancel) {
        this.cancel = cancel;
        this.shape = model.latentShape(widthPx, heightPx);
        this.prompts = new PromptEncoder(model.text(), model.reuse().embeddings(), cancel);
        this.pictures = model.newEncoder(shape, VaeTiles.Cut.WHOLE);
    }

    /** @return channels, height and width of a picture's latents */
    public int[] latentShape() {
        return new int[] {shape.channels(), shape.height(), shape.width()};
    }

    /**
     * @param text a caption
     * @return [tokens, width] row-major, a new array
     */
    public float[] embed(final String text) {
        return prompts.passes(text, "", 1).get(0).values().clone();
    }

    /**
     * @param picture of this encoder's size
     * @return what its latents are drawn from
     */
    public LatentDistribution encode(final SourcePixels picture) {
        final EncodedSource encoded = pictures.encode(picture, cancel);
        pictures.warning().filter(warning -> !warnings.contains(warning)).ifPresent(warnings::add);
        return encoded.distribution();
    }

    /** @return what the user should know, such as words of a caption that the model does not read */
    public List<String> warnings() {
        final List<String> all = new ArrayList<>(warnings);
        all.addAll(prompts.warnings());
        return all;
    }

    @Override
    public void close() {
        prompts.close();
        pictures.close();
    }
}
