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

import java.util.List;

import net.diffusionj.InvalidInputException;

/**
 * How a VAE's latents and the denoiser's latents are made of one another, by the keys of the VAE's configuration.
 * <p>
 * With {@code latents_mean} and {@code latents_std}: denoiser = (vae − mean) · scale / std, channel by channel (diffusers'
 * StableDiffusionXL pipelines). Without: denoiser = (vae − shift) · scale (diffusers' StableDiffusion3 pipelines; StableDiffusion itself has
 * no shift). Immutable.
 * </p>
 *
 * @param scalingFactor {@code scaling_factor}, not 0
 * @param shiftFactor {@code shift_factor}, 0 where absent
 * @param mean {@code latents_mean}, one value per latent channel, or empty
 * @param std {@code latents_std}, one value per latent channel, none 0, or empty; empty exactly where {@code mean} is
 */
public record LatentScaling(double scalingFactor, double shiftFactor, List<Double> mean, List<Double> std) {

    /** What Stable Diffusion 1.x and 2.x use: exports without a configuration do not say it. */
    public static final LatentScaling STABLE_DIFFUSION = new LatentScaling(0.18215, 0, List.of(), List.of());

    private static final double LEAST = 1e-6;
    private static final double MOST = 1e6;

    /** Checks and copies. */
    public LatentScaling {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (!isUsable(scalingFactor) || !(Math.abs(shiftFactor) <= MOST)) {
            throw new InvalidInputException("A VAE's scaling_factor must be a number from " + LEAST + " to " + MOST + " and its shift_factor one of at most "
                + MOST + ", not " + scalingFactor + " and " + shiftFactor + ".");
        }
        if (mean.size() != std.size() || !std.stream().allMatch(LatentScaling::isUsable) || !mean.stream().allMatch(value -> Math.abs(value) <= MOST)) {
            throw new InvalidInputException("A VAE's latents_mean and latents_std must have one value per latent channel, none above " + MOST
                + " and no standard deviation 0, not " + mean + " and " + std + ".");
        }
    }

    /** Real ones lie between 0.1 and 30; beyond these limits float32 latents lose what they hold. */
    private static boolean isUsable(final double factor) {
        return Math.abs(factor) >= LEAST && Math.abs(factor) <= MOST;
    }

    /** @param config a VAE's configuration
     *  @return its scaling; {@link #STABLE_DIFFUSION}'s values where it says nothing */
    static LatentScaling of(final Config values) {
        final List<Double> mean = values.numbers("latents_mean");
        final List<Double> std = values.numbers("latents_std");
        final boolean both = !mean.isEmpty() && !std.isEmpty();
        try {
            return new LatentScaling(values.number("scaling_factor").orElse(STABLE_DIFFUSION.scalingFactor), values.number("shift_factor").orElse(0),
                both ? mean : List.of(), both ? std : List.of());
        }
        catch (final InvalidInputException e) {
            throw new InvalidInputException(values.file() + " cannot be used: " + e.getMessage() + " Download or copy it again.", e);
        }
    }

    /**
     * Turns what a VAE encoder gave into the denoiser's latents.
     *
     * @param latents [image, channel, latentHeight, latentWidth] row-major; changed
     * @param channels latent channels
     * @param planeSize latentHeight · latentWidth
     */
    public void encodeInPlace(final float[] latents, final int channels, final int planeSize) {
        check(latents, channels, planeSize);
        for (int i = 0; i < latents.length; i++) {
            final int channel = i / planeSize % channels;
            latents[i] = (float) ((latents[i] - offset(channel)) * (scalingFactor / deviation(channel)));
        }
    }

    /**
     * Turns the denoiser's latents into what a VAE decoder takes.
     *
     * @param latents [image, channel, latentHeight, latentWidth] row-major; changed
     * @param channels latent channels
     * @param planeSize latentHeight · latentWidth
     */
    public void decodeInPlace(final float[] latents, final int channels, final int planeSize) {
        check(latents, channels, planeSize);
        for (int i = 0; i < latents.length; i++) {
            final int channel = i / planeSize % channels;
            latents[i] = (float) (latents[i] * (deviation(channel) / scalingFactor) + offset(channel));
        }
    }

    private double offset(final int channel) {
        return mean.isEmpty() ? shiftFactor : mean.get(channel);
    }

    private double deviation(final int channel) {
        return std.isEmpty() ? 1 : std.get(channel);
    }

    private void check(final float[] latents, final int channels, final int planeSize) {
        if (channels < 1 || planeSize < 1 || latents.length % ((long) channels * planeSize) != 0) {
            throw new IllegalArgumentException("expected a multiple of " + channels + " x " + planeSize + " latents, found " + latents.length);
        }
        if (!mean.isEmpty() && mean.size() != channels) {
            throw new IllegalArgumentException("expected " + mean.size() + " latent channels, found " + channels);
        }
    }
}
