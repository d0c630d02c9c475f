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
package net.diffusionj.service.record;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

import net.diffusionj.ort.memory.MemoryProbe;

/**
 * Tells, after every generation, how much of Java's heap lies in RAM. Looking takes up to tens of milliseconds, so it looks seldom enough to take a hundredth of
 * the time at most, and not after the first generations of a program, of which many have no others.
 * <p>
 * Thread-safe.
 * </p>
 */
final class HeapLook {

    private static final int TIMES_ITS_COST = 100;

    private final MemoryProbe memory;
    private final LongSupplier nanos;
    private OptionalLong last = OptionalLong.empty();
    private int generations;
    private long nextNanos;

    /**
     * @param memory tells of the heap
     * @param nanos a clock, as {@link System#nanoTime}
     */
    HeapLook(final MemoryProbe memory, final LongSupplier nanos) {
        this.memory = memory;
        this.nanos = nanos;
    }

    /** @return bytes in RAM at the last look; what Java has taken for its heap where there was none, or where nothing tells */
    synchronized long afterGeneration() {
        generations++;
        final long now = nanos.getAsLong();
        if (generations >= MemoryClimb.WARM_UP && (generations == MemoryClimb.WARM_UP || now - nextNanos >= 0)) {
            last = memory.residentHeapBytes();
            final long end = nanos.getAsLong();
            nextNanos = end + TIMES_ITS_COST * (end - now);
        }
        return last.orElse(Runtime.getRuntime().totalMemory());
    }
}
