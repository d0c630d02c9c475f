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

/**
 * Something that was measured and that a person should act on.
 *
 * @param kind what it is about
 * @param subject which GPU, process or model; one warning is given for each kind and subject
 * @param text what was measured and what to do, in sentences
 */
public record HealthWarning(Kind kind, String subject, String text) {

    /** What a warning is about. */
    public enum Kind {
        /** The program's memory grows from one generation to the next. */
        MEMORY_CLIMBS,
        /** Denoising steps take longer than they did. */
        STEPS_SLOWER,
        /** A GPU is hot. */
        GPU_HOT,
        /** A GPU gets too little power. */
        GPU_POWER,
        /** A GPU's memory is nearly taken. */
        GPU_FULL,
        /** The CPU does what a GPU was to do. */
        CPU_FALLBACK,
        /** The NVIDIA driver is older than the loaded ONNX Runtime wants. */
        OLD_DRIVER;

        /** @return whether the run has told its caller by itself */
        boolean isToldByTheRun() {
            return this == CPU_FALLBACK;
        }
    }
}
