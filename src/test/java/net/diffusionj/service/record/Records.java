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

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.MemoryUse;
import net.diffusionj.service.record.GenerationRecord.Origin;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.record.GenerationRecord.Reused;
import net.diffusionj.service.record.GenerationRecord.Span;
import net.diffusionj.service.record.GenerationRecord.StageMillis;
import net.diffusionj.service.record.GenerationRecord.Work;

/** Made-up records, of which tests change what they look at. */
public final class Records {

    private static final long HEAP = 200_000_000;

    private Records() {}

    public static GenerationRecord of(final String process, final String model, final double stepMillis, final double residentBytes) {
        return of(new Origin(Instant.parse("2026-11-25T10:00:00Z"), process, "0.1.0", "1.28.0", false, 0), model, stepMillis, residentBytes,
            Optional.empty());
    }

    static GenerationRecord of(final Origin origin, final String model, final double stepMillis, final double residentBytes, final Optional<String> fallback) {
        final OptionalLong resident = OptionalLong.of(HEAP + Math.round(residentBytes));
        return new GenerationRecord(origin, new Outcome(End.MADE, ""),
            new Work("txt2img", model, Optional.of("ab".repeat(32)), 128, 96, 3, 1, "ddim", "cpu", Optional.empty()),
            new StageMillis(1.5, 2, 3, 3 * stepMillis, List.of(stepMillis, stepMillis, stepMillis), 3 * stepMillis, 4, 12 + 3 * stepMillis),
            new MemoryUse(new Span(resident, resident, resident), HEAP, Span.UNKNOWN, 3, 50_000_000), new Reused(false, 3, 0, 1, 1), List.of("a \"step\""),
            fallback);
    }
}
