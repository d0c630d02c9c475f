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

import java.util.List;

import net.diffusionj.ort.provider.ExecutionProvider;

/** What of a run happens at the same time. */
public enum Overlap {

    /** One thing after the other. */
    NONE,

    /**
     * A model's parts open side by side while the prompt is encoded, and an image is decoded while the next is denoised if the UNet and the decoder run on
     * different processors. On one that both can fill they would only share it: docs/performance.md has the measurement.
     */
    WHERE_FASTER,

    /** As {@link #WHERE_FASTER}, and images are decoded ahead on one processor too. */
    ALWAYS;

    /**
     * @param unet providers of the UNet, the preferred one first
     * @param decoder providers of the VAE decoder
     * @return whether an image is decoded while the next is denoised
     */
    boolean decodesAhead(final List<ExecutionProvider> unet, final List<ExecutionProvider> decoder) {
        return this == ALWAYS || this == WHERE_FASTER && unet.get(0) != decoder.get(0);
    }
}
