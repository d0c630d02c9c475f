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
import java.util.List;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * Which tensor of a VAE decoder plays which role. Immutable; runs nothing.
 *
 * @param file the ONNX file, for messages
 * @param latents [batch, channels, latentHeight, latentWidth], floating point, scaling undone
 * @param image [batch, 3, heightPx, widthPx], floating point, about −1 to 1
 */
public record VaeDecoderContract(Path file, TensorSpec latents, TensorSpec image) {

    /**
     * Recognises the roles.
     *
     * @param file the ONNX file
     * @param inputs what its session says of its inputs
     * @param outputs what its session says of its outputs
     * @return the roles
     * @throws InvalidInputException if they cannot be made out, or something else is wanted too
     */
    public static VaeDecoderContract of(final Path file, final List<TensorSpec> inputs, final List<TensorSpec> outputs) {
        final Roles in = new Roles(file, "inputs", inputs);
        final TensorSpec latents = in.take("latents [batch, channels, height, width]", Roles.floats(4), "latent", "sample");
        in.requireNothingLeft("latents [batch, channels, height, width]");
        final Roles out = new Roles(file, "outputs", outputs);
        final TensorSpec image = out.take("an image [batch, 3, height, width]", Roles.floats(4), "sample", "image");
        final OptionalInt channels = Roles.fixed(image, 1);
        if (channels.isPresent() && channels.getAsInt() != 3) throw out.refuse("an image [batch, 3, height, width]");
        return new VaeDecoderContract(file, latents, image);
    }

    /** @return latent channels where the graph fixes their number */
    public OptionalInt channels() {
        return Roles.fixed(latents, 1);
    }

    /** @return image pixels per latent pixel where the graph fixes both heights and one divides the other */
    public OptionalInt spatialFactor() {
        final OptionalInt latentHeight = Roles.fixed(latents, 2);
        final OptionalInt heightPx = Roles.fixed(image, 2);
        if (latentHeight.isEmpty() || heightPx.isEmpty() || heightPx.getAsInt() % latentHeight.getAsInt() != 0) return OptionalInt.empty();
        return OptionalInt.of(heightPx.getAsInt() / latentHeight.getAsInt());
    }
}
