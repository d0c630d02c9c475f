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
package net.diffusionj.train.step;

/**
 * A running average of the weights, which draws better than the weights of any one step (Polyak and Juditsky, 1992). Its memory grows with the steps, so that
 * it soon forgets the beginning. Not thread-safe.
 */
public final class Average {

    private static final double LONGEST_MEMORY = 0.99;

    private final Weights values;

    /** @param start is copied */
    public Average(final Weights start) {
        this.values = start.copy();
    }

    /** @return the average, not a copy */
    public Weights values() {
        return values;
    }

    /**
     * @param weights after a step
     * @param step how many there were, from 1
     */
    public void add(final Weights weights, final long step) {
        final float kept = (float) Math.min(LONGEST_MEMORY, (1.0 + step) / (10.0 + step));
        values.eachInParallel(i -> {
            final float[] average = values.of(i);
            final float[] now = weights.of(i);
            for (int k = 0; k < average.length; k++) average[k] += (1 - kept) * (now[k] - average[k]);
        });
    }
}
