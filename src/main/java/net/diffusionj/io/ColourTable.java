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
package net.diffusionj.io;

import java.util.Arrays;

import ij.process.ByteProcessor;
import ij.process.LUT;

/**
 * The colours that an image's values are shown in: a look-up table of ImageJ, or the palette of a file. Immutable.
 * <p>
 * Whether a table is only a false colour, and the values are the picture, or the colours are the picture, is ImageJ's decision
 * ({@code ImageProcessor.isPseudoColorLut}): false colours change little from entry to entry.
 * </p>
 */
public final class ColourTable {

    /** Entries of a table of ImageJ. */
    static final int FULL = 256;

    private final byte[] reds;
    private final byte[] greens;
    private final byte[] blues;

    /**
     * @param reds one for each value; copied
     * @param greens as many
     * @param blues as many
     */
    ColourTable(final byte[] reds, final byte[] greens, final byte[] blues) {
        if (reds.length != greens.length || reds.length != blues.length) {
            throw new IllegalArgumentException("expected as many greens and blues as reds, found " + greens.length + " and " + blues.length);
        }
        this.reds = reds.clone();
        this.greens = greens.clone();
        this.blues = blues.clone();
    }

    /** @return how many values have a colour */
    int size() {
        return reds.length;
    }

    byte red(final int value) {
        return reds[value];
    }

    byte green(final int value) {
        return greens[value];
    }

    byte blue(final int value) {
        return blues[value];
    }

    /** @return whether no entry has a colour */
    boolean isGrey() {
        return Arrays.equals(reds, greens) && Arrays.equals(reds, blues);
    }

    /** @return whether every value has its own grey, as without a table */
    boolean isPlain() {
        boolean plain = isGrey();
        for (int i = 0; i < reds.length; i++) {
            plain &= (reds[i] & 0xff) == i;
        }
        return plain && reds.length == FULL;
    }

    /** @return whether ImageJ takes it for a look-up table and the values for the picture, not for the palette of a picture of colours */
    boolean isFalseColour() {
        return reds.length == FULL && new ByteProcessor(1, 1, new byte[1], toLut()).isPseudoColorLut();
    }

    /** @return a table of ImageJ; only where there are 256 entries */
    LUT toLut() {
        return new LUT(reds.clone(), greens.clone(), blues.clone());
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final ColourTable table && Arrays.equals(reds, table.reds) && Arrays.equals(greens, table.greens)
            && Arrays.equals(blues, table.blues);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(reds) + Arrays.hashCode(greens)) + Arrays.hashCode(blues);
    }
}
