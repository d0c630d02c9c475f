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

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import net.diffusionj.ort.memory.MemoryProbe;

/**
 * What a program may leave behind: objects that live on after a collection, and what it has in RAM beside Java's heap, such as models, arenas and threads.
 * <p>
 * How much of the heap lies in RAM is left out, since that says nothing of a program: Java takes more heap as long as there is room, and keeps what it has
 * taken although nothing alive is in it. So a program whose live objects and whose memory beside the heap stay where they are is bounded, whatever its resident
 * size does.
 * </p>
 *
 * @param liveMegabytes objects on the heap after a collection, in 1024 × 1024 bytes
 * @param besideHeapMegabytes what lies in RAM beside the heap; empty where it cannot be told: known on Linux, where the virtual machine says which addresses its
 *            heap has
 */
record LastingMemory(double liveMegabytes, OptionalDouble besideHeapMegabytes) {

    private static final double BYTES_PER_MIB = 1 << 20;

    /** Collects garbage and looks.
     *  @return what this process has now */
    static LastingMemory now() {
        System.gc();
        final double live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MIB;
        return new LastingMemory(live, besideHeap());
    }

    private static OptionalDouble besideHeap() {
        final MemoryProbe probe = MemoryProbe.ofThisMachine();
        final OptionalLong resident = probe.residentBytes();
        final OptionalLong heap = probe.residentHeapBytes();
        return resident.isEmpty() || heap.isEmpty() ? OptionalDouble.empty()
            : OptionalDouble.of((resident.getAsLong() - heap.getAsLong()) / BYTES_PER_MIB);
    }

    /**
     * @param before an earlier look
     * @param liveAllowed megabytes that live objects may have grown by
     * @param besideAllowed megabytes that the rest may have grown by
     * @return what grew by more, in a sentence
     */
    Optional<String> growth(final LastingMemory before, final double liveAllowed, final double besideAllowed) {
        if (liveMegabytes > before.liveMegabytes + liveAllowed) {
            return Optional.of("Objects that stay alive grew from " + Math.round(before.liveMegabytes) + " MB to " + Math.round(liveMegabytes) + " MB.");
        }
        if (besideHeapMegabytes.isEmpty() || before.besideHeapMegabytes.isEmpty()) return Optional.empty();
        final double was = before.besideHeapMegabytes.getAsDouble();
        final double is = besideHeapMegabytes.getAsDouble();
        return is > was + besideAllowed ? Optional.of("Memory beside Java's heap grew from " + Math.round(was) + " MB to " + Math.round(is) + " MB.")
            : Optional.empty();
    }
}
