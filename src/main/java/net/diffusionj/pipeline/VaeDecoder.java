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

import java.util.Optional;
import java.util.function.Supplier;

import net.diffusionj.model.LatentSpace;
import net.diffusionj.model.VaeDecoderContract;
import net.diffusionj.ort.CancelToken;

/**
 * Latents to pixels, one image at a time: decoding needs far more memory than denoising, and a batch would multiply it. In tiles where one image is
 * too much, in float32 where float16 does not suffice.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class VaeDecoder implements AutoCloseable {

    private final LatentSpace space;
    private final LatentShape shape;
    private final WideningTiles tiles;

    /**
     * A decoder that is open.
     *
     * @param part stays its owner's
     * @param contract what was found of its input and output
     */
    record OpenDecoder(PartInUse part, VaeDecoderContract contract) {}

    /**
     * @param decoder must outlive this
     * @param shape latents of one image
     * @param space how latents are scaled
     * @param inFloat32 opens the decoder that computes in float32; empty if the decoder does so itself
     */
    VaeDecoder(final OpenDecoder decoder, final LatentShape shape, final LatentSpace space, final Supplier<Optional<OpenDecoder>> inFloat32) {
        this.space = space;
        this.shape = shape;
        this.tiles = new WideningTiles("VAE decoder", tiles(decoder), () -> inFloat32.get().map(this::tiles));
    }

    private VaeTiles tiles(final OpenDecoder decoder) {
        return new VaeTiles(decoder.part(), new VaeTiles.Side(decoder.contract().latents(), shape.channels(), 1),
            new VaeTiles.Side(decoder.contract().image(), SourcePixels.CHANNELS, space.spatialFactor()), shape);
    }

    /**
     * @param image latents of one image, in the UNet's scale; not changed
     * @param last whether the decoder is not needed again for a while
     * @param cancel ends the model call early
     * @return pixels [3, heightPx, widthPx], nominally −1 to 1
     */
    float[] decode(final float[] image, final boolean last, final CancelToken cancel) {
        final float[] scaled = image.clone();
        space.scaling().decodeInPlace(scaled, shape.channels(), shape.height() * shape.width());
        return tiles.run(scaled, last, cancel);
    }

    /** @return that float16 did not suffice, for the user */
    Optional<String> warning() {
        return tiles.warning();
    }

    /** Decodes in smaller tiles from now on, as if memory had run out. */
    void useSmallerTiles() {
        tiles.smallerTiles();
    }

    long runNanos() {
        return tiles.runNanos();
    }

    @Override
    public void close() {
        tiles.close();
    }
}
