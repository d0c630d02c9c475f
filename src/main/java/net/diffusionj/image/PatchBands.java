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
package net.diffusionj.image;

/** Bands of frequencies of an 8 x 8 patch's discrete cosine transform, by the sum of both indices: coarse to fine. */
enum PatchBands {
    /** Structures of 4 pixels and more. */
    LOW(3, 5),
    /** Of about 2 to 4 pixels. */
    MID(6, 8),
    /** Of about 2 pixels: where an optical image has least of its own. */
    HIGH(9, 14);

    /** Side of a patch, in pixels. */
    static final int SIDE_PX = 8;

    private static final double[][] COSINES = cosines();

    private final int first;
    private final int last;

    PatchBands(final int first, final int last) {
        this.first = first;
        this.last = last;
    }

    private static double[][] cosines() {
        final double[][] rows = new double[SIDE_PX][SIDE_PX];
        for (int k = 0; k < SIDE_PX; k++) {
            for (int i = 0; i < SIDE_PX; i++) {
                rows[k][i] = Math.sqrt((k == 0 ? 1.0 : 2.0) / SIDE_PX) * Math.cos(Math.PI * k * (2 * i + 1) / (2 * SIDE_PX));
            }
        }
        return rows;
    }

    /**
     * @param plane row-major
     * @param start index of the patch's first pixel
     * @param widthPx width of the plane
     * @return squares of the orthonormal transform's values, [8, 8]: of white noise each has the noise's variance on average
     */
    static double[][] powers(final double[] plane, final int start, final int widthPx) {
        final double[][] rows = new double[SIDE_PX][SIDE_PX];
        for (int y = 0; y < SIDE_PX; y++) {
            for (int k = 0; k < SIDE_PX; k++) {
                double sum = 0;
                for (int x = 0; x < SIDE_PX; x++) sum += COSINES[k][x] * plane[start + y * widthPx + x];
                rows[y][k] = sum;
            }
        }
        final double[][] powers = new double[SIDE_PX][SIDE_PX];
        for (int v = 0; v < SIDE_PX; v++) {
            for (int u = 0; u < SIDE_PX; u++) {
                double sum = 0;
                for (int y = 0; y < SIDE_PX; y++) sum += COSINES[v][y] * rows[y][u];
                powers[v][u] = sum * sum;
            }
        }
        return powers;
    }

    /** @param powers of a patch
     *  @return their mean over this band */
    double mean(final double[][] powers) {
        double sum = 0;
        int count = 0;
        for (int v = 0; v < SIDE_PX; v++) {
            for (int u = 0; u < SIDE_PX; u++) {
                if (u + v < first || u + v > last) continue;
                sum += powers[v][u];
                count++;
            }
        }
        return sum / count;
    }

    /**
     * @param sigmaPx of a Gaussian, 0 to about 1
     * @return the power that white noise of variance 1 has in this band after the Gaussian, scaled so that its variance is 1 again ({@link NoiseBlur})
     */
    double passedBy(final double sigmaPx) {
        final double[][] transfer = new double[SIDE_PX][SIDE_PX];
        for (int v = 0; v < SIDE_PX; v++) {
            for (int u = 0; u < SIDE_PX; u++) transfer[v][u] = ofAxis(u, sigmaPx) * ofAxis(v, sigmaPx);
        }
        return mean(transfer);
    }

    /** Of the kernel itself, sampled as it is. */
    private static double ofAxis(final int index, final double sigmaPx) {
        if (sigmaPx == 0) return 1;
        final double[] kernel = NoiseBlur.kernel(sigmaPx);
        double amplitude = kernel[0];
        for (int i = 1; i < kernel.length; i++) amplitude += 2 * kernel[i] * Math.cos(Math.PI * index * i / SIDE_PX);
        return amplitude * amplitude;
    }
}
