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
package net.diffusionj.ort.memory;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a cache of sessions may hold, and for how long. Limits are for unused sessions; what is on lease stays, whatever it takes.
 *
 * @param maxRamBytes sessions' RAM in all, as measured when they were opened; at least 0
 * @param maxGpuBytes sessions' memory on any one GPU; at least 0; {@link #AUTOMATIC} for a share of what the GPU has
 * @param minFreeBytes idle sessions are closed while the machine has less than this to spare; at least 0
 * @param idleRelease a session that was unused for this long is closed; longer than 0
 * @param idleShrink a session that has run nothing for this long gives back what its runs have taken, on lease or not; longer than 0
 */
public record CacheLimits(long maxRamBytes, long maxGpuBytes, long minFreeBytes, Duration idleRelease, Duration idleShrink) {

    /** Leaves the limit of each GPU to what the GPU has. */
    public static final long AUTOMATIC = Long.MAX_VALUE;

    private static final long MIB = 1L << 20;
    private static final long FALLBACK_TOTAL = 8L << 30;

    /** Checks the ranges. */
    public CacheLimits {
        if (maxRamBytes < 0 || maxGpuBytes < 0 || minFreeBytes < 0) throw new IllegalArgumentException("a limit below 0 bytes");
        if (idleRelease.isNegative() || idleRelease.isZero()) throw new IllegalArgumentException("idle release after " + idleRelease);
        if (idleShrink.isNegative() || idleShrink.isZero()) throw new IllegalArgumentException("idle shrinking after " + idleShrink);
    }

    /**
     * Chooses limits that need no thought: 60 % of the memory, a sixteenth of it kept free (256 MiB to 2 GiB), half an hour, five minutes to
     * shrink; 80 % of a
     * GPU whose memory is known.
     *
     * @param memory of this machine
     * @return the limits
     */
    public static CacheLimits defaults(final MemoryProbe memory) {
        final long total = memory.totalBytes().orElse(FALLBACK_TOTAL);
        return new CacheLimits(total / 10 * 6, AUTOMATIC, Math.max(256 * MIB, Math.min(2048 * MIB, total / 16)), Duration.ofMinutes(30),
            Duration.ofMinutes(5));
    }

    /**
     * @param gpu what a GPU has; empty where that is not known: then sessions are closed only when it runs out of memory
     * @return sessions' memory on it in all, in bytes
     */
    public long maxGpuBytes(final Optional<GpuMemory> gpu) {
        return maxGpuBytes != AUTOMATIC ? maxGpuBytes : gpu.map(memory -> memory.totalBytes() / 10 * 8).orElse(AUTOMATIC);
    }
}
