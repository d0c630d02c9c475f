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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

import net.diffusionj.InvalidInputException;

class AgreementTest {

    private static final LabelImage TRUTH = LabelImage.ofIds(new int[] {
        1, 1, 1, 1, 0,
        2, 2, 2, 0, 0,
        0, 0, 0, 3, 3}, 5);
    private static final LabelImage FOUND = LabelImage.ofIds(new int[] {
        9, 9, 9, 0, 0,
        4, 4, 8, 8, 8,
        0, 0, 0, 0, 0}, 5);

    @Test
    void overlapsAreCounted() {
        final Agreement agreement = Agreement.of(TRUTH, FOUND);
        assertEquals(0.75, agreement.bestIou(1));
        assertEquals(2 / 3.0, agreement.bestIou(2));
        assertEquals(0, agreement.bestIou(3));
        assertEquals(List.of(new Agreement.Pair(1, 9, 0.75), new Agreement.Pair(2, 4, 2 / 3.0)), agreement.matches(0.5));
        assertEquals(List.of(new Agreement.Pair(1, 9, 0.75)), agreement.matches(0.7));
    }

    @Test
    void averagePrecisionIsMatchesThroughAll() {
        final Agreement agreement = Agreement.of(TRUTH, FOUND);
        // Two matches, one missed, one too many.
        assertEquals(2 / 4.0, agreement.averagePrecision(0.5));
        assertEquals(1 / 5.0, agreement.averagePrecision(0.7));
        assertEquals(0, agreement.averagePrecision(0.9));
        assertEquals(1, Agreement.of(TRUTH, TRUTH).averagePrecision(1));
        final LabelImage empty = LabelImage.ofIds(new int[15], 5);
        assertEquals(1, Agreement.of(empty, empty).averagePrecision(0.5));
        assertEquals(0, Agreement.of(TRUTH, empty).averagePrecision(0.5));
    }

    @Test
    void anObjectIsPairedOnce() {
        final LabelImage whole = LabelImage.ofIds(new int[] {1, 1, 1, 1, 1}, 5);
        final LabelImage halves = LabelImage.ofIds(new int[] {1, 1, 1, 2, 2}, 5);
        assertEquals(List.of(new Agreement.Pair(1, 1, 0.6)), Agreement.of(whole, halves).matches(0.1));
        assertEquals(1, Agreement.of(halves, whole).matches(0.1).size());
    }

    @Test
    void sizesMustBeEqual() {
        assertThrows(InvalidInputException.class, () -> Agreement.of(TRUTH, LabelImage.ofIds(new int[15], 3)));
        assertThrows(InvalidInputException.class, () -> Agreement.of(TRUTH, FOUND).matches(0));
    }
}
