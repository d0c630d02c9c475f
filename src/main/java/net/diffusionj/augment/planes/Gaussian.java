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
package net.diffusionj.augment.planes;

/**
 * Convolution with a Gaussian or its derivatives, separable, mirrored at the borders with the border pixel repeated, as {@code scipy.ndimage.gaussian_filter}
 * with its default mode. Sums in double precision, keeps floats between the two directions as scipy does. Immutable and thread-safe.
 */
public final class Gaussian {

    /** scipy's default reach, in sigmas. */
    private static final double REACH = 4;

    private final double[][] kernels;
    private final double sigmaPx;

    /**
     * @param sigmaPx above 0
     * @param reach how many sigmas from its middle the kernel ends
     */
    public Gaussian(final double sigmaPx, final double reach) {
        this.sigmaPx = sigmaPx;
        kernels = new double[][] {kernel(sigmaPx, 0, reach), kernel(sigmaPx, 1, reach), kernel(sigmaPx, 2, reach)};
    }

    /** @param sigmaPx above 0; the kernel ends after four of them */
    public Gaussian(final double sigmaPx) {
        this(sigmaPx, REACH);
    }

    /** @return its standard deviation in pixels */
    public double sigmaPx() {
        return sigmaPx;
    }

    /**
     * @param plane any plane
     * @return the plane smoothed
     */
    public Plane smooth(final Plane plane) {
        return derivative(plane, 0, 0);
    }

    /**
     * @param plane any plane
     * @param alongX order of the derivative along the rows, 0 to 2
     * @param alongY order along the columns, 0 to 2
     * @return that derivative of the smoothed plane, per pixel
     */
    public Plane derivative(final Plane plane, final int alongX, final int alongY) {
        return rows(rows(plane.transposed(), kernels[alongY]).transposed(), kernels[alongX]);
    }

    private static Plane rows(final Plane plane, final double[] kernel) {
        final int widthPx = plane.widthPx();
        final int reach = kernel.length / 2;
        final float[] values = plane.values();
        final float[] out = new float[values.length];
        final double[] line = new double[widthPx + 2 * reach];
        final int[] sources = new int[line.length];
        for (int i = 0; i < line.length; i++) sources[i] = mirrored(i - reach, widthPx);
        for (int row = 0; row < values.length; row += widthPx) {
            for (int i = 0; i < line.length; i++) line[i] = values[row + sources[i]];
            for (int x = 0; x < widthPx; x++) {
                double sum = 0;
                for (int k = 0; k < kernel.length; k++) sum += kernel[k] * line[x + k];
                out[row + x] = (float) sum;
            }
        }
        return new Plane(out, widthPx);
    }

    /** To be multiplied with the line in its own order: convolution's turned kernel. */
    private static double[] kernel(final double sigmaPx, final int order, final double reach) {
        final int radius = (int) (reach * sigmaPx + 0.5);
        final double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++) sum += kernel[k + radius] = Math.exp(-0.5 * k * k / (sigmaPx * sigmaPx));
        final double variance = sigmaPx * sigmaPx;
        for (int k = -radius; k <= radius; k++) {
            final double factor = switch (order) {
                case 0 -> 1;
                // The kernel is turned, so the sign of the first derivative is too.
                case 1 -> k / variance;
                default -> (k * k / variance - 1) / variance;
            };
            kernel[k + radius] *= factor / sum;
        }
        return kernel;
    }

    /**
     * @param position any, also outside
     * @param length of the line
     * @return which pixel stands there when the line is mirrored with its ends repeated
     */
    static int mirrored(final int position, final int length) {
        final int turn = Math.floorMod(position, 2 * length);
        return turn < length ? turn : 2 * length - 1 - turn;
    }
}
