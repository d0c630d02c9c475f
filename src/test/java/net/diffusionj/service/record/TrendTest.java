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
package net.diffusionj.service.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

/** Slopes and shifts with their intervals, against what they promise. */
class TrendTest {

    /** What scipy 1.17.1 gives: {@code scipy.stats.theilslopes([14, 9, 20, 23, 19, 25, 27, 24, 30, 31], alpha=0.99)}. */
    @Test
    void agreesWithScipy() {
        assertEquals(new Trend(1.75, 1.0, 3.5), Trend.of(new double[] {14, 9, 20, 23, 19, 25, 27, 24, 30, 31}, Trend.Z_99));
    }

    @Test
    void theIntervalOfNoiseHoldsZeroAsOftenAsItSays() {
        final Random random = new Random(1);
        int outside = 0;
        int above = 0;
        for (int series = 0; series < 4000; series++) {
            final Trend trend = Trend.of(random.doubles(20).toArray(), Trend.Z_99);
            if (trend.low() > 0 || trend.high() < 0) outside++;
            if (Trend.shift(random.doubles(12).toArray(), random.doubles(12).toArray(), Trend.Z_999_ONE_SIDED).low() > 0) above++;
        }
        assertTrue(outside > 10 && outside < 60, outside + " of 4000, 40 expected");
        assertTrue(above < 12, above + " of 4000, 4 expected");
    }

    @Test
    void oneValueFarOffDoesNotCount() {
        final double[] values = new double[30];
        for (int i = 0; i < values.length; i++) values[i] = 3 * i;
        values[17] = 1e9;
        assertEquals(3, Trend.of(values, Trend.Z_99).slope(), 1e-9);
    }
}
