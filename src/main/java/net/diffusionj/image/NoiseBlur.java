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

/** Smooths noise with a Gaussian and keeps its variance. Stateless. */
final class NoiseBlur {

    private NoiseBlur() {}

    /**
     * @param noise row-major; changed
     * @param widthPx its width
     * @param sigmaPx standard deviation of the Gaussian, above 0
     */
    static void inPlace(final double[] noise, final int widthPx, final double sigmaPx) {
        final double[] kernel = kernel(sigmaPx);
        final int height = noise.length / widthPx;
        final double[] line = new double[Math.max(widthPx, height)];
        for (int y = 0; y < height; y++) alongLine(noise, y * widthPx, 1, widthPx, kernel, line);
        for (int x = 0; x < widthPx; x++) alongLine(noise, x, widthPx, height, kernel, line);
    }

    /** Squares sum to 1, so that independent values keep their variance. Index 0 is the middle. */
    static double[] kernel(final double sigmaPx) {
        final double[] kernel = new double[(int) Math.ceil(4 * sigmaPx) + 1];
        double squares = 0;
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = Math.exp(-i * i / (2 * sigmaPx * sigmaPx));
            squares += (i == 0 ? 1 : 2) * kernel[i] * kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) kernel[i] /= Math.sqrt(squares);
        return kernel;
    }

    private static void alongLine(final double[] values, final int start, final int step, final int length, final double[] kernel, final double[] line) {
        for (int i = 0; i < length; i++) line[i] = values[start + i * step];
        for (int i = 0; i < length; i++) {
            double sum = kernel[0] * line[i];
            for (int k = 1; k < kernel.length; k++) sum += kernel[k] * (line[around(i - k, length)] + line[around(i + k, length)]);
            values[start + i * step] = sum;
        }
    }

    /** Round the edge to the other side: independent values there, which a mirror would repeat. */
    private static int around(final int at, final int length) {
        return Math.floorMod(at, length);
    }
}
