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
package net.diffusionj.service.settings;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;

/**
 * How much open models may hold, and how long.
 *
 * @param ramBytes most main memory of all open models together; empty for a share of what the machine has
 * @param gpuBytes the same for the memory of each GPU
 * @param idleMinutes after how long an unused model is closed; empty for never
 * @param shrinkMinutes after how long a model that does not run gives back what its runs have taken; empty for never
 */
public record MemorySettings(OptionalLong ramBytes, OptionalLong gpuBytes, OptionalInt idleMinutes, OptionalInt shrinkMinutes) {

    private static final Duration NEVER = Duration.ofDays(3650);

    /**
     * @param memory of this machine, for what was left open
     * @return limits for the sessions
     */
    public CacheLimits limits(final MemoryProbe memory) {
        final CacheLimits defaults = CacheLimits.defaults(memory);
        return new CacheLimits(ramBytes.orElse(defaults.maxRamBytes()), gpuBytes.orElse(defaults.maxGpuBytes()), defaults.minFreeBytes(),
            minutes(idleMinutes), minutes(shrinkMinutes));
    }

    private static Duration minutes(final OptionalInt minutes) {
        return minutes.isPresent() ? Duration.ofMinutes(minutes.getAsInt()) : NEVER;
    }
}
