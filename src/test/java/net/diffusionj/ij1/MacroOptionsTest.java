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
package net.diffusionj.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacroOptionsTest {

    @Test
    void readsWordsBracketsQuotesAndFlags() {
        final Map<String, String> values = MacroOptions.parse(" prompt=[a b] Seed=7 negative='c d' steps= flag ");
        assertEquals(Map.of("prompt", "a b", "seed", "7", "negative", "c d", "steps", "", "flag", "true"), values);
        assertEquals(List.of("prompt", "seed", "negative", "steps", "flag"), List.copyOf(values.keySet()));
    }

    @Test
    void keysInsideAPromptAreText() {
        assertEquals(Map.of("prompt", "with steps=9 [and] more", "steps", "3"), MacroOptions.parse("prompt=[with steps=9 [and] more] steps=3 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt=[a [b]", "prompt='a b", "seed=1 seed=2"})
    void refusesWhatItCannotRead(final String options) {
        final InvalidInputException e = assertThrows(InvalidInputException.class, () -> MacroOptions.parse(options));
        assertTrue(e.getMessage().contains("prompt") || e.getMessage().contains("seed"), e.getMessage());
    }
}
