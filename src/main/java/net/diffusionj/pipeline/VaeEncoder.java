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
import net.diffusionj.model.VaeEncoderContract;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;

/**
 * Pixels to what their latents are drawn from.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class VaeEncoder extends VaeHalf {

    private final boolean givesDistribution;
    private final LatentSpace space;
    private final LatentShape shape;

    /**
     * @param opened the encoder, which must outlive this
     * @param shape latents of one image
     * @param space how latents are scaled
     * @param cut into which tiles a picture is to be cut
     */
    VaeEncoder(final Opened opened, final LatentShape shape, final LatentSpace space, final VaeTiles.Cut cut) {
        super(PartRole.VAE_ENCODER.title(), opened, part -> tiles(part, shape, space, cut));
        this.givesDistribution = givesDistribution(contract(opened.part()), shape);
        this.space = space;
        this.shape = shape;
    }

    private static VaeEncoderContract contract(final PartInUse part) {
        return VaeEncoderContract.of(part.file(), part.inputs(), part.outputs());
    }

    private static boolean givesDistribution(final VaeEncoderContract contract, final LatentShape shape) {
        return contract.outputChannels().isPresent()
            ? contract.output(contract.outputChannels().getAsInt(), shape.channels()) == VaeEncoderContract.Output.PARAMETERS
            : contract.namedOutput() == VaeEncoderContract.Output.PARAMETERS;
    }

    private static VaeTiles tiles(final PartInUse part, final LatentShape shape, final LatentSpace space, final VaeTiles.Cut cut) {
        final VaeEncoderContract contract = contract(part);
        return new VaeTiles(part, new VaeTiles.Side(contract.image(), SourcePixels.CHANNELS, space.spatialFactor()),
            new VaeTiles.Side(contract.latents(), givesDistribution(contract, shape) ? 2 * shape.channels() : shape.channels(), 1), shape, cut);
    }

    /**
     * @param source a picture of the size this was made for
     * @param cancel ends the model call early
     * @return what latents are drawn from
     */
    EncodedSource encode(final SourcePixels source, final CancelToken cancel) {
        return new EncodedSource(run(source.values(), true, cancel), givesDistribution, shape, space.scaling());
    }
}
