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
package net.diffusionj.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import net.diffusionj.InvalidInputException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.logic.BitType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;

class LabelImageTest {

    private static final int[] NUMBERS = {
        0, 7, 7, 0,
        3, 0, 0, 0,
        3, 0, 7, 300};

    @Test
    void numbersOfAnyTypeAreRead() {
        final byte[] bytes = {0, 7, 7, 0, 3, 0, 0, 0, 3, 0, 7, (byte) 200};
        assertEquals(List.of(3, 7, 200), LabelImage.of(ArrayImgs.unsignedBytes(bytes, 4, 3)).ids());
        final short[] shorts = new short[12];
        final float[] floats = new float[12];
        for (int i = 0; i < 12; i++) {
            shorts[i] = (short) NUMBERS[i];
            floats[i] = NUMBERS[i];
        }
        final LabelImage labels = LabelImage.of(ArrayImgs.unsignedShorts(shorts, 4, 3));
        assertEquals(labels, LabelImage.of(ArrayImgs.floats(floats, 4, 3)));
        assertEquals(labels, LabelImage.of(ArrayImgs.unsignedInts(NUMBERS.clone(), 4, 3, 1)));
        assertEquals(4, labels.widthPx());
        assertEquals(3, labels.heightPx());
        assertEquals(List.of(3, 7, 300), labels.ids());
        assertEquals(300, labels.id(3, 2));
        assertEquals(-1, labels.indexOf(0));
        assertEquals(2, labels.indexOf(300));
        assertArrayEquals(NUMBERS, labels.toArray());
        assertEquals(List.of(1, 2, 3), labels.renumbered().ids());
        assertEquals(1, labels.renumbered().id(0, 2));
        // A part of a larger image begins elsewhere.
        final RandomAccessibleInterval<?> part = Views.interval(ArrayImgs.floats(floats, 4, 3), Intervals.createMinMax(1, 0, 3, 2));
        assertEquals(List.of(7, 300), LabelImage.of(part).ids());
    }

    @Test
    void objectsAreMeasured() {
        final LabelledObject seven = LabelImage.ofIds(NUMBERS, 4).objects().get(1);
        assertEquals(new LabelledObject(7, 3, 1, 0, 2, 2, 5 / 3.0, 2 / 3.0, true), seven);
        assertEquals(2, seven.widthPx());
        assertEquals(3, seven.heightPx());
    }

    @Test
    void piecesOfAMaskBecomeObjects() {
        final byte[] mask = {
            0, -1, 0, 0,
            -1, 0, 0, -1,
            0, 0, 0, -1};
        final LabelImage labels = LabelImage.of(ArrayImgs.unsignedBytes(mask, 4, 3));
        // Corners connect.
        assertArrayEquals(new int[] {0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 0, 2}, labels.toArray());
        final RandomAccessibleInterval<BitType> bits = ArrayImgs.bits(4, 3);
        bits.getAt(0, 0).set(true);
        bits.getAt(3, 2).set(true);
        assertEquals(List.of(1, 2), LabelImage.of(bits).ids());
        assertTrue(LabelImage.of(ArrayImgs.unsignedBytes(5, 5)).isEmpty());
        assertEquals(List.of(5), LabelImage.ofIds(new int[] {5, 0, 5}, 3).ids());
    }

    @Test
    void whatIsNoLabelImageIsRefused() {
        refused("-1.0 at x = 1, y = 0", ArrayImgs.floats(new float[] {0, -1}, 2, 1));
        refused("0.5 at x = 0, y = 1", ArrayImgs.floats(new float[] {0, 0.5f}, 1, 2));
        refused("NaN", ArrayImgs.floats(new float[] {Float.NaN}, 1, 1));
        refused("3 slices or channels", ArrayImgs.unsignedBytes(2, 2, 3));
        refused("colours", ArrayImgs.argbs(2, 2));
        refused("1 axis", ArrayImgs.unsignedBytes(2));
        refused("ComplexFloatType", ArrayImgs.complexFloats(2, 2));
        assertThrows(InvalidInputException.class, () -> LabelImage.ofIds(new int[] {1, 2, 3}, 2));
        assertThrows(InvalidInputException.class, () -> LabelImage.ofIds(new int[] {1, -2}, 2));
        final String message = assertThrows(InvalidInputException.class, () -> LabelImage.ofIds(NUMBERS, 4).checkSize(4, 4)).getMessage();
        assertTrue(message.contains("4 x 3") && message.contains("4 x 4"), message);
    }

    private static void refused(final String words, final RandomAccessibleInterval<?> image) {
        final String message = assertThrows(InvalidInputException.class, () -> LabelImage.of(image)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
