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
package net.diffusionj.scheduler.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerKindTest {

    @ParameterizedTest
    @CsvSource({"ddim,DDIM", "DDIMScheduler,DDIM", "pndm,PNDM", "PLMS,PNDM", "lms,LMS", "K_LMS,LMS", "LMSDiscreteScheduler,LMS",
        "Euler,EULER", "euler_a,EULER_ANCESTRAL", "euler-ancestral,EULER_ANCESTRAL", "Euler Ancestral,EULER_ANCESTRAL",
        "EulerAncestralDiscreteScheduler,EULER_ANCESTRAL", "dpmpp-2m,DPMPP_2M", "DPM++ 2M,DPMPP_2M", "dpm++_2m,DPMPP_2M",
        "dpmsolvermultistepscheduler,DPMPP_2M", "LCM,LCM"})
    void isFoundByAnyName(final String name, final SchedulerKind kind) {
        assertEquals(Optional.of(kind), SchedulerKind.ofId(name));
    }

    @Test
    void unknownNamesAreEmpty() {
        assertEquals(Optional.empty(), SchedulerKind.ofId("heun"));
        assertEquals(Optional.empty(), SchedulerKind.ofId(""));
        assertEquals(Optional.empty(), SchedulerKind.ofDiffusersName("ddim"));
    }

    @Test
    void everyNameLeadsBack() {
        for (final SchedulerKind kind : SchedulerKind.values()) {
            assertEquals(Optional.of(kind), SchedulerKind.ofId(kind.id()));
            assertEquals(Optional.of(kind), SchedulerKind.ofId(kind.label()));
            assertEquals(Optional.of(kind), SchedulerKind.ofDiffusersName(kind.diffusersName()));
        }
    }
}
