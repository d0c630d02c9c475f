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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The schedulers this project has, each with its name on the command line, on the screen and in diffusers. */
public enum SchedulerKind {

    /** Denoising diffusion implicit models, <a href="https://arxiv.org/abs/2010.02502">Song et al. 2020</a>. */
    DDIM("ddim", "DDIM", "DDIMScheduler"),
    /** Pseudo numerical methods, <a href="https://arxiv.org/abs/2202.09778">Liu et al. 2022</a>. */
    PNDM("pndm", "PNDM", "PNDMScheduler", "plms"),
    /** Linear multistep of order four over sigmas, from k-diffusion. */
    LMS("lms", "LMS", "LMSDiscreteScheduler", "k_lms", "lms_discrete"),
    /** Euler's method over sigmas, <a href="https://arxiv.org/abs/2206.00364">Karras et al. 2022</a>, algorithm 2. */
    EULER("euler", "Euler", "EulerDiscreteScheduler", "k_euler", "euler_discrete"),
    /** Euler's method with noise put back at every step, from k-diffusion. */
    EULER_ANCESTRAL("euler-ancestral", "Euler ancestral", "EulerAncestralDiscreteScheduler", "euler_a", "k_euler_a",
        "k_euler_ancestral", "euler_ancestral_discrete"),
    /** DPM-Solver++ multistep, <a href="https://arxiv.org/abs/2211.01095">Lu et al. 2022</a>. */
    DPMPP_2M("dpmpp-2m", "DPM++ 2M", "DPMSolverMultistepScheduler", "dpm++", "k_dpmpp_2m", "dpmsolver", "dpmsolver++", "dpm-solver++",
        "dpm_solver_multistep", "dpm_multistep"),
    /** Latent consistency models, <a href="https://arxiv.org/abs/2310.04378">Luo et al. 2023</a>. */
    LCM("lcm", "LCM", "LCMScheduler");

    private final String id;
    private final String label;
    private final String diffusersName;
    private final List<String> aliases;

    SchedulerKind(final String id, final String label, final String diffusersName, final String... aliases) {
        this.id = id;
        this.label = label;
        this.diffusersName = diffusersName;
        this.aliases = List.of(aliases);
    }

    /** @return the name on the command line and in macros, such as {@code euler-ancestral} */
    public String id() {
        return id;
    }

    /** @return the name on the screen, such as {@code Euler ancestral} */
    public String label() {
        return label;
    }

    /** @return the class in diffusers, as {@code _class_name} of {@code scheduler_config.json} gives it */
    public String diffusersName() {
        return diffusersName;
    }

    /**
     * Finds a scheduler by any of its names: id, label, class in diffusers, or a common alias such as {@code euler_a}. Case, spaces, hyphens
     * and underscores do not matter.
     *
     * @param name what a user typed
     * @return the scheduler, or empty if the name is unknown
     */
    public static Optional<SchedulerKind> ofId(final String name) {
        final String wanted = normalised(name);
        return Arrays.stream(values()).filter(kind -> kind.isCalled(wanted)).findFirst();
    }

    /**
     * Finds a scheduler by its class in diffusers.
     *
     * @param className {@code _class_name} of {@code scheduler_config.json}
     * @return the scheduler, or empty if this project lacks that class
     */
    public static Optional<SchedulerKind> ofDiffusersName(final String className) {
        return Arrays.stream(values()).filter(kind -> kind.diffusersName.equals(className)).findFirst();
    }

    private boolean isCalled(final String wanted) {
        return wanted.equals(normalised(id)) || wanted.equals(normalised(label)) || wanted.equals(normalised(diffusersName))
            || aliases.stream().anyMatch(alias -> wanted.equals(normalised(alias)));
    }

    private static String normalised(final String name) {
        return name.toLowerCase(Locale.ROOT).replace("++", "pp").replaceAll("[\\s_-]", "");
    }
}
