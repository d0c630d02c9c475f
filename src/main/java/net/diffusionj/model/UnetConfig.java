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
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code unet/config.json} says that changes how the UNet is run; all empty in legacy exports, which have no such file.
 *
 * @param sampleHeight latent height that it was trained for
 * @param sampleWidth latent width that it was trained for
 * @param inChannels channels of the sample it takes
 * @param crossAttentionDim width of the text embedding it takes
 * @param timeCondProjDim width of {@code timestep_cond}, of latent consistency models with guidance given to the UNet
 * @param additionEmbedType {@code addition_embed_type}: {@code text_time} in SDXL
 */
public record UnetConfig(OptionalInt sampleHeight, OptionalInt sampleWidth, OptionalInt inChannels, OptionalInt crossAttentionDim,
    OptionalInt timeCondProjDim, Optional<String> additionEmbedType) {

    /** Latent pixels along one side: 32768 image pixels at the usual factor. */
    private static final int MOST_LATENT_PIXELS = 4096;
    private static final int MOST_CHANNELS = 1024;
    private static final int MOST_FEATURES = 1 << 16;

    static UnetConfig of(final Config config) {
        final List<Integer> size = config.counts("sample_size", 1, MOST_LATENT_PIXELS);
        final boolean pair = size.size() == 2;
        final OptionalInt single = config.count("sample_size", 1, MOST_LATENT_PIXELS);
        return new UnetConfig(pair ? OptionalInt.of(size.get(0)) : single, pair ? OptionalInt.of(size.get(1)) : single,
            config.count("in_channels", 1, MOST_CHANNELS), config.count("cross_attention_dim", 1, MOST_FEATURES),
            config.count("time_cond_proj_dim", 1, MOST_FEATURES), config.text("addition_embed_type"));
    }
}
