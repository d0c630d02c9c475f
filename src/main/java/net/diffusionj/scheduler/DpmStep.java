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
package net.diffusionj.scheduler;

import net.diffusionj.scheduler.config.DpmConfig;
import net.diffusionj.scheduler.noise.FloatMath;

/**
 * The coefficients of one step of DPM-Solver: the new latents are {@code sample} times the old ones, plus the weighted prediction and its
 * divided differences of first and second order, plus {@code noise} times fresh noise.
 *
 * @param sample the weight of the latents
 * @param value the weight of the newest prediction
 * @param slope the weight of its first difference; 0 for order 1
 * @param curve the weight of its second difference; 0 below order 3
 * @param noise the weight of fresh noise; 0 for the algorithms that draw none
 * @param r0 the step before, in units of this one
 * @param r1 the step before that, in units of this one
 */
record DpmStep(float sample, float value, float slope, float curve, float noise, float r0, float r1) {

    /**
     * @param config the solver
     * @param order the order of this step, 1 to 3
     * @param to the level after the step
     * @param from the level before it
     * @param before the level one step earlier; read for order 2 and 3
     * @param earliest the level two steps earlier; read for order 3
     */
    static DpmStep of(final DpmConfig config, final int order, final DpmLevel to, final DpmLevel from, final DpmLevel before,
        final DpmLevel earliest) {
        final float h = to.lambda() - from.lambda();
        if (h == 0) {
            // The last two levels may be equal when the last is the lowest of the training; the limit of every formula is to stay.
            return new DpmStep(1, 0, 0, 0, 0, 1, 1);
        }
        final boolean midpoint = config.solver() == DpmConfig.Solver.MIDPOINT && order == 2;
        final float r0 = order > 1 ? (from.lambda() - before.lambda()) / h : 1;
        final float r1 = order > 2 ? (before.lambda() - earliest.lambda()) / h : 1;
        final float sample;
        final float value;
        final float slope;
        final float curve;
        final float noise;
        switch (config.algorithm()) {
            case DPMSOLVER_PP -> {
                final float decay = FloatMath.exp(-h) - 1;
                sample = to.sigma() / from.sigma();
                value = -(to.alpha() * decay);
                slope = midpoint ? 0.5f * value : to.alpha() * (decay / h + 1);
                curve = -(to.alpha() * ((decay + h) / (h * h) - 0.5f));
                noise = 0;
            }
            case DPMSOLVER -> {
                final float growth = FloatMath.exp(h) - 1;
                sample = to.alpha() / from.alpha();
                value = -(to.sigma() * growth);
                slope = midpoint ? 0.5f * value : -(to.sigma() * (growth / h - 1));
                curve = -(to.sigma() * ((growth - h) / (h * h) - 0.5f));
                noise = 0;
            }
            case SDE_DPMSOLVER_PP -> {
                final float decay = 1 - FloatMath.exp(-2 * h);
                sample = to.sigma() / from.sigma() * FloatMath.exp(-h);
                value = to.alpha() * decay;
                slope = midpoint ? 0.5f * value : to.alpha() * (decay / (-2 * h) + 1);
                curve = to.alpha() * ((decay - 2 * h) / (4 * h * h) - 0.5f);
                noise = to.sigma() * FloatMath.sqrt(decay);
            }
            case SDE_DPMSOLVER -> {
                final float growth = FloatMath.exp(h) - 1;
                sample = to.alpha() / from.alpha();
                value = -2 * (to.sigma() * growth);
                slope = midpoint ? 0.5f * value : -2 * (to.sigma() * (growth / h - 1));
                curve = 0;
                noise = to.sigma() * FloatMath.sqrt(FloatMath.exp(2 * h) - 1);
            }
            default -> throw new AssertionError(config.algorithm());
        }
        return new DpmStep(sample, value, order > 1 ? slope : 0, order > 2 ? curve : 0, noise, r0, r1);
    }

    /** @return a value after the step, before noise, from the value before it and the predictions from the newest to the oldest */
    float moved(final float x, final float m0, final float m1, final float m2) {
        float moved = sample * x + value * m0;
        if (curve != 0) {
            final float first = (m0 - m1) / r0;
            final float bend = first - (m1 - m2) / r1;
            moved += slope * (first + r0 / (r0 + r1) * bend) + curve * (bend / (r0 + r1));
        }
        else if (slope != 0) {
            moved += slope * ((m0 - m1) / r0);
        }
        return moved;
    }
}
