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
package net.diffusionj.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

/** How many images go through the UNet together, and whether one can be decoded meanwhile. */
class GroupSizeTest {

    @Test
    void choosesTheGroupByFreeMemory() {
        assertEquals(4, GroupSize.choose(64 * 64, 2, OptionalLong.empty()));
        assertEquals(4, GroupSize.choose(64 * 64, 2, OptionalLong.of(64L << 30)));
        assertEquals(1, GroupSize.choose(64 * 64, 2, OptionalLong.of(1L << 30)), "at least one, whatever it takes");
        final int some = GroupSize.choose(64 * 64, 2, OptionalLong.of(12L << 30));
        assertTrue(some > 1 && some < 4, () -> "found " + some);
        assertEquals(256, GroupSize.choose(8 * 8, 1, OptionalLong.of(8L << 30)));
        assertEquals(1, GroupSize.choose(256 * 256, 1, OptionalLong.empty()));
    }

    @Test
    void decodesMeanwhileOnlyWithMemoryForBoth() {
        assertTrue(GroupSize.bothFit(2, 64 * 64, 512 * 512, 24L << 30));
        assertFalse(GroupSize.bothFit(2, 64 * 64, 512 * 512, 6L << 30));
    }
}
