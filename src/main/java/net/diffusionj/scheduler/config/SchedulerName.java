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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A scheduler as users ask for it: its kind, and where the noise levels of its steps lie if that is not the model's to say. Immutable.
 *
 * @param kind the scheduler
 * @param levels how they are spread; empty for what the model's configuration says
 */
public record SchedulerName(SchedulerKind kind, Optional<Levels> levels) {

    /** Spreads of noise levels that can be asked for, between the highest and the lowest that the model's own steps would have. */
    public enum Levels {
        /** {@link SigmaConfig.Spacing#KARRAS}. */
        KARRAS("use_karras_sigmas"),
        /** {@link SigmaConfig.Spacing#EXPONENTIAL}. */
        EXPONENTIAL("use_exponential_sigmas"),
        /** {@link SigmaConfig.Spacing#BETA}. */
        BETA("use_beta_sigmas");

        private final String key;

        Levels(final String key) {
            this.key = key;
        }

        /** @return the name behind a scheduler's, such as {@code karras} */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String LU = "use_lu_lambdas";

    /** Checks that the scheduler has such levels. */
    public SchedulerName {
        Objects.requireNonNull(kind, "kind");
        if (levels.isPresent() && !takesLevels(kind)) throw new IllegalArgumentException(kind.id() + " has no levels to be spread");
    }

    /** @param kind a scheduler
     *  @return whether the levels of its steps can be spread otherwise than the model says */
    public static boolean takesLevels(final SchedulerKind kind) {
        return SchedulerConfigParser.WITH_SIGMA_SPACINGS.contains(kind);
    }

    /**
     * @param name any name that {@link SchedulerKind#ofId} knows, with the name of a spread behind it, perhaps: {@code euler-karras}
     * @return the scheduler; empty if the name is unknown, or the scheduler has no levels to be spread
     */
    public static Optional<SchedulerName> of(final String name) {
        final Optional<SchedulerKind> plain = SchedulerKind.ofId(name);
        if (plain.isPresent()) return plain.map(kind -> new SchedulerName(kind, Optional.empty()));
        final String lower = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(Levels.values()).filter(levels -> lower.endsWith(levels.id()))
            .flatMap(levels -> SchedulerKind.ofId(lower.substring(0, lower.length() - levels.id().length())).filter(SchedulerName::takesLevels)
                .map(kind -> new SchedulerName(kind, Optional.of(levels))).stream())
            .findFirst();
    }

    /** @return the name on the command line and in macros, such as {@code euler} or {@code euler-karras} */
    public String id() {
        return levels.map(spread -> kind.id() + '-' + spread.id()).orElseGet(kind::id);
    }

    /**
     * @param json a parsed {@code scheduler_config.json}
     * @return what to make the scheduler of
     */
    public Map<String, ?> settings(final Map<String, ?> json) {
        final Map<String, ?> own = SchedulerChoice.settings(kind, json);
        if (levels.isEmpty()) return own;
        final Map<String, Object> settings = new LinkedHashMap<>(own);
        for (final Levels other : Levels.values()) settings.put(other.key, other == levels.get());
        settings.put(LU, false);
        if (own.get(ConfigReader.FILLED_IN) instanceof final List<?> filled) {
            final List<Object> others = new ArrayList<>(filled);
            others.remove(levels.get().key);
            settings.put(ConfigReader.FILLED_IN, others);
        }
        return settings;
    }
}
