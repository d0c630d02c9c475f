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

/**
 * How much of a picture a model sees at once. One piece where the picture is about as large as those that the model was trained on; else overlapping tiles
 * of the model's own size, measured to keep more objects than one large piece, at a cost that grows with the pixels and not with their square. Depends on
 * the sizes alone, never on free memory, so that a seed gives the same picture on every machine.
 *
 * @param tileHeight height of what the UNet sees at once, in latent pixels
 * @param tileWidth its width
 * @param vaeTile side of what the VAE sees at once, in latent pixels
 */
record TilePlan(int tileHeight, int tileWidth, int vaeTile) {

    /** Up to so many times the model's own pixels go through in one piece: twice its sides, which models still draw well. */
    private static final int ONE_PIECE = 4;
    /** One image of 512 x 512 with a factor of 8. */
    private static final int LATENT_PIXELS_AT_ONCE = 64 * 64;
    /** A VAE's normalisation looks at all of what it is given: smaller tiles would differ in tone. */
    private static final int SMALLEST_VAE_TILE = 64;

    /**
     * @param picture the latents of the whole picture
     * @param own the latents of a picture of the model's own size
     * @return one piece or tiles
     */
    static TilePlan of(final LatentShape picture, final LatentShape own) {
        if ((long) picture.height() * picture.width() <= (long) ONE_PIECE * own.height() * own.width()) return onePiece(picture);
        return tiles(picture, own);
    }

    /**
     * @param picture the latents of the whole picture
     * @param own the latents of what the model is to see at once
     * @return tiles of that size
     */
    static TilePlan tiles(final LatentShape picture, final LatentShape own) {
        return new TilePlan(Math.min(picture.height(), own.height()), Math.min(picture.width(), own.width()),
            Math.max(SMALLEST_VAE_TILE, Math.max(own.height(), own.width())));
    }

    /**
     * @param picture the latents of the whole picture
     * @return no tiles
     */
    static TilePlan onePiece(final LatentShape picture) {
        return new TilePlan(picture.height(), picture.width(), Math.max(picture.height(), picture.width()));
    }

    /** @return tiles that go through the UNet together, so that small ones keep the processors busy */
    int tilesAtOnce() {
        return Math.max(1, LATENT_PIXELS_AT_ONCE / (tileHeight * tileWidth));
    }

    /**
     * @param picture the latents of the whole picture
     * @return where the UNet's tiles lie
     */
    Tiling tiling(final LatentShape picture) {
        return new Tiling(picture.height(), picture.width(), tileHeight, tileWidth);
    }
}
