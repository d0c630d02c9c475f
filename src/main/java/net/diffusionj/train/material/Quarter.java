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
package net.diffusionj.train.material;

import java.util.List;

import net.diffusionj.InvalidInputException;

/**
 * The one image of a tuning, divided: a quarter in one corner is for validation alone, and no training crop touches it.
 *
 * @param validation the quarter
 * @param training the half beside it and the quarter that is left, which no crop of either leaves
 */
record Quarter(Region validation, List<Region> training) {

    private static final int CORNERS = 4;
    private static final int LEAST_SIDE_PX = 16;

    /**
     * @param picture the image
     * @param corner any number: which corner
     * @return its parts
     * @throws InvalidInputException if the image is too small to be divided
     */
    static Quarter of(final Picture picture, final int corner) {
        final int halfWidth = picture.widthPx() / 2;
        final int halfHeight = picture.heightPx() / 2;
        if (halfWidth < LEAST_SIDE_PX || halfHeight < LEAST_SIDE_PX) {
            throw new InvalidInputException("The image " + picture.name() + " has " + picture.widthPx() + " x " + picture.heightPx()
                + " pixels, too few to train on a part of it and to judge by another. Give a larger image, or several.");
        }
        final boolean right = Math.floorMod(corner, CORNERS) % 2 == 1;
        final boolean below = Math.floorMod(corner, CORNERS) / 2 == 1;
        final int x = right ? picture.widthPx() - halfWidth : 0;
        final int y = below ? picture.heightPx() - halfHeight : 0;
        final Region half = new Region(0, below ? 0 : halfHeight, picture.widthPx(), picture.heightPx() - halfHeight);
        final Region rest = new Region(right ? 0 : halfWidth, y, picture.widthPx() - halfWidth, halfHeight);
        return new Quarter(new Region(x, y, halfWidth, halfHeight), List.of(half, rest));
    }
}
