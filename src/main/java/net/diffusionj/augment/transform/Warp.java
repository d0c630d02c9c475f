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
package net.diffusionj.augment.transform;

import java.util.Random;

import net.imglib2.RealRandomAccess;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.interpolation.randomaccess.LanczosInterpolatorFactory;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;

/**
 * Where each pixel of a warped picture comes from: a rotation about the middle, and displacements that are drawn on a coarse grid and interpolated smoothly.
 * Used by one thread.
 */
final class Warp {

    /** Pixels between the displacements that are drawn. More than four times the largest standard deviation, so that hardly anything folds. */
    private static final double GRID_PX = 40;

    private final double middleX;
    private final double middleY;
    private final double cos;
    private final double sin;
    private final RealRandomAccess<DoubleType> moveX;
    private final RealRandomAccess<DoubleType> moveY;
    private final boolean elastic;

    /**
     * @param transform its rotation and elastic change
     * @param widthPx of the picture
     * @param heightPx of the picture
     */
    Warp(final Transform transform, final int widthPx, final int heightPx) {
        middleX = (widthPx - 1) / 2.0;
        middleY = (heightPx - 1) / 2.0;
        cos = StrictMath.cos(StrictMath.toRadians(transform.degrees()));
        sin = StrictMath.sin(StrictMath.toRadians(transform.degrees()));
        elastic = transform.elasticPx() > 0;
        final Random random = new Random(transform.elasticSeed());
        moveX = field(random, transform.elasticPx(), widthPx, heightPx);
        moveY = field(random, transform.elasticPx(), widthPx, heightPx);
    }

    private static RealRandomAccess<DoubleType> field(final Random random, final double deviationPx, final int widthPx, final int heightPx) {
        final int columns = (int) (widthPx / GRID_PX) + 2;
        final int rows = (int) (heightPx / GRID_PX) + 2;
        final double[] moves = new double[columns * rows];
        for (int i = 0; i < moves.length; i++) {
            moves[i] = deviationPx * random.nextGaussian();
        }
        final ArrayImg<DoubleType, DoubleArray> grid = ArrayImgs.doubles(moves, columns, rows);
        return Views.interpolate(Views.extendMirrorSingle(grid), new LanczosInterpolatorFactory<>(2, false)).realRandomAccess();
    }

    /**
     * @param x of a pixel in the warped picture
     * @param y of it
     * @param from becomes the place in the picture before, x and y; may lie outside of it
     */
    void source(final int x, final int y, final double[] from) {
        final double dx = x - middleX;
        final double dy = y - middleY;
        from[0] = middleX + cos * dx + sin * dy;
        from[1] = middleY - sin * dx + cos * dy;
        if (!elastic) return;
        from[0] += at(moveX, x, y);
        from[1] += at(moveY, x, y);
    }

    private static double at(final RealRandomAccess<DoubleType> field, final int x, final int y) {
        field.setPosition(x / GRID_PX, 0);
        field.setPosition(y / GRID_PX, 1);
        return field.get().get();
    }
}
