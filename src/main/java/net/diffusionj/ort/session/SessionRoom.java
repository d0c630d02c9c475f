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
package net.diffusionj.ort.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.memory.NativeHeap;

/**
 * Closes sessions of a {@link SessionCache} and gives their memory back to the system. Which may go, and in which order, is for the {@link SessionLedger} to
 * say; one that is on lease is never closed.
 * <p>
 * Thread-safe.
 * </p>
 */
final class SessionRoom {

    private static final long WORTH_TRIMMING_BYTES = 16L << 20;

    private final SessionLedger ledger;
    private final MemoryProbe memory;
    private final AtomicLong residentAfterTrim = new AtomicLong();

    /**
     * @param ledger the cache's books
     * @param memory tells what is free
     */
    SessionRoom(final SessionLedger ledger, final MemoryProbe memory) {
        this.ledger = ledger;
        this.memory = memory;
    }

    /**
     * Closes idle sessions, the one used longest ago first, until a new one fits, the machine's and the GPU's free memory looked at too. Not between two
     * generations: the next one would open everything again.
     *
     * @param newBytes size of a model that is about to be opened; 0 to look at those that are open
     * @param gpu the GPU that it goes to; empty for the CPU
     */
    void make(final long newBytes, final Optional<GpuDevice> gpu) {
        boolean closedOne = true;
        while (closedOne) {
            final Optional<GpuMemory> now = gpu.flatMap(memory::gpu);
            now.ifPresent(found -> ledger.remember(gpu.orElseThrow(), found));
            closedOne = closeVictim(newBytes, gpu, memory.availableBytes().orElse(Long.MAX_VALUE), now.map(GpuMemory::freeBytes).orElse(Long.MAX_VALUE));
        }
    }

    /**
     * Closes idle sessions until the limits hold; free memory is not looked at.
     *
     * @param gpu the GPU whose limit to look at beside the RAM's; empty for the CPU
     */
    void keepLimits(final Optional<GpuDevice> gpu) {
        while (closeVictim(0, gpu, Long.MAX_VALUE, Long.MAX_VALUE)) continue;
    }

    private boolean closeVictim(final long newBytes, final Optional<GpuDevice> gpu, final long freeRam, final long freeGpu) {
        final Optional<SessionEntry> victim = ledger.victim(newBytes, gpu, freeRam, freeGpu);
        victim.ifPresent(entry -> close(List.of(entry)));
        return victim.isPresent();
    }

    /** What runs have freed beside the arenas stays with the C library; asking for it back takes milliseconds, so only after the last of a
     *  generation's leases and when it is worth it. */
    void trimIfGrown() {
        final long resident = memory.residentBytes().orElse(0);
        if (resident <= residentAfterTrim.get() + WORTH_TRIMMING_BYTES || !NativeHeap.trim()) return;
        residentAfterTrim.set(memory.residentBytes().orElse(0));
    }

    /**
     * Closes all, whatever goes wrong with one.
     *
     * @param taken sessions that the ledger has given out to be closed
     * @throws DiffusionJException the first failure, with the others suppressed in it
     */
    void close(final List<SessionEntry> taken) {
        if (taken.isEmpty()) return;
        DiffusionJException failure = null;
        for (final SessionEntry entry : taken) {
            try {
                entry.session.join().close();
            }
            catch (final DiffusionJException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        NativeHeap.trim();
        if (failure != null) throw failure;
    }
}
