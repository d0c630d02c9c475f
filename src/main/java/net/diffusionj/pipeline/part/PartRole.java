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
package net.diffusionj.pipeline.part;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.provider.ProviderChoice;

/** What a part of a model is for. A new kind of part is a new constant: its file, what it runs on, and what users call it. */
public enum PartRole {

    /** Tokens to embeddings. */
    TEXT_ENCODER("text encoder"),
    /** Pixels to latents. */
    VAE_ENCODER("VAE encoder"),
    /** Noisy latents to a prediction of their noise. */
    UNET("UNet"),
    /** Latents to pixels. */
    VAE_DECODER("VAE decoder");

    private final String title;

    PartRole(final String title) {
        this.title = title;
    }

    /** @return the part as the user knows it, such as "UNet" */
    public String title() {
        return title;
    }

    /** @param fromImage whether the run starts from an image
     *  @return the parts that every such run uses; the text encoder is not among them, since embeddings may be there already */
    public static Set<PartRole> always(final boolean fromImage) {
        return fromImage ? EnumSet.of(VAE_ENCODER, UNET, VAE_DECODER) : EnumSet.of(UNET, VAE_DECODER);
    }

    /**
     * @param folder a model
     * @return the part's file
     * @throws net.diffusionj.InvalidInputException if the model has no such part
     */
    Path file(final ModelFolder folder) {
        return switch (this) {
            case TEXT_ENCODER -> folder.textEncoder();
            case VAE_ENCODER -> folder.requireVaeEncoder();
            case UNET -> folder.unet();
            case VAE_DECODER -> folder.vaeDecoder();
        };
    }

    ProviderChoice choice(final ProviderPolicy policy) {
        return switch (this) {
            case TEXT_ENCODER -> policy.choiceForText();
            case VAE_ENCODER, VAE_DECODER -> policy.choiceForVae();
            case UNET -> policy.choiceForUnet();
        };
    }
}
