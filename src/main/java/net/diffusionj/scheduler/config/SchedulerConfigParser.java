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

import static net.diffusionj.scheduler.config.SchedulerKind.DDIM;
import static net.diffusionj.scheduler.config.SchedulerKind.DPMPP_2M;
import static net.diffusionj.scheduler.config.SchedulerKind.EULER;
import static net.diffusionj.scheduler.config.SchedulerKind.EULER_ANCESTRAL;
import static net.diffusionj.scheduler.config.SchedulerKind.LCM;
import static net.diffusionj.scheduler.config.SchedulerKind.LMS;
import static net.diffusionj.scheduler.config.SchedulerKind.PNDM;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Knows which keys each scheduler's class in diffusers 0.35.2 has and what their defaults are. A key that the class lacks is left unread, so
 * that it does here what it does there: nothing.
 */
final class SchedulerConfigParser {

    private static final Set<SchedulerKind> WITH_ZERO_SNR = EnumSet.of(DDIM, EULER, EULER_ANCESTRAL, DPMPP_2M, LCM);
    static final Set<SchedulerKind> WITH_SIGMA_SPACINGS = EnumSet.of(LMS, EULER, DPMPP_2M);
    private static final Set<SchedulerKind> WITH_THRESHOLDING = EnumSet.of(DDIM, DPMPP_2M, LCM);
    private static final Set<SchedulerKind> LEADING_BY_DEFAULT = EnumSet.of(DDIM, PNDM, LCM);

    private final SchedulerKind kind;
    private final ConfigReader reader;

    private SchedulerConfigParser(final SchedulerKind kind, final ConfigReader reader) {
        this.kind = kind;
        this.reader = reader;
    }

    static SchedulerConfig parse(final SchedulerKind kind, final ConfigReader reader) {
        final SchedulerConfigParser parser = new SchedulerConfigParser(kind, reader);
        parser.refuseUnsupported();
        final BetaConfig betas = parser.betas();
        final PredictionType prediction = parser.prediction();
        final TimestepConfig timesteps = parser.timesteps();
        final SigmaConfig sigmas = parser.sigmas();
        final ClipConfig clip = parser.clip();
        final boolean alphaToOne = (kind == DDIM || kind == PNDM) && reader.flag("set_alpha_to_one", kind == DDIM);
        final double eta = kind == DDIM ? reader.number("eta", 0) : 0;
        final boolean skipRungeKutta = kind == PNDM && reader.flag("skip_prk_steps", false);
        return new SchedulerConfig(kind, betas, prediction, timesteps, sigmas, clip, alphaToOne, eta, skipRungeKutta, parser.dpm(),
            parser.lcm(), reader.unread());
    }

    private void refuseUnsupported() {
        if (kind != DPMPP_2M) {
            return;
        }
        if (reader.flag("use_flow_sigmas", false) || reader.flag("use_dynamic_shifting", false)) {
            throw new IllegalArgumentException("use_flow_sigmas and use_dynamic_shifting are for flow-matching models, which are not"
                + " supported; they must be false, but one is true.");
        }
        final String variance = reader.text("variance_type", "");
        if (variance.startsWith("learned")) {
            throw new IllegalArgumentException("variance_type must be absent, but is \"" + variance
                + "\": models that predict their variance are not supported.");
        }
    }

    private BetaConfig betas() {
        final boolean lcm = kind == LCM;
        return new BetaConfig(reader.integer("num_train_timesteps", 1000), reader.number("beta_start", lcm ? 0.00085 : 0.0001),
            reader.number("beta_end", lcm ? 0.012 : 0.02),
            reader.choice("beta_schedule", BetaConfig.Schedule.class, lcm ? BetaConfig.Schedule.SCALED_LINEAR : BetaConfig.Schedule.LINEAR),
            reader.numbers("trained_betas"), WITH_ZERO_SNR.contains(kind) && reader.flag("rescale_betas_zero_snr", false));
    }

    private PredictionType prediction() {
        if (kind == EULER && reader.text("prediction_type", "epsilon").equals("original_sample")) {
            return PredictionType.SAMPLE;
        }
        return reader.choice("prediction_type", PredictionType.class, PredictionType.EPSILON);
    }

    private TimestepConfig timesteps() {
        final TimestepConfig.Spacing byDefault =
            LEADING_BY_DEFAULT.contains(kind) ? TimestepConfig.Spacing.LEADING : TimestepConfig.Spacing.LINSPACE;
        if (kind == LCM) {
            // Its timesteps come from the distillation; the class has both keys and uses neither.
            return new TimestepConfig(byDefault, 0, false);
        }
        return new TimestepConfig(reader.choice("timestep_spacing", TimestepConfig.Spacing.class, byDefault),
            reader.integer("steps_offset", 0), kind == EULER && continuous());
    }

