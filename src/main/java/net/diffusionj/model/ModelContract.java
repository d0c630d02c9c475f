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
package net.diffusionj.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;

/**
 * A model folder's parts, checked against one another. Immutable; runs nothing.
 *
 * @param folder the folder
 * @param textEncoder its text encoder's roles
 * @param unet its UNet's roles
 * @param vaeDecoder its VAE decoder's roles
 * @param vaeEncoder its VAE encoder's roles, where that was opened
 * @param latents the latent space, as files and graphs tell it together
 * @param textLength tokens per prompt, start and end included
 */
public record ModelContract(ModelFolder folder, TextEncoderContract textEncoder, UnetContract unet, VaeDecoderContract vaeDecoder,
    Optional<VaeEncoderContract> vaeEncoder, LatentSpace latents, int textLength) {
    /**
     * Checks that the parts belong together: embedding width and length, latent channels, spatial factor.
     *
     * @param folder the folder
     * @param textEncoder its text encoder's roles
     * @param unet its UNet's roles
     * @param vaeDecoder its VAE decoder's roles
     * @param vaeEncoder its VAE encoder's roles, where that was opened
     * @return the parts together
     * @throws InvalidInputException if they disagree; the message names both files and both numbers
     */
    public static ModelContract of(final ModelFolder folder, final TextEncoderContract textEncoder, final UnetContract unet,
        final VaeDecoderContract vaeDecoder, final Optional<VaeEncoderContract> vaeEncoder) {
        agree("embedding width", textEncoder.file(), textEncoder.width(), unet.file(), unet.embeddingWidth());
        agree("number of tokens", textEncoder.file(), textEncoder.fixedLength(), unet.file(), unet.embeddingLength());
        final LatentSpace told = folder.latents();
        final int channels = vaeDecoder.channels().orElse(unet.channels().orElse(told.channels()));
        UnsupportedKind.ofChannels(unet.channels(), channels).ifPresent(kind -> {
            throw UnsupportedKind.refuse(unet.file(), kind);
        });
        agree("number of latent channels", vaeDecoder.file(), OptionalInt.of(channels), unet.file(), unet.channels());
        vaeEncoder.ifPresent(encoder -> encoder.outputChannels().ifPresent(found -> encoder.output(found, channels)));
        final int statistics = told.scaling().mean().size();
        if (statistics != 0 && statistics != channels) {
            throw new InvalidInputException("The VAE's configuration in " + folder + " has " + statistics + " values in latents_mean, but "
                + vaeDecoder.file() + " takes " + channels + " latent channels. Export the model again.");
        }
        final LatentSpace latents = new LatentSpace(channels, vaeDecoder.spatialFactor().orElse(told.spatialFactor()), told.scaling());
        final int textLength = textEncoder.fixedLength().orElse(unet.embeddingLength().orElse(folder.textLength()));
        return new ModelContract(folder, textEncoder, unet, vaeDecoder, vaeEncoder, latents, textLength);
    }

    /** @return image width in pixels to use where nothing else is asked for */
    public int defaultWidthPx() {
        return sizePx(unet.latentWidth(), folder.unetConfig().sampleWidth(), folder.defaultWidthPx());
    }

    /** @return image height in pixels to use where nothing else is asked for */
    public int defaultHeightPx() {
        return sizePx(unet.latentHeight(), folder.unetConfig().sampleHeight(), folder.defaultHeightPx());
    }

    private int sizePx(final OptionalInt fixed, final OptionalInt configured, final int otherwisePx) {
        final OptionalInt latentPixels = fixed.isPresent() ? fixed : configured;
        return latentPixels.isPresent() ? latentPixels.getAsInt() * latents.spatialFactor() : otherwisePx;
    }

    private static void agree(final String what, final Path one, final OptionalInt oneNumber, final Path other, final OptionalInt otherNumber) {
        if (oneNumber.isPresent() && otherNumber.isPresent() && oneNumber.getAsInt() != otherNumber.getAsInt()) {
            throw new InvalidInputException("The parts of this model do not belong together: the " + what + " is " + oneNumber.getAsInt()
                + " in " + one + " and " + otherNumber.getAsInt() + " in " + other + ". Export or copy the whole model again.");
        }
    }
}
