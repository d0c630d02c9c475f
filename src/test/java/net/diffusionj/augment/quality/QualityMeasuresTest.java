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
package net.diffusionj.augment.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import net.diffusionj.InvalidInputException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

class QualityMeasuresTest {

    private static final int SIDE = 64;

    @Test
    void numbersEqualThoseOfNumpyAndScipy() throws IOException {
        final JsonArray pairs;
        try (Reader in = new InputStreamReader(Objects.requireNonNull(getClass().getResourceAsStream("features.json")), StandardCharsets.UTF_8)) {
            pairs = new Gson().fromJson(in, JsonObject.class).getAsJsonArray("pairs");
        }
        compare(pairs.get(0).getAsJsonObject(), QualityMeasures.of(Patterns.image(SIDE, 1, 1, 0), Patterns.image(SIDE, 2, 1, 0)));
        compare(pairs.get(1).getAsJsonObject(), QualityMeasures.of(Patterns.image(SIDE, 1, 16, 100), Patterns.image(SIDE, 1, 15, 160)));
    }

    private static void compare(final JsonObject expected, final Quality found) {
        assertEquals(expected.get("ssim").getAsDouble(), found.ssim(), 1e-4);
        assertEquals(expected.get("psnrDb").getAsDouble(), found.psnrDb(), 1e-6);
        assertEquals(expected.get("histogramDistance").getAsDouble(), found.histogramDistance(), 1e-9);
    }

    @Test
    void aCopyIsKnownAndAnotherPictureIsNot() {
        final Quality same = QualityMeasures.of(Patterns.image(SIDE, 1, 1, 0), Patterns.image(SIDE, 1, 1, 0));
        assertEquals(1, same.ssim(), 1e-6);
        assertEquals(Double.POSITIVE_INFINITY, same.psnrDb());
        assertEquals(0, same.histogramDistance());
        assertEquals(0, same.sourceDistance(), 1e-5);
        // Brighter and with another offset it is still a copy.
        assertEquals(0, QualityMeasures.of(Patterns.image(SIDE, 1, 1, 0), Patterns.image(SIDE, 1, 3, 50)).sourceDistance(), 1e-5);
        assertTrue(QualityMeasures.of(Patterns.image(SIDE, 1, 1, 0), Patterns.image(SIDE, 2, 1, 0)).sourceDistance() > 0.5);
    }

    @Test
    void theNearestOfTheOthersIsFound() {
        final List<FineStructure> pictures = List.of(QualityMeasures.fineStructure(Patterns.image(SIDE, 1, 1, 0)),
            QualityMeasures.fineStructure(Patterns.image(SIDE, 2, 1, 0)), QualityMeasures.fineStructure(Patterns.image(SIDE, 1, 2, 9)),
            QualityMeasures.fineStructure(Patterns.image(32, 1, 1, 0)));
        final double[] nearest = FineStructure.nearest(pictures);
        assertEquals(0, nearest[0], 1e-5);
        assertTrue(nearest[1] > 0.5);
        assertEquals(nearest[0], nearest[2]);
        assertEquals(Double.NaN, nearest[3]);
        assertArrayEquals(new double[0], FineStructure.nearest(List.of()));
    }

    @Test
    void constantImagesAndSinglePixelsHaveDefinedValues() {
        final RandomAccessibleInterval<?> flat = ArrayImgs.floats(new float[] {7, 7, 7, 7}, 2, 2);
        assertEquals(new Quality(1, Double.POSITIVE_INFINITY, 0, 0, Double.NaN, Double.NaN), QualityMeasures.of(flat, flat));
        final Quality changed = QualityMeasures.of(flat, ArrayImgs.floats(new float[] {7, 8, 7, 7}, 2, 2));
        assertEquals(-10 * Math.log10(0.25), changed.psnrDb(), 1e-9);
        assertEquals(0.25, changed.histogramDistance(), 1e-9);
        assertEquals(1, changed.sourceDistance());
        final RandomAccessibleInterval<?> pixel = ArrayImgs.unsignedBytes(new byte[] {3}, 1, 1);
        assertEquals(1, QualityMeasures.of(pixel, pixel).ssim());
        // Large values of little range keep their digits.
        final float[] high = new float[SIDE * SIDE];
        for (int i = 0; i < high.length; i++) high[i] = 65000 + i % 2;
        assertEquals(1, QualityMeasures.of(ArrayImgs.floats(high, SIDE, SIDE), ArrayImgs.floats(high.clone(), SIDE, SIDE)).ssim(), 1e-5);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        final RandomAccessibleInterval<?> image = ArrayImgs.floats(new float[] {1, 2, 3, 4}, 2, 2);
        refused("1 pixel of the image is not a number", image, ArrayImgs.floats(new float[] {1, Float.NaN, 3, 4}, 2, 2));
        refused("quality of the source cannot be measured", ArrayImgs.floats(new float[] {1, Float.POSITIVE_INFINITY}, 2, 1), image);
        refused("4 x 1 pixels", image, ArrayImgs.floats(new float[4], 4, 1));
        refused("3 channels", image, ArrayImgs.floats(new float[12], 2, 2, 3));
        refused("stack", ArrayImgs.floats(new float[16], 2, 2, 1, 4), image);
    }

    private static void refused(final String words, final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output) {
        final String message = assertThrows(InvalidInputException.class, () -> QualityMeasures.of(source, output)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
