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

/**
 * How {@link SchedulerKind#DPMPP_2M} solves its equation.
 *
 * @param order {@code solver_order}: 1, 2 or 3 predictions make a step
 * @param algorithm {@code algorithm_type}
 * @param solver {@code solver_type}
 * @param lowerOrderFinal {@code lower_order_final}: the last steps of a run of fewer than 15 use lower orders
 * @param eulerAtFinal {@code euler_at_final}: the last step is of the first order
 * @param lambdaMinClipped {@code lambda_min_clipped}: training steps whose log-SNR lies below are left out
 */
public record DpmConfig(int order, Algorithm algorithm, Solver solver, boolean lowerOrderFinal, boolean eulerAtFinal,
    double lambdaMinClipped) {

    /** The key {@code algorithm_type}. */
    public enum Algorithm implements JsonNamed {
        /** Integrates the predicted clean latents. */
        DPMSOLVER_PP("dpmsolver++"),
        /** The same with noise put back at every step. */
        SDE_DPMSOLVER_PP("sde-dpmsolver++"),
        /** Integrates the predicted noise. */
        DPMSOLVER("dpmsolver"),
        /** The same with noise put back at every step. */
        SDE_DPMSOLVER("sde-dpmsolver");

        private final String jsonName;

        Algorithm(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }

        /** @return whether noise is put back at every step, so that a run draws random numbers */
        public boolean stochastic() {
            return this == SDE_DPMSOLVER_PP || this == SDE_DPMSOLVER;
        }

        /** @return whether predicted clean latents are integrated; if not, predicted noise */
        public boolean integratesCleanLatents() {
            return this == DPMSOLVER_PP || this == SDE_DPMSOLVER_PP;
        }
    }

    /** The key {@code solver_type}; it matters for the second order alone. */
    public enum Solver implements JsonNamed {
        /** The midpoint rule. */
        MIDPOINT("midpoint"),
        /** Heun's rule. */
        HEUN("heun");

        private final String jsonName;

        Solver(final String jsonName) {
            this.jsonName = jsonName;
        }

        @Override
        public String jsonName() {
            return jsonName;
        }
    }

    /** Checks the order and what cannot go together. */
    public DpmConfig {
        if (order < 1 || order > 3) {
            throw new IllegalArgumentException("solver_order must be 1, 2 or 3, but is " + order + ".");
        }
        if (order == 3 && algorithm == Algorithm.SDE_DPMSOLVER) {
            throw new IllegalArgumentException("algorithm_type sde-dpmsolver has solver_order 1 and 2 only, but the order is 3.");
        }
        if (Double.isNaN(lambdaMinClipped)) {
            throw new IllegalArgumentException("lambda_min_clipped must be a number, but is NaN.");
        }
    }
}
