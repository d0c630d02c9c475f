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
package net.diffusionj.model;

import net.diffusionj.InvalidInputException;

/**
 * During which of a run's steps guidance is on (Kynkäänniemi et al. 2024). Outside, the model predicts from the prompt alone, in one pass instead of two.
 * <p>
 * The ends are fractions of the steps that a run takes, not of the whole schedule: image to image at strength 0.5 has its middle after a quarter of the schedule.
 * So count diffusers' guiders ({@code ClassifierFreeGuidance(start, stop)}) and its {@code SDCFGCutoffCallback}, which also round as {@link #covers} does.
 * </p>
 *
 * @param from fraction of the steps before guidance begins, 0 to {@code to}
 * @param to fraction of the steps after which it has ended, up to 1
 */
public record GuidanceInterval(double from, double to) {

    /** At every step. */
    public static final GuidanceInterval ALWAYS = new GuidanceInterval(0, 1);

    /** Checks the fractions. */
    public GuidanceInterval {
        if (!(from >= 0 && to <= 1 && from <= to)) {
            throw new InvalidInputException("Guidance can begin and end after fractions of the steps from 0 to 1, the beginning first, such as 0.2 and 0.8,"
                + " not " + from + " and " + to + ".");
        }
    }

    /**
     * @param call which model call of a run, from 0
     * @param calls model calls in all
     * @return whether guidance is on
     */
    public boolean covers(final int call, final int calls) {
        return begin(calls) <= call && call < end(calls);
    }

    /** @param calls model calls of a run
     *  @return at how many of them guidance is on */
    public int guidedCalls(final int calls) {
        return end(calls) - begin(calls);
    }

    private int begin(final int calls) {
        return (int) (from * calls);
    }

    private int end(final int calls) {
        return (int) (to * calls);
    }
}
