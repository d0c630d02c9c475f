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
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.scheduler.config.SchedulerName;
import net.diffusionj.scheduler.config.SchedulerName.Levels;
import net.diffusionj.server.http.Refusal;

/** DiffusionJ's schedulers under the names that AUTOMATIC1111 gives its samplers. Stateless. */
final class Samplers {

    private static final Map<SchedulerKind, String> NAMES = names();
    /** Names of spreads that AUTOMATIC1111 has and that are not done here; behind a sampler, or in the field scheduler. */
    private static final Set<String> NOT_HERE =
        Set.of("uniform", "sgm uniform", "polyexponential", "kl optimal", "align your steps", "align your steps 11", "align your steps 32", "simple", "normal",
            "ddim");

    private static final String AUTOMATIC = "automatic";
    private static final List<String> SPREADS =
        Stream.of(NOT_HERE.stream(), Arrays.stream(Levels.values()).map(Levels::id), Stream.of(AUTOMATIC)).flatMap(names -> names).toList();
    private static final String LEVELS_FOR = "Those that have: " + Arrays.stream(SchedulerKind.values()).filter(SchedulerName::takesLevels).map(NAMES::get)
        .collect(Collectors.joining(", ")) + '.';

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
        return SchedulerName.of(id).map(found -> NAMES.get(found.kind()) + found.levels().map(levels -> ' ' + label(levels)).orElse("")).orElse(id);
    }

    /** @param levels how the levels of noise are spread
     *  @return what AUTOMATIC1111 calls that */
    static String label(final Levels levels) {
        final String id = levels.id();
        return id.substring(0, 1).toUpperCase(Locale.ROOT) + id.substring(1);
    }

    /**
     * @param sampler AUTOMATIC1111's name, or one of ours; with a spread of noise levels behind it, perhaps
     * @param scheduler the field of that name, which says how they are spread
     * @param own names the model's own sampler, which counts where only the spread is given
     * @param warnings is told what is not done
     * @return the scheduler's id here; empty where everything is left to the model
     * @throws Refusal if there is no such sampler here
     */
    static Optional<String> find(final Optional<String> sampler, final Optional<String> scheduler, final Supplier<String> own, final List<String> warnings) {
        final Optional<Asked> asked = sampler.map(Samplers::parse);
        final Optional<String> wanted = scheduler.map(Samplers::plain).filter(name -> !name.equals(AUTOMATIC)).or(() -> asked.flatMap(Asked::spread));
        final Optional<Levels> levels = wanted.flatMap(Samplers::levels);
        wanted.filter(name -> levels.isEmpty()).ifPresent(name -> warnings.add("The spacing of steps \"" + name
            + "\" is ignored: Karras, Exponential and Beta are done here, and else the model's own is used."));
        if (asked.isEmpty() && levels.isEmpty()) return Optional.empty();
        final SchedulerKind kind = asked.map(Asked::kind).orElseGet(() -> SchedulerName.of(own.get()).orElseThrow().kind());
        if (levels.isEmpty() || SchedulerName.takesLevels(kind)) return Optional.of(new SchedulerName(kind, levels).id());
        warnings.add(label(levels.get()) + " is ignored: " + NAMES.get(kind) + " has no such spacing. " + LEVELS_FOR);
        return Optional.of(kind.id());
    }

    private static Asked parse(final String name) {
        final String lower = plain(name);
        return kind(lower).map(kind -> new Asked(kind, Optional.empty()))
            .or(() -> SPREADS.stream().filter(lower::endsWith).flatMap(spread -> withSpread(lower, spread).stream()).findFirst())
            .orElseThrow(() -> Refusal.input("There is no sampler \"" + name.strip() + "\" here. Choose one of " + String.join(", ", NAMES.values())
                + ", or leave it out for the model's own."));
    }

    /** @return what stands before the spread's name, if that is a sampler */
    private static Optional<Asked> withSpread(final String lower, final String spread) {
        final String sampler = lower.substring(0, lower.length() - spread.length()).replaceFirst("[\\s_-]+$", "");
        return kind(sampler).map(kind -> new Asked(kind, Optional.of(spread).filter(name -> !name.equals(AUTOMATIC))));
    }

    private static String plain(final String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static Optional<SchedulerKind> kind(final String lower) {
        return Arrays.stream(SchedulerKind.values()).filter(kind -> NAMES.get(kind).equalsIgnoreCase(lower)).findFirst().or(() -> SchedulerKind.ofId(lower));
    }

    private static Optional<Levels> levels(final String spread) {
        return Arrays.stream(Levels.values()).filter(levels -> levels.id().equals(spread)).findFirst();
    }

    private record Asked(SchedulerKind kind, Optional<String> spread) {}
}
