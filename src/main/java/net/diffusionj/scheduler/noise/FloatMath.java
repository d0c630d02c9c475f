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
package net.diffusionj.scheduler.noise;

/** Arithmetic in float32, rounded where torch and NumPy round. Stateless. */
public final class FloatMath {

    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float LN_2 = (float) Math.log(2);
    /** A quotient of two polynomials in x - 1 for the logarithm of x between the square roots of 1/2 and 2: NumPy's, from the highest power down. */
    private static final float[] LOG_NUMERATOR =
        {2.589979117907922693523e-02f, 3.808837741388407920751e-01f, 1.480000633576506585156f, 2.112677543073053063722f, 1, 0};
    private static final float[] LOG_DENOMINATOR = {5.875095403124574342950e-03f, 1.546476374983906719538e-01f, 9.864942958519418960339e-01f,
        2.453006071784736363091f, 2.612677543073109236779f, 1};

    private FloatMath() {}

    /** @param x 0 or more
     *  @return its square root, computed in double precision and rounded once; NaN below 0 */
    public static float sqrt(final float x) {
        return (float) Math.sqrt(x);
    }

    /** @param x any number
     *  @return e to the power of x, computed in double precision and rounded once */
    public static float exp(final float x) {
        return (float) Math.exp(x);
    }

    /** @param x a positive number
     *  @return its natural logarithm, computed in double precision and rounded once; minus infinity at 0, NaN below */
    public static float log(final float x) {
        return (float) Math.log(x);
    }

    /**
     * The last bit counts: it decides on which side of a whole training step the level of that step falls.
     *
     * @param x a normal positive number
     * @return {@code numpy.log} in float32, as NumPy's vector code for AVX2 and AVX-512 rounds it
     */
    static float logOfNumpy(final float x) {
        int exponent = Math.getExponent(x) + 1;
        float mantissa = Math.scalb(x, -exponent);
        if (mantissa <= SQRT_HALF) {
            mantissa *= 2;
            exponent--;
        }
        final float quotient = polynomial(LOG_NUMERATOR, mantissa - 1) / polynomial(LOG_DENOMINATOR, mantissa - 1);
        return Math.fma(exponent, LN_2, quotient);
    }

    private static float polynomial(final float[] coefficients, final float x) {
        float value = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            value = Math.fma(value, x, coefficients[i]);
        }
        return value;
    }

    /** @return {@code torch.linspace}: counted from the start in the first half and from the end in the second, each product added before it is rounded */
    static float[] linspace(final float start, final float end, final int count) {
        final float[] values = new float[count];
        final float step = (end - start) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = i < count / 2 ? Math.fma(step, i, start) : Math.fma(-step, count - 1 - i, end);
        }
        return values;
    }

    static double[] widened(final float[] values) {
        final double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
