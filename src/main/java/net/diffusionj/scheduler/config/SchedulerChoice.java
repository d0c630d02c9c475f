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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which scheduler a model is run with by its own {@code scheduler_config.json}: its own if this project has it; one of the same family in its place, which
 * adds noise by the same betas and reads the model's predictions alike; none where nobody knows. Models whose noise follows other laws are refused.
 *
 * @param kind the scheduler; empty where the file's class is not known, so that somebody has to choose
 * @param className the class in diffusers that the file names; empty where it names none
 */
public record SchedulerChoice(Optional<SchedulerKind> kind, Optional<String> className) {

    /** Solve the same equation over the same betas, so that any of them serves a model trained for another. */
    private static final Map<String, SchedulerKind> SAME_FAMILY = Map.ofEntries(Map.entry("DDPMScheduler", SchedulerKind.DPMPP_2M),
        Map.entry("DDPMParallelScheduler", SchedulerKind.DPMPP_2M), Map.entry("DDIMParallelScheduler", SchedulerKind.DDIM),
        Map.entry("DEISMultistepScheduler", SchedulerKind.DPMPP_2M), Map.entry("DPMSolverSDEScheduler", SchedulerKind.DPMPP_2M),
        Map.entry("DPMSolverSinglestepScheduler", SchedulerKind.DPMPP_2M), Map.entry("HeunDiscreteScheduler", SchedulerKind.DPMPP_2M),
        Map.entry("KDPM2DiscreteScheduler", SchedulerKind.DPMPP_2M), Map.entry("KDPM2AncestralDiscreteScheduler", SchedulerKind.DPMPP_2M),
        Map.entry("SASolverScheduler", SchedulerKind.DPMPP_2M), Map.entry("UniPCMultistepScheduler", SchedulerKind.DPMPP_2M));

