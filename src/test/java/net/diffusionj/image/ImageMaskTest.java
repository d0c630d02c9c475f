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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.DecodedPixels;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.Test;

/** What a mask forbids stays bit for bit, at every bit depth; what it allows comes in gradually, inside only. */
class ImageMaskTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 30;

    @Test
    void outsideStaysBitForBitAtEveryDepth() {
        final long[] shape = {WIDTH, HEIGHT};
        final Random random = new Random(5);
        for (final Img<? extends RealType<?>> img : List.<Img<? extends RealType<?>>>of(ArrayImgs.unsignedBytes(shape), ArrayImgs.bytes(shape),
            ArrayImgs.unsignedShorts(shape), ArrayImgs.shorts(shape), ArrayImgs.unsignedInts(shape), ArrayImgs.longs(shape), ArrayImgs.floats(shape),
            ArrayImgs.doubles(shape), ArrayImgs.unsignedShorts(WIDTH, HEIGHT, 3), ArrayImgs.floats(WIDTH, HEIGHT, 3))) {
            for (final RealType<?> pixel : img) {
                if (pixel instanceof final IntegerType<?> whole) whole.setInteger(random.nextLong());
                else pixel.setReal(random.nextGaussian() * 1e-3 + 7);
            }
            final SourceImage source = SourceImage.of(Views.translate(img, new long[img.numDimensions()]));
            final ImageMask mask = ImageMask.of(disc(), source);
            final Img<?> result = made(source, 2);
            source.putBack(result, mask);
            check(img, result, mask);
        }
    }

    private static void check(final RandomAccessibleInterval<? extends RealType<?>> source, final Img<?> result, final ImageMask mask) {
        final float[] shares = mask.shares();
        int changed = 0;
        final Cursor<?> found = result.cursor();
        final long channels = source.numDimensions() > 2 ? 3 : 1;
        for (int image = 0; image < 2; image++) {
            final Cursor<? extends RealType<?>> expected = Views.flatIterable(source).cursor();
            for (int i = 0; i < channels * WIDTH * HEIGHT; i++) {
                final Object pixel = found.next();
                final Object original = expected.next();
                if (shares[i % (WIDTH * HEIGHT)] == 0) assertEquals(original, pixel, () -> original.getClass().getSimpleName());
                else if (!original.equals(pixel)) changed++;
            }
        }
        assertTrue(changed > 0, "inside something changed");
    }

    @Test
    void argbStaysToo() {
        final Img<ARGBType> img = ArrayImgs.argbs(WIDTH, HEIGHT);
        final Random random = new Random(6);
        img.forEach(pixel -> pixel.set(random.nextInt()));
        final SourceImage source = SourceImage.of(img);
        final ImageMask mask = ImageMask.of(disc(), source);
        final Img<?> result = made(source, 1);
        source.putBack(result, mask);
        assertFalse(mask.shares()[0] > 0);
        for (int channel = 0; channel < 3; channel++) {
            assertEquals(img.firstElement().get() >> 16 - 8 * channel & 0xff, (int) ((RealType<?>) result.getAt(0, 0, channel)).getRealDouble());
        }
    }

    @Test
    void theNewPictureComesInFromTheBorderInwards() {
        final SourceImage source = SourceImage.of(ArrayImgs.unsignedBytes(WIDTH, HEIGHT));
        final float[] shares = ImageMask.of(disc(), source).shares();
        final boolean[] inside = ImageMask.of(disc(), source).at(Framing.stretched(WIDTH, HEIGHT, WIDTH, HEIGHT));
        for (int i = 0; i < shares.length; i++) assertEquals(inside[i], shares[i] > 0, "pixel " + i);
        assertEquals(1, shares[15 * WIDTH + 20], "the middle is new altogether");
        for (int x = 21; x < 32; x++) assertTrue(shares[15 * WIDTH + x] <= shares[15 * WIDTH + x - 1], "at x = " + x);
        assertTrue(shares[15 * WIDTH + 31] < 0.3, "at the border little is new");
    }

    @Test
    void onePixelIsNewAltogether() {
        final boolean[] one = new boolean[25];
        one[12] = true;
        final float[] expected = new float[25];
        expected[12] = 1;
        assertArrayEquals(expected, InwardFeather.shares(one, 5, 8));
    }

    @Test
    void theBorderOfThePictureIsNoBorderOfTheMask() {
        final boolean[] left = new boolean[20];
        for (int i = 0; i < 20; i++) left[i] = i % 5 < 4;
        assertEquals(1, InwardFeather.shares(left, 5, 1)[0], "a pixel in the corner is deep inside");
    }

    @Test
    void aPixelOfAnyValueCounts() {
        final SourceImage source = SourceImage.of(ArrayImgs.unsignedBytes(2, 2));
        assertEquals(2, ImageMask.of(ArrayImgs.floats(new float[] {0, 0.01f, -3, 0}, 2, 2), source).pixels());
        assertTrue(ImageMask.of(ArrayImgs.unsignedBytes(2, 2), source).isEmpty());
        assertTrue(ImageMask.of(ArrayImgs.unsignedBytes(new byte[] {1, 2, 3, 4}, 2, 2), source).isFull());
    }

    /** However much an image shrinks on the way to the model, no masked pixel is lost. */
    @Test
    void noMaskedPixelIsLostInScaling() {
        final SourceImage source = SourceImage.of(ArrayImgs.unsignedBytes(WIDTH, HEIGHT));
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            final byte[] one = new byte[WIDTH * HEIGHT];
            one[at] = 1;
            final ImageMask mask = ImageMask.of(ArrayImgs.unsignedBytes(one, WIDTH, HEIGHT), source);
            for (final double scale : new double[] {0.1, 0.3, 1, 1.7}) {
                final boolean[] seen = mask.at(Framing.scaled(WIDTH, HEIGHT, scale, new Framing.Limits(1, 1, 1)));
                int count = 0;
                for (final boolean pixel : seen) count += pixel ? 1 : 0;
                assertNotEquals(0, count, "pixel " + at + " at scale " + scale);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithAMask() {
        final SourceImage source = SourceImage.of(ArrayImgs.unsignedBytes(WIDTH, HEIGHT));
        final String size = assertThrows(InvalidInputException.class, () -> ImageMask.of(ArrayImgs.unsignedBytes(WIDTH, 29), source)).getMessage();
        assertTrue(size.contains("40 x 29") && size.contains("40 x 30"), size);
        final String nan = assertThrows(InvalidInputException.class,
            () -> ImageMask.of(ArrayImgs.floats(new float[] {Float.NaN}, 1, 1), SourceImage.of(ArrayImgs.bytes(1, 1)))).getMessage();
        assertTrue(nan.contains("mask") && nan.contains("NaN"), nan);
        final String stack = assertThrows(InvalidInputException.class, () -> ImageMask.of(ArrayImgs.unsignedBytes(WIDTH, HEIGHT, 5), source)).getMessage();
        assertTrue(stack.startsWith("The mask"), stack);
    }

    /** A picture that differs everywhere from its source. */
    private static Img<?> made(final SourceImage source, final int images) {
        final IntensityMapping mapping = source.mapping(LimitChoice.AUTO);
        final float[] values = new float[images * 3 * WIDTH * HEIGHT];
        final Random random = new Random(7);
        for (int i = 0; i < values.length; i++) values[i] = random.nextFloat() * 2 - 1;
        return source.restore(new DecodedPixels(values, images, HEIGHT, WIDTH), mapping, SourceImage.ResultChannels.AS_SOURCE);
    }

    private static Img<?> disc() {
        final byte[] values = new byte[WIDTH * HEIGHT];
        for (int i = 0; i < values.length; i++) {
            final int dx = i % WIDTH - 20;
            final int dy = i / WIDTH - 15;
            if (dx * dx + dy * dy < 145) values[i] = (byte) 255;
        }
        return ArrayImgs.unsignedBytes(values, WIDTH, HEIGHT);
    }
}
