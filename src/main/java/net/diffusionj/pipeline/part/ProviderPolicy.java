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

import java.util.Optional;

import net.diffusionj.ort.provider.ProviderChoice;

/**
 * Which part of a model runs on what. The part that nobody chose for runs where the rest does. Immutable.
 *
 * @param choice for the parts without a choice of their own
 * @param text for the text encoder
 * @param unet for the UNet
 * @param vae for both halves of the VAE
 */
public record ProviderPolicy(ProviderChoice choice, Optional<ProviderChoice> text, Optional<ProviderChoice> unet, Optional<ProviderChoice> vae) {

    /**
     * @param choice for every part
     * @return the same for all
     */
    public static ProviderPolicy all(final ProviderChoice choice) {
        return new ProviderPolicy(choice, Optional.empty(), Optional.empty(), Optional.empty());
    }

    ProviderChoice choiceForText() {
        return text.orElse(choice);
    }

    ProviderChoice choiceForUnet() {
        return unet.orElse(choice);
    }

    ProviderChoice choiceForVae() {
        return vae.orElse(choice);
    }
}
