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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of any size to a size that a model takes, and back. */
class FramingTest {

    private static final Framing.Limits MODEL = new Framing.Limits(128, 96, 32);

    @ParameterizedTest
    @CsvSource({"1, 1, 128, 96", "31, 4000, 128, 4000", "20000, 10, 20000, 96", "128, 96, 128, 96", "129, 97, 160, 128", "696, 520, 704, 544"})
    void padsToTheModelsSizeOrTheNextMultipleAndNeverStretches(final int width, final int height, final int expectedWidth, final int expectedHeight) {
        final Framing framing = Framing.scaled(width, height, 1, MODEL);
        assertEquals(expectedWidth, framing.widthPx());
        assertEquals(expectedHeight, framing.heightPx());
        assertEquals(width, framing.scaledWidthPx());
        assertEquals(height, framing.scaledHeightPx());
    }

    /** At scale 1 every pixel goes in and comes out as it is, whatever is around it. */
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 200", "130, 40", "128, 96"})
    void comesBackExactly(final int width, final int height) {
        final Img<UnsignedShortType> img = ArrayImgs.unsignedShorts(width, height);
        final Random random = new Random(4);
        img.forEach(pixel -> pixel.set(random.nextInt(65536)));
        img.firstElement().set(0);
        final SourceImage source = SourceImage.of(img);
        final IntensityMapping mapping = IntensityMapping.joint(0, 65535);
        final Framing framing = Framing.scaled(width, height, 1, MODEL);
        final SourcePixels pixels = source.toPixels(mapping, framing);
        final DecodedPixels back = DecodedImages.unframe(new DecodedPixels(pixels.values(), 1, framing.heightPx(), framing.widthPx()), framing);
        final var expected = img.cursor();
        for (final var pixel : (Img<?>) source.restore(back, mapping, SourceImage.ResultChannels.AS_SOURCE)) {
            assertEquals(expected.next(), pixel);
        }
    }

    @ParameterizedTest
    @CsvSource({"2", "0.5", "1.5", "0.3", "4"})
    void everyScaleGivesTheSizeBack(final double scale) {
        final Img<UnsignedShortType> img = ArrayImgs.unsignedShorts(101, 77);
        final SourceImage source = SourceImage.of(img);
        final Framing framing = Framing.scaled(101, 77, scale, MODEL);
        assertEquals(Math.rint(101 * scale), framing.scaledWidthPx());
        final SourcePixels pixels = source.toPixels(IntensityMapping.joint(0, 1), framing);
        final DecodedPixels back = DecodedImages.unframe(new DecodedPixels(pixels.values(), 1, framing.heightPx(), framing.widthPx()), framing);
        assertEquals(101, back.widthPx());
        assertEquals(77, back.heightPx());
    }

    @Test
    void whatIsAroundIsTheMirrorImage() {
        final Framing framing = Framing.scaled(3, 2, 1, new Framing.Limits(8, 4, 4));
        final float[] out = new float[8 * 4];
        framing.mirrorOutwards(new float[] {1, 2, 3, 4, 5, 6}, out, 0);
        assertArrayEquals(new float[] {2, 1, 1, 2, 3, 3, 2, 1}, java.util.Arrays.copyOf(out, 8));
        assertArrayEquals(new float[] {2, 1, 1, 2, 3, 3, 2, 1}, java.util.Arrays.copyOfRange(out, 8, 16));
        assertArrayEquals(new float[] {5, 4, 4, 5, 6, 6, 5, 4}, java.util.Arrays.copyOfRange(out, 16, 24));
        assertArrayEquals(new float[] {5, 4, 4, 5, 6, 6, 5, 4}, java.util.Arrays.copyOfRange(out, 24, 32));
    }

    @Test
    void aScaleThatNoArrayHoldsIsRefused() {
        final InvalidInputException refused = assertThrows(InvalidInputException.class, () -> Framing.scaled(100_000_000, 10, 64, MODEL));
        assertTrue(refused.getMessage().contains("100000000"), refused.getMessage());
    }
}
