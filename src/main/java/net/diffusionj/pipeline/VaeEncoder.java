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
import net.diffusionj.model.VaeEncoderContract;
import net.diffusionj.ort.CancelToken;

/**
 * Pixels to what their latents are drawn from. In tiles where the whole is too much, in float32 where float16 does not suffice.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class VaeEncoder implements AutoCloseable {

    private final WideningTiles tiles;
    private final boolean givesDistribution;
    private final LatentSpace space;
    private final LatentShape shape;

    /**
     * An encoder that is open.
     *
     * @param part stays its owner's
     * @param contract what was found of its input and output
     */
    record OpenEncoder(PartInUse part, VaeEncoderContract contract) {}

    /**
     * @param encoder must outlive this
     * @param shape latents of one image
     * @param space how latents are scaled
     * @param inFloat32 opens the encoder that computes in float32; empty if the encoder does so itself
     */
    VaeEncoder(final OpenEncoder encoder, final LatentShape shape, final LatentSpace space, final Supplier<Optional<OpenEncoder>> inFloat32) {
        final VaeEncoderContract contract = encoder.contract();
        this.givesDistribution = contract.outputChannels().isPresent()
            ? contract.output(contract.outputChannels().getAsInt(), shape.channels()) == VaeEncoderContract.Output.PARAMETERS
            : contract.namedOutput() == VaeEncoderContract.Output.PARAMETERS;
        this.space = space;
        this.shape = shape;
        this.tiles = new WideningTiles("VAE encoder", tiles(encoder), () -> inFloat32.get().map(this::tiles));
    }

    private VaeTiles tiles(final OpenEncoder encoder) {
        return new VaeTiles(encoder.part(), new VaeTiles.Side(encoder.contract().image(), SourcePixels.CHANNELS, space.spatialFactor()),
            new VaeTiles.Side(encoder.contract().latents(), givesDistribution ? 2 * shape.channels() : shape.channels(), 1), shape);
    }

    /**
     * @param source a picture of the size this was made for
     * @param cancel ends the model call early
     * @return what latents are drawn from
     */
    EncodedSource encode(final SourcePixels source, final CancelToken cancel) {
        return new EncodedSource(tiles.run(source.values(), true, cancel), givesDistribution, shape, space.scaling());
    }

    /** @return that float16 did not suffice, for the user */
    Optional<String> warning() {
        return tiles.warning();
    }

    /** Encodes in smaller tiles from now on, as if memory had run out. */
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
