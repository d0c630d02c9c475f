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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedTest {

    /** The bits are those that torch.manual_seed hands to its generator, negative numbers included. */
    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "' 42 ', 2a", "20.0, 14", "9223372036854775807, 7fffffffffffffff", "9223372036854775808, 8000000000000000",
        "18446744073709551615, ffffffffffffffff", "-2, fffffffffffffffe", "-9223372036854775808, 8000000000000000"})
    void readsSixtyFourBitsAndWritesThemAgain(final String text, final String bits) {
        final long seed = Seed.parse(text);
        assertEquals(bits, Long.toHexString(seed));
        assertEquals(seed, Seed.parse(Seed.text(seed)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "-9223372036854775809", "1.5", "", "x", "1e9", "99999999999999999999999999999999999999999999999999"})
    void refusesWhatIsNoSeedAndNamesTheRange(final String text) {
        final String message = assertThrows(InvalidInputException.class, () -> Seed.parse(text)).getMessage();
        assertTrue(message.contains("18446744073709551615") && message.contains('"' + text + '"'), message);
    }

    @Test
    void minusOneIsAnotherSeedEachTimeAndShortEnoughToTypeAgain() {
        final long first = Seed.parse("-1");
        final long second = Seed.parse("-1");
        assertTrue(first >= 0 && first < 1L << 31, Seed.text(first));
        assertTrue(first != second || Seed.parse("-1") != first, "three draws alike");
    }
}