    private boolean continuous() {
        final String type = reader.text("timestep_type", "discrete");
        if (!type.equals("discrete") && !type.equals("continuous")) {
            throw new IllegalArgumentException("timestep_type must be one of discrete, continuous, but is \"" + type + "\".");
        }
        return type.equals("continuous");
    }

    private SigmaConfig sigmas() {
        final SigmaConfig.Spacing spacing = WITH_SIGMA_SPACINGS.contains(kind) ? sigmaSpacing() : SigmaConfig.Spacing.MODEL;
        final boolean limited = kind == EULER || spacing == SigmaConfig.Spacing.EXPONENTIAL || spacing == SigmaConfig.Spacing.BETA
            || kind == DPMPP_2M && spacing == SigmaConfig.Spacing.KARRAS;
        final OptionalDouble none = OptionalDouble.empty();
        return new SigmaConfig(spacing, limited ? reader.optionalNumber("sigma_min") : none,
            limited ? reader.optionalNumber("sigma_max") : none,
            kind == EULER || kind == DPMPP_2M ? reader.choice("final_sigmas_type", SigmaConfig.Last.class, SigmaConfig.Last.ZERO)
                : SigmaConfig.Last.ZERO,
            kind == EULER ? reader.choice("interpolation_type", SigmaConfig.Interpolation.class, SigmaConfig.Interpolation.LINEAR)
                : SigmaConfig.Interpolation.LINEAR);
    }

    private SigmaConfig.Spacing sigmaSpacing() {
        final boolean karras = reader.flag("use_karras_sigmas", false);
        final boolean exponential = reader.flag("use_exponential_sigmas", false);
        final boolean beta = reader.flag("use_beta_sigmas", false);
        final boolean lu = kind == DPMPP_2M && reader.flag("use_lu_lambdas", false);
        final int chosen = (karras ? 1 : 0) + (exponential ? 1 : 0) + (beta ? 1 : 0) + (lu ? 1 : 0);
        if (chosen > 1) {
            throw new IllegalArgumentException("At most one of use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas and"
                + " use_lu_lambdas may be true, but " + chosen + " are.");
        }
        if (karras) {
            return SigmaConfig.Spacing.KARRAS;
        }
        if (exponential) {
            return SigmaConfig.Spacing.EXPONENTIAL;
        }
        if (beta) {
            return SigmaConfig.Spacing.BETA;
        }
        return lu ? SigmaConfig.Spacing.LU : SigmaConfig.Spacing.MODEL;
    }

    private ClipConfig clip() {
        final boolean clips = kind == DDIM || kind == LCM;
        final boolean thresholds = WITH_THRESHOLDING.contains(kind);
        return new ClipConfig(clips && reader.flag("clip_sample", kind == DDIM), clips ? reader.number("clip_sample_range", 1) : 1,
            thresholds && reader.flag("thresholding", false), thresholds ? reader.number("dynamic_thresholding_ratio", 0.995) : 0.995,
            thresholds ? reader.number("sample_max_value", 1) : 1);
    }

    private DpmConfig dpm() {
        if (kind != DPMPP_2M) {
            return new DpmConfig(2, DpmConfig.Algorithm.DPMSOLVER_PP, DpmConfig.Solver.MIDPOINT, true, false, Double.NEGATIVE_INFINITY);
        }
        final String algorithm = reader.text("algorithm_type", "dpmsolver++");
        final String solver = reader.text("solver_type", "midpoint");
        // diffusers reads the files of its DEIS and UniPC classes as these.
        return new DpmConfig(reader.integer("solver_order", 2),
            ConfigReader.chosen("algorithm_type", algorithm.equals("deis") ? "dpmsolver++" : algorithm, DpmConfig.Algorithm.class),
            ConfigReader.chosen("solver_type", Set.of("logrho", "bh1", "bh2").contains(solver) ? "midpoint" : solver,
                DpmConfig.Solver.class),
            reader.flag("lower_order_final", true), reader.flag("euler_at_final", false),
            reader.number("lambda_min_clipped", Double.NEGATIVE_INFINITY));
    }

    private LcmConfig lcm() {
        return kind == LCM ? new LcmConfig(reader.integer("original_inference_steps", 50), reader.number("timestep_scaling", 10))
            : new LcmConfig(50, 10);
    }
}