    /** Their betas, where a file leaves them out, differ from those of {@link SchedulerKind#DPMPP_2M}. */
    private static final Set<String> WITH_STABLE_DIFFUSIONS_BETAS =
        Set.of("HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "DPMSolverSDEScheduler");

    /** What a model was trained with, whoever runs it. */
    private static final Set<String> TRAINING_KEYS =
        Set.of("beta_start", "beta_end", "beta_schedule", "trained_betas", "num_train_timesteps", "prediction_type", "rescale_betas_zero_snr");

    private static final Set<String> BETA_KEYS = Set.of("beta_start", "beta_end", "beta_schedule", "trained_betas");

    private static final String FLOW = "a flow-matching model";
    private static final String EDM = "an EDM model, whose noise levels are not those of a beta schedule";
    private static final String SCORE = "a model of a score-based stochastic differential equation";
    private static final String TOKENS = "a model that denoises discrete tokens";
    private static final String BACKWARDS = "a scheduler that runs backwards, from an image to noise";
    private static final String VIDEO = "a video model";

    private static final Map<String, String> OTHER_LAWS = otherLaws();

    private static Map<String, String> otherLaws() {
        final Map<String, String> laws = new HashMap<>();
        laws.put("CosineDPMSolverMultistepScheduler", EDM);
        laws.put("KarrasVeScheduler", SCORE);
        laws.put("ScoreSdeVeScheduler", SCORE);
        laws.put("ScoreSdeVpScheduler", SCORE);
        laws.put("CMStochasticIterativeScheduler", "a consistency model that denoises pixels");
        laws.put("ConsistencyDecoderScheduler", "a consistency decoder");
        laws.put("IPNDMScheduler", "a model with a noise schedule of its own");
        laws.put("VQDiffusionScheduler", TOKENS);
        laws.put("AmusedScheduler", TOKENS);
        laws.put("UnCLIPScheduler", "a part of an unCLIP model");
        laws.put("DDPMWuerstchenScheduler", "a Wuerstchen or Stable Cascade model");
        laws.put("CogVideoXDDIMScheduler", VIDEO);
        laws.put("CogVideoXDPMScheduler", VIDEO);
        laws.put("RePaintScheduler", "a model that fills holes with RePaint");
        laws.put("SCMScheduler", "a continuous-time consistency model");
        laws.put("DDIMInverseScheduler", BACKWARDS);
        laws.put("DPMSolverMultistepInverseScheduler", BACKWARDS);
        return Map.copyOf(laws);
    }

    /** Checks that both are there. */
    public SchedulerChoice {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(className, "className");
    }

    /**
     * @param json a parsed {@code scheduler_config.json}
     * @return the scheduler for the model; {@link SchedulerKind#DPMPP_2M} where the file names no class, as the files of early exports
     * @throws IllegalArgumentException if no scheduler of this project fits the model; says of what kind it is
     */
    public static SchedulerChoice of(final Map<String, ?> json) {
        refuseOtherLaws(json);
        final Optional<String> name = className(json);
        if (name.isEmpty()) return new SchedulerChoice(Optional.of(SchedulerKind.DPMPP_2M), name);
        return new SchedulerChoice(SchedulerKind.ofDiffusersName(plain(name.get())).or(() -> Optional.ofNullable(SAME_FAMILY.get(plain(name.get())))), name);
    }

    /** @return whether the scheduler stands in for the model's own */
    public boolean isSubstitute() {
        return className.isPresent() && kind.isPresent() && !kind.get().diffusersName().equals(plain(className.get()));
    }

    /**
     * @param json a parsed {@code scheduler_config.json}
     * @return whether the file leaves the noise of the training to the defaults of its class, which few models were trained with
     */
    public static boolean leavesBetasOut(final Map<String, ?> json) {
        return Collections.disjoint(json.keySet(), BETA_KEYS);
    }

    /**
     * @param kind which scheduler is to be made
     * @param json a parsed {@code scheduler_config.json}
     * @return what to make it of: the file as it is, or, for one that stands in for the model's own, with what the model was trained with filled in from the
     *         defaults of the model's own class
     */
    public static Map<String, ?> settings(final SchedulerKind kind, final Map<String, ?> json) {
        final String name = className(json).map(SchedulerChoice::plain).orElse("");
        if (SAME_FAMILY.get(name) != kind) return json;
        final Map<String, Object> settings = new LinkedHashMap<>(json);
        if (json.get(ConfigReader.FILLED_IN) instanceof final List<?> filled) {
            final List<Object> others = new ArrayList<>(filled);
            others.removeIf(key -> TRAINING_KEYS.contains(String.valueOf(key)));
            settings.put(ConfigReader.FILLED_IN, others);
        }
        if (WITH_STABLE_DIFFUSIONS_BETAS.contains(name)) {
            settings.putIfAbsent("beta_start", 0.00085);
            settings.putIfAbsent("beta_end", 0.012);
        }
        // It names a solver of that class's own here.
        if (name.equals("SASolverScheduler")) settings.keySet().removeAll(new HashSet<>(Set.of("algorithm_type", "solver_type")));
        return settings;
    }

    private static void refuseOtherLaws(final Map<String, ?> json) {
        final String name = className(json).map(SchedulerChoice::plain).orElse("");
        final String prediction = String.valueOf(json.get("prediction_type"));
        if (name.contains("Flow")) throw refuse("it names " + name, FLOW);
        if (prediction.startsWith("flow") || prediction.equals("trigflow")) throw refuse("prediction_type is " + prediction, FLOW);
        for (final String key : List.of("use_flow_sigmas", "use_dynamic_shifting")) {
            if (Boolean.TRUE.equals(json.get(key))) throw refuse(key + " is true", FLOW);
        }
        if (name.startsWith("EDM")) throw refuse("it names " + name, EDM);
        if (OTHER_LAWS.containsKey(name)) throw refuse("it names " + name, OTHER_LAWS.get(name));
    }

    private static IllegalArgumentException refuse(final String sign, final String kind) {
        return new IllegalArgumentException(sign + ", so this is " + kind + ", and no scheduler of DiffusionJ can run it.");
    }

    private static Optional<String> className(final Map<String, ?> json) {
        final Object name = json.get("_class_name");
        if (name == null) return Optional.empty();
        if (name instanceof final String text && !text.isBlank()) return Optional.of(text);
        throw new IllegalArgumentException("_class_name should name a scheduler's class, but does not. Copy the file from the model that this one was exported"
            + " from.");
    }

    /** The classes of diffusers for JAX have the same settings. */
    private static String plain(final String className) {
        return className.startsWith("Flax") ? className.substring("Flax".length()) : className;
    }
}
