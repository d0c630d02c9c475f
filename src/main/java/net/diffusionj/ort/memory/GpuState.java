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

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a GPU is at one moment, as its driver tells. What the driver does not tell is empty.
 *
 * @param index as the driver counts, from 0
 * @param name such as "NVIDIA RTX A4000"
 * @param driver the driver's version
 * @param loadPercent of the last moments in which something ran on it
 * @param memory what it has
 * @param celsius its temperature
 * @param clockMhz what its processors run at
 * @param mostClockMhz what they can run at
 * @param slowed why it runs slower than it could; empty if it does not
 */
public record GpuState(int index, String name, String driver, OptionalInt loadPercent, Optional<GpuMemory> memory, OptionalInt celsius, OptionalInt clockMhz,
    OptionalInt mostClockMhz, Optional<Slowed> slowed) {

    /** Why a GPU slows itself down to keep from damage. A full load's usual limit of power is none of these. */
    public enum Slowed {
        /** It is too hot. */
        HEAT,
        /** Its supply gives too little power, or its board asks for a stop. */
        POWER
    }
}
