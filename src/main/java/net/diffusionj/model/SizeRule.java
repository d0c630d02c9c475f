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

import java.util.Optional;

import net.diffusionj.InvalidInputException;

/**
 * Which widths and heights a model takes. The VAE makes one latent pixel of a square of pixels; a UNet then halves the latents a few times and
 * has to find their size again. Immutable.
 *
 * @param vaeFactorPx pixels along one side of a latent pixel
 * @param evenPx what a side must be a multiple of for the UNet to halve it without rest
 * @param everySize whether the UNet's graph enlarges to the size that it met on the way down, and so takes odd ones too; a graph that doubles
 *        takes even ones alone
 */
public record SizeRule(int vaeFactorPx, int evenPx, boolean everySize) {

    /** Keeps arrays within what Java can index and the message before what memory cannot hold. */
    public static final int LARGEST_SIDE_PX = 8192;

    /** @return what width and height must be multiples of */
    public int multiplePx() {
        return everySize ? vaeFactorPx : evenPx;
    }

    /**
     * @param widthPx a width as asked for
     * @param heightPx a height as asked for
     * @throws InvalidInputException if the model cannot make that size; says what to do
     */
    public void check(final int widthPx, final int heightPx) {
        complaint("Width", widthPx).or(() -> complaint("Height", heightPx)).ifPresent(complaint -> {
            throw new InvalidInputException(complaint);
        });
    }

    /** What is wrong with a side and what to do, or empty. */
    Optional<String> complaint(final String side, final int px) {
        if (px > LARGEST_SIDE_PX) return Optional.of(side + " must be at most " + LARGEST_SIDE_PX + " pixels, not " + px + ".");
        final int multiple = multiplePx();
        if (px % multiple == 0) return Optional.empty();
        final int below = px / multiple * multiple;
        final String nearest = below == 0 ? "the smallest is " + multiple : "the nearest are " + below + " and " + (below + multiple);
        final String cure = px % vaeFactorPx == 0 ? " Exported with scripts/export, the model takes " + px + " too: its UNet was exported so that it"
            + " only doubles sizes." : "";
        return Optional.of(side + " must be a multiple of " + multiple + " pixels for this model, not " + px + ": " + nearest + "." + cure);
    }
}
