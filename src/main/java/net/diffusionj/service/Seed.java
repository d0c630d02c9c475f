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
package net.diffusionj.service;

import java.math.BigInteger;
import java.util.concurrent.ThreadLocalRandom;

import net.diffusionj.InvalidInputException;

/**
 * Seeds as people write them: whole numbers of 64 unsigned bits, as torch, diffusers and ComfyUI take them. A {@code long} with the same bits stands for
 * one inside DiffusionJ. A negative number means the seed with its bits, as in torch; only -1 means, by custom, that a seed is to be drawn.
 */
public final class Seed {

    /** What is typed where any seed will do. */
    public static final String RANDOM = "-1";

    /** Keeps a seed that was drawn short enough to type again. */
    private static final long DRAWN_BOUND = 1L << 31;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private Seed() {}

    /**
     * Reads a seed, or draws one.
     *
     * @param text what somebody typed; blanks around it do not count, nor does a {@code .0} that a macro's arithmetic has left
     * @return the seed's 64 bits
     * @throws InvalidInputException if the text is not a seed
     */
    public static long parse(final String text) {
        final String digits = text.strip().replaceFirst("\\.0+$", "");
        if (digits.equals(RANDOM)) return draw();
        if (!digits.matches("[+-]?[0-9]{1,40}")) throw refused(text);
        final BigInteger number = new BigInteger(digits);
        if (number.compareTo(LEAST) < 0 || number.compareTo(GREATEST) > 0) throw refused(text);
        return number.longValue();
    }

    /** @return a seed by chance */
    public static long draw() {
        return ThreadLocalRandom.current().nextLong(DRAWN_BOUND);
    }

    /**
     * Writes a seed in the form that {@link #parse} reads back.
     *
     * @param seed its 64 bits
     * @return its decimal digits, without a sign
     */
    public static String text(final long seed) {
        return Long.toUnsignedString(seed);
    }

    private static InvalidInputException refused(final String text) {
        return new InvalidInputException(
            "A seed is a whole number from 0 to " + GREATEST + ", or " + RANDOM + " for a random one, not \"" + text.strip() + "\".");
    }
}
