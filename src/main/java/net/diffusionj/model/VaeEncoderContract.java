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
import java.util.Locale;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * Which tensor of a VAE encoder plays which role. Immutable; runs nothing.
 *
 * @param file the ONNX file, for messages
 * @param image [batch, 3, heightPx, widthPx], floating point, −1 to 1
 * @param latents [batch, channels, latentHeight, latentWidth], floating point: see {@link Output}
 */
public record VaeEncoderContract(Path file, TensorSpec image, TensorSpec latents) {

    /** What a VAE encoder gives. */
    public enum Output {
        /** Mean and logarithm of the variance: first the means of all channels, then the log-variances. */
        PARAMETERS,
        /** One draw, made inside the graph and not repeatable. */
        SAMPLE
    }

    /**
     * Recognises the roles.
     *
     * @param file the ONNX file
     * @param inputs what its session says of its inputs
     * @param outputs what its session says of its outputs
     * @return the roles
     * @throws InvalidInputException if they cannot be made out, or something else is wanted too
     */
    public static VaeEncoderContract of(final Path file, final List<TensorSpec> inputs, final List<TensorSpec> outputs) {
        final Roles in = new Roles(file, "inputs", inputs);
        final TensorSpec image = in.take("an image [batch, 3, height, width]", Roles.floats(4), "sample", "image");
        in.requireNothingLeft("an image [batch, 3, height, width]");
        final OptionalInt channels = Roles.fixed(image, 1);
        if (channels.isPresent() && channels.getAsInt() != 3) throw in.refuse("an image [batch, 3, height, width]");
        final Roles out = new Roles(file, "outputs", outputs);
        final TensorSpec latents = out.take("latents [batch, channels, height, width]", Roles.floats(4), "latent_parameters", "parameters",
            "moments", "latent_sample", "sample");
        return new VaeEncoderContract(file, image, latents);
    }

    /** @return channels of the output where the graph fixes their number: as many as the latent space has, or twice as many */
    public OptionalInt outputChannels() {
        return Roles.fixed(latents, 1);
    }

    /** @return what the output's name says it is; {@link #output(long, int)} knows better once it ran */
    public Output namedOutput() {
        final String name = latents.name().toLowerCase(Locale.ROOT);
        return name.contains("param") || name.contains("moment") ? Output.PARAMETERS : Output.SAMPLE;
    }

    /**
     * Tells what the output is by its real number of channels.
     *
     * @param channels of the output
     * @param latentChannels of the latent space
     * @return parameters for twice as many, a sample for as many
     * @throws InvalidInputException for any other number
     */
    public Output output(final long channels, final int latentChannels) {
        if (channels == 2L * latentChannels) return Output.PARAMETERS;
        if (channels == latentChannels) return Output.SAMPLE;
        throw new InvalidInputException(file + " gives " + channels + " channels: expected " + latentChannels + " (a sample) or "
            + 2 * latentChannels + " (mean and log-variance). Its parts do not belong together: export the model again.");
    }
}
