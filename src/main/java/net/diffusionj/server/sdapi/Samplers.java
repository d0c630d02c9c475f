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
package net.diffusionj.server.sdapi;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.server.http.Refusal;

/** DiffusionJ's schedulers under the names that AUTOMATIC1111 gives its samplers. Stateless. */
final class Samplers {

    private static final Map<SchedulerKind, String> NAMES = names();
    /** AUTOMATIC1111 puts the spacing of the steps behind some names; here the model's own configuration has it. */
    private static final List<String> SPACINGS = List.of(" karras", " exponential", " sgm uniform", " automatic");

    private Samplers() {}

    private static Map<SchedulerKind, String> names() {
        final Map<SchedulerKind, String> names = new LinkedHashMap<>();
        names.put(SchedulerKind.EULER_ANCESTRAL, "Euler a");
        names.put(SchedulerKind.EULER, "Euler");
        names.put(SchedulerKind.DPMPP_2M, "DPM++ 2M");
        names.put(SchedulerKind.LMS, "LMS");
        names.put(SchedulerKind.DDIM, "DDIM");
        names.put(SchedulerKind.PNDM, "PLMS");
        names.put(SchedulerKind.LCM, "LCM");
        return names;
    }

    /** @return AUTOMATIC1111's names, with the names that stand for each here */
    static Map<String, String> all() {
        return NAMES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, entry -> entry.getKey().id(), (a, b) -> a, LinkedHashMap::new));
    }

    /**
     * @param id of a scheduler here
     * @return what AUTOMATIC1111 calls it
     */
    static String name(final String id) {
        return SchedulerKind.ofId(id).map(NAMES::get).orElse(id);
    }

    /**
     * @param name AUTOMATIC1111's name, or one of ours
     * @return the scheduler here, and whether a spacing of steps was named with it
     * @throws Refusal if there is no such sampler here
     */
    static Found find(final String name) {
        final String lower = name.strip().toLowerCase(Locale.ROOT);
        final Optional<String> spacing = SPACINGS.stream().filter(lower::endsWith).findFirst();
        final String plain = spacing.map(suffix -> lower.substring(0, lower.length() - suffix.length())).orElse(lower);
        return Arrays.stream(SchedulerKind.values()).filter(kind -> NAMES.get(kind).equalsIgnoreCase(plain)).findFirst().or(() -> SchedulerKind.ofId(plain))
            .map(kind -> new Found(kind.id(), spacing.isPresent())).orElseThrow(() -> Refusal.input("There is no sampler \"" + name.strip()
                + "\" here. Choose one of " + String.join(", ", NAMES.values()) + ", or leave it out for the model's own."));
    }

    /**
     * A sampler that was asked for.
     *
     * @param scheduler its id here
     * @param spacing whether a spacing of steps was named
     */
    record Found(String scheduler, boolean spacing) {}
}
