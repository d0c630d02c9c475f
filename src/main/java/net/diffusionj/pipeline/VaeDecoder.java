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

import net.diffusionj.CancelToken;
import net.diffusionj.model.LatentSpace;
import net.diffusionj.model.VaeDecoderContract;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;

/**
 * Latents to pixels, one image at a time: decoding needs far more memory than denoising, and a batch would multiply it.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class VaeDecoder extends VaeHalf {

    private final LatentSpace space;
    private final LatentShape shape;

    /**
     * @param opened the decoder, which must outlive this
     * @param shape latents of one image
     * @param space how latents are scaled
     * @param cut into which tiles a picture is to be cut
     */
    VaeDecoder(final Opened opened, final LatentShape shape, final LatentSpace space, final VaeTiles.Cut cut) {
        super(PartRole.VAE_DECODER.title(), opened, part -> tiles(part, shape, space, cut));
        this.space = space;
        this.shape = shape;
    }

    private static VaeTiles tiles(final PartInUse part, final LatentShape shape, final LatentSpace space, final VaeTiles.Cut cut) {
        final VaeDecoderContract contract = VaeDecoderContract.of(part.file(), part.inputs(), part.outputs());
        return new VaeTiles(part, new VaeTiles.Side(contract.latents(), shape.channels(), 1),
            new VaeTiles.Side(contract.image(), SourcePixels.CHANNELS, space.spatialFactor()), shape, cut);
    }

    /**
     * @param image latents of one image, in the UNet's scale; not changed
     * @param last whether the decoder is not needed again for a while
     * @param cancel ends the model call early
     * @return pixels [3, heightPx, widthPx], nominally −1 to 1
     */
    float[] decode(final float[] image, final boolean last, final CancelToken cancel) {
        final float[] scaled = FiniteCheck.requireLatents(image).clone();
        space.scaling().decodeInPlace(scaled, shape.channels(), shape.height() * shape.width());
        return run(scaled, last, cancel);
    }
}
