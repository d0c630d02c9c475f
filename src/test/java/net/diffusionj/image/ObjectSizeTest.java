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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of discs whose size is known the estimate is near it, whatever noise and uneven light there are. */
class ObjectSizeTest {

    /** Within a quarter of the diameter: what an automatic scale is rounded to. */
    @ParameterizedTest
    @CsvSource({"10, 1", "16, 1", "24, 1", "40, 1", "16, -1", "30, -1"})
    void isNearTheDiameterOfDiscs(final double diameter, final double sign) {
        final int width = 400;
        final int height = 300;
        final Random random = new Random(2);
        final float[] plane = new float[width * height];
        for (int i = 0; i < plane.length; i++) plane[i] = (float) (0.2 * Math.sin(i % width / 300.0) + 0.1 * random.nextGaussian());
        for (int disc = 0; disc < width * height / (6 * diameter * diameter); disc++) {
            final double cx = random.nextDouble() * width;
            final double cy = random.nextDouble() * height;
            for (int i = 0; i < plane.length; i++) {
                if (Math.hypot(i % width - cx, i / width - cy) < diameter / 2) plane[i] = (float) sign;
            }
        }
        final double found = ObjectSize.estimatePx(plane, width).orElseThrow();
        assertEquals(1, found / diameter, 0.25, "estimated " + found + " px");
    }

    @Test
    void isEmptyWhereThereIsNothingToMeasure() {
        assertEquals(OptionalDouble.empty(), ObjectSize.estimatePx(new float[1], 1));
        assertEquals(OptionalDouble.empty(), ObjectSize.estimatePx(new float[100 * 80], 100));
        assertEquals(OptionalDouble.empty(), ObjectSize.estimatePx(new float[3 * 4000], 3));
    }

    @Test
    void ofNoiseItIsAPixelOrTwo() {
        final Random random = new Random(8);
        final float[] plane = new float[200 * 200];
        for (int i = 0; i < plane.length; i++) plane[i] = (float) random.nextGaussian();
        assertTrue(ObjectSize.estimatePx(plane, 200).orElseThrow() < 6);
    }
}
