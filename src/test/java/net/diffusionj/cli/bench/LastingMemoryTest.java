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
package net.diffusionj.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Live objects, memory beside the heap, and garbage: each counts as what it is, in this very process. */
@EnabledOnOs(OS.LINUX)
class LastingMemoryTest {

    private static final int MEGABYTE = 1 << 20;
    private static final int SMALL_IN_MEGABYTE = 64;
    private static final int MUCH = 96;
    /** What else goes on in a process of tests. */
    private static final double NOISE = 24;

    private static double beside(final LastingMemory memory) {
        return memory.besideHeapMegabytes().orElseThrow();
    }

    @Test
    void liveObjectsMemoryBesideTheHeapAndGarbageAreToldApart() {
        final LastingMemory start = LastingMemory.now();
        // Small ones: some collectors give a large one whole regions.
        final List<byte[]> live = new ArrayList<>();
        for (int i = 0; i < MUCH * SMALL_IN_MEGABYTE; i++) live.add(new byte[MEGABYTE / SMALL_IN_MEGABYTE]);
        final LastingMemory withLive = LastingMemory.now();
        assertEquals(MUCH, withLive.liveMegabytes() - start.liveMegabytes(), NOISE, "live");
        assertEquals(0, beside(withLive) - beside(start), NOISE, "beside");
        assertTrue(withLive.growth(start, MUCH / 2.0, MUCH / 2.0).orElseThrow().startsWith("Objects that stay alive grew from "));
        assertEquals(MUCH * SMALL_IN_MEGABYTE, live.size());
        live.clear();
        final LastingMemory withGarbage = LastingMemory.now();
        assertEquals(0, withGarbage.liveMegabytes() - start.liveMegabytes(), NOISE, "live, once it is garbage");
        final ByteBuffer outside = ByteBuffer.allocateDirect(MUCH * MEGABYTE);
        final LastingMemory withNative = LastingMemory.now();
        assertEquals(0, withNative.liveMegabytes() - withGarbage.liveMegabytes(), NOISE, "live");
        assertEquals(MUCH, beside(withNative) - beside(withGarbage), NOISE, "beside");
        assertTrue(withNative.growth(withGarbage, MUCH / 2.0, MUCH / 2.0).orElseThrow().startsWith("Memory beside Java's heap grew from "));
        assertEquals(MUCH * MEGABYTE, outside.capacity());
        assertEquals(Optional.empty(), withNative.growth(start, MUCH / 2.0, 2 * MUCH));
    }

    @Test
    void whatCannotBeToldIsNoGrowth() {
        final LastingMemory unknown = new LastingMemory(100, OptionalDouble.empty());
        assertEquals(Optional.empty(), unknown.growth(new LastingMemory(90, OptionalDouble.of(1)), 20, 0));
        assertEquals(Optional.empty(), new LastingMemory(90, OptionalDouble.of(1)).growth(unknown, 20, 0));
    }
}
