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

/** By what a network shrinks a side between its first and its last block: by its configuration, or by what its graph enlarges again. */
final class ShrinkFactor {

    private static final int USUAL = 8;
    /** Each of which but one halves a side: a factor of 128. Real models have 3 to 6. */
    private static final int MOST_BLOCKS = 8;
    private static final int MOST_DOUBLINGS = 6;

    private ShrinkFactor() {}

    /**
     * @param config of a UNet or a VAE
     * @param doublings how often its graph doubles a side, for exports without a configuration
     * @return the factor along one side, a power of 2
     * @throws InvalidInputException if the configuration lists more blocks than any network has
     */
    static int of(final Config config, final int doublings) {
        if (config.values().get("block_out_channels") instanceof final List<?> blocks && !blocks.isEmpty()) {
            if (blocks.size() > MOST_BLOCKS) {
                throw new InvalidInputException(config.file() + ": block_out_channels must list 1 to " + MOST_BLOCKS + " blocks, but lists " + blocks.size()
                    + ". Correct it, or download or copy the file again.");
            }
            return 1 << (blocks.size() - 1);
        }
        return doublings >= 1 && doublings <= MOST_DOUBLINGS ? 1 << doublings : USUAL;
    }
}
