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

import java.nio.file.Path;

import net.diffusionj.InvalidInputException;

/** Lays NaN and infinity at the door of the part of a model that gave them first, before a part that was given them is blamed. */
final class FiniteCheck {

    private FiniteCheck() {}

    /**
     * @param values what the part gave
     * @param part its name, as the user knows it, such as "UNet"
     * @param file its ONNX file
     * @return the values
     * @throws InvalidInputException if one of them is NaN or infinite
     */
    static float[] require(final float[] values, final String part, final Path file) {
        for (int i = 0; i < values.length; i++) {
            if (Float.isFinite(values[i])) continue;
            throw new InvalidInputException("The " + part + " gave " + (Float.isNaN(values[i]) ? "NaN" : "infinity") + " instead of numbers (value " + (i + 1)
                + " of " + values.length + "): " + file
                + " is damaged, or its numbers are too large for the precision that it works in. Download, copy or export"
                + " it again, try it in float32, or try another provider.");
        }
        return values;
    }

    /**
     * @param latents of one image, made of finite numbers
     * @return the latents
     * @throws InvalidInputException if steps with finite predictions have made them overflow
     */
    static float[] requireLatents(final float[] latents) {
        for (final float value : latents) {
            if (Float.isFinite(value)) continue;
            throw new InvalidInputException(
                "The UNet's predictions are so large that the latents overflowed: the model is damaged, or the guidance too strong for"
                    + " it. Choose a guidance of about 7, or download, copy or export the model again.");
        }
        return latents;
    }
}
