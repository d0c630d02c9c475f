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
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/** Names of schedulers with a spread of noise levels behind them. */
class SchedulerNameTest {

    @Test
    void aNameWithASpreadIsFoundAndGivesItselfAgain() {
        for (final String id : List.of("euler", "lcm", "euler-ancestral", "dpmpp-2m", "dpmpp-2m-karras", "euler-exponential", "lms-beta")) {
            assertEquals(id, SchedulerName.of(id).orElseThrow().id());
        }
        assertEquals(SchedulerName.of("dpmpp-2m-karras"), SchedulerName.of("DPM++ 2M Karras"));
        for (final String none : List.of("", "karras", "ddim-karras", "euler-ancestral-beta", "lcm-exponential", "euler-uniform")) {
            assertEquals(Optional.empty(), SchedulerName.of(none), none);
        }
        assertThrows(IllegalArgumentException.class, () -> new SchedulerName(SchedulerKind.LCM, Optional.of(SchedulerName.Levels.BETA)));
    }

    @Test
    void theSpreadTakesThePlaceOfTheModelsOwn() {
        final Map<String, Object> lu = Map.of("use_lu_lambdas", true, "beta_end", 0.03, "_use_default_values", List.of("use_karras_sigmas", "beta_end"));
        final SchedulerConfig made = SchedulerConfig.of(SchedulerKind.DPMPP_2M, SchedulerName.of("dpmpp-2m-karras").orElseThrow().settings(lu));
        assertEquals(SigmaConfig.Spacing.KARRAS, made.sigmas().spacing());
        assertEquals(SchedulerConfig.of(SchedulerKind.DPMPP_2M, Map.of()).betas(), made.betas());
        assertEquals(SigmaConfig.Spacing.LU, SchedulerConfig.of(SchedulerKind.DPMPP_2M, SchedulerName.of("dpmpp-2m").orElseThrow().settings(lu)).sigmas()
            .spacing());
        final Map<String, Object> karras = Map.of("use_karras_sigmas", true);
        assertEquals(SigmaConfig.Spacing.BETA, SchedulerConfig.of(SchedulerKind.EULER, SchedulerName.of("euler-beta").orElseThrow().settings(karras)).sigmas()
            .spacing());
    }
}
