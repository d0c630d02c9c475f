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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;

/**
 * Recognises the kinds of diffusion models that this version does not run, so that a message can name them. Decides nothing about models of
 * no known kind.
 */
final class UnsupportedKind {

    private static final String RUNS = "This version runs Stable Diffusion 1.x and 2.x, SD-Turbo and LCM models.";

    private UnsupportedKind() {}

    static InvalidInputException refuse(final Path where, final String kind) {
        return new InvalidInputException(where + " is " + kind + ". " + RUNS);
    }

    /** @param pipelineClass {@code _class_name} of model_index.json, possibly empty
     *  @param root the model folder
     *  @return the kind, in words */
    static Optional<String> ofFolder(final String pipelineClass, final Path root) {
        final Optional<String> named = PipelineKinds.named(pipelineClass);
        if (named.isPresent()) return named;
        if (hasPart(root, "controlnet")) return Optional.of("a ControlNet model");
        if (hasPart(root, "vqgan")) return Optional.of("a Stable Cascade or W\u00FCrstchen model");
        if (hasPart(root, "movq")) return Optional.of("a Kandinsky model");
        if (hasPart(root, "vqvae")) return Optional.of("a latent diffusion model without Stable Diffusion's parts");
        if (hasPart(root, "image_encoder") && !hasPart(root, "text_encoder")) return Optional.of("a model whose prompt is an image");
        if (hasPart(root, "text_encoder_3")) return Optional.of("a Stable Diffusion 3 model");
        if (hasPart(root, "transformer")) return Optional.of("a diffusion transformer (such as Flux or Stable Diffusion 3)");
        if (hasPart(root, "text_encoder_2")) return Optional.of("a Stable Diffusion XL model");
        return Optional.empty();
    }

    /** @param channels of the UNet's sample, where known
     *  @param latentChannels of the VAE, usually 4
     *  @return the kind, in words */
    static Optional<String> ofChannels(final OptionalInt channels, final int latentChannels) {
        if (channels.isEmpty()) return Optional.empty();
        if (channels.getAsInt() == 2 * latentChannels + 1) {
            return Optional.of("an inpainting model (its UNet takes " + channels.getAsInt() + " channels)");
        }
        if (channels.getAsInt() == 2 * latentChannels) {
            return Optional.of("an InstructPix2Pix model (its UNet takes " + channels.getAsInt() + " channels)");
        }
        return Optional.empty();
    }

    /** @param inputs names of a UNet's inputs
     *  @return the kind, in words */
    static Optional<String> ofInputs(final Collection<String> inputs) {
        if (inputs.stream().anyMatch(n -> n.contains("additional_residual") || n.contains("controlnet") || n.startsWith("conditioning_scale"))) {
            return Optional.of("a UNet that needs a ControlNet");
        }
        if (inputs.contains("txt_ids") || inputs.contains("img_ids")) return Optional.of("a Flux transformer");
        if (inputs.contains("pooled_projections")) return Optional.of("a Stable Diffusion 3 transformer");
        if (inputs.contains("time_ids") || inputs.contains("text_embeds")) return Optional.of("a Stable Diffusion XL UNet");
        return Optional.empty();
    }

    private static boolean hasPart(final Path root, final String part) {
        return Files.isDirectory(root.resolve(part));
    }
}
