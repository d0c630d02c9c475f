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
package net.diffusionj.cli;

import java.nio.file.Path;
import java.util.Arrays;

import net.diffusionj.InvalidInputException;
import net.diffusionj.io.Npy;
import net.diffusionj.io.NpyArray;
import net.diffusionj.service.LatentImage;

/** Latents as NumPy files: float32 [image, channel, height, width]. */
final class LatentFiles {

    private LatentFiles() {}

    static LatentImage read(final Path file) {
        final NpyArray array = Npy.read(file);
        final int[] shape = array.shape();
        if (array.element() != NpyArray.Element.FLOAT32 || shape.length != 4) {
            throw new InvalidInputException("Latents must be float32 with the axes [image, channel, height, width], but " + file + " holds "
                + array.element() + ' ' + Arrays.toString(shape) + '.');
        }
        return new LatentImage(array.floats(), shape[0], shape[1], shape[2], shape[3]);
    }

    static void write(final Path file, final LatentImage latents) {
        Npy.write(file, NpyArray.ofFloats(latents.values(), latents.images(), latents.channels(), latents.latentHeight(), latents.latentWidth()));
    }
}
