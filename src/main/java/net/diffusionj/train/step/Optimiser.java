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

import java.util.List;
import java.util.Map;

/**
 * AdamW (Loshchilov and Hutter, 2019) with the gradient clipped to a length, as torch has them. Weights of one dimension, such as biases and norms, do not
 * decay.
 * <p>
 * Not thread-safe; works on several weights at once inside.
 * </p>
 */
public final class Optimiser {

    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final float DECAY = 0.01f;
    private static final float LONGEST = 1;
    /** torch adds it to the length before it divides. */
    private static final float NOT_ZERO = 1e-6f;

    private final boolean[] decays;
    private final Weights first;
    private final Weights second;
    private long steps;

    /**
     * @param shapes of the weights, in their order
     * @param weights what is to be optimised
     */
    public Optimiser(final List<List<Long>> shapes, final Weights weights) {
        this(shapes, weights.zeros(), weights.zeros(), 0);
    }

    private Optimiser(final List<List<Long>> shapes, final Weights first, final Weights second, final long steps) {
        this.first = first;
        this.second = second;
        this.steps = steps;
        this.decays = new boolean[shapes.size()];
        for (int i = 0; i < decays.length; i++) decays[i] = shapes.get(i).size() > 1;
    }

    /**
     * @param shapes of the weights, in their order
     * @param weights what is to be optimised
     * @param arrays what {@link #state} gave
     * @param steps made before
     * @return an optimiser that goes on from there
     */
    public static Optimiser restored(final List<List<Long>> shapes, final Weights weights, final Map<String, float[]> arrays, final long steps) {
        return new Optimiser(shapes, weights.like(arrays, "first."), weights.like(arrays, "second."), steps);
    }

    /** @param into gets what {@link #restored} takes, not copied */
    public void state(final Map<String, float[]> into) {
        into.putAll(first.byName("first."));
        into.putAll(second.byName("second."));
    }

    /** @return steps made */
    public long steps() {
        return steps;
    }

    /**
     * @param gradients of one step
     * @return their length, all together
     */
    public static double length(final Weights gradients) {
        final double[] squares = new double[gradients.count()];
        gradients.eachInParallel(i -> {
            double sum = 0;
            for (final float value : gradients.of(i)) sum += (double) value * value;
            squares[i] = sum;
        });
        double sum = 0;
        for (final double square : squares) sum += square;
        return Math.sqrt(sum);
    }

    /**
     * Makes one step.
     *
     * @param weights changed
     * @param gradients of the loss
     * @param length of the gradients
     * @param rate learning rate
     */
    public void step(final Weights weights, final Weights gradients, final double length, final float rate) {
        steps++;
        final float clip = (float) Math.min(1, LONGEST / (length + NOT_ZERO));
        final float pace = (float) (rate / (1 - Math.pow(BETA1, steps)));
        final float root = (float) Math.sqrt(1 - Math.pow(BETA2, steps));
        weights.eachInParallel(i -> update(weights.of(i), gradients.of(i), first.of(i), second.of(i), clip, pace, root, decays[i] ? 1 - rate * DECAY : 1));
    }

    private static void update(final float[] weights, final float[] gradients, final float[] first, final float[] second, final float clip, final float pace,
        final float root, final float kept) {
        for (int i = 0; i < weights.length; i++) {
            final float gradient = clip * gradients[i];
            final float mean = BETA1 * first[i] + (1 - BETA1) * gradient;
            final float square = BETA2 * second[i] + (1 - BETA2) * gradient * gradient;
            first[i] = mean;
            second[i] = square;
            weights[i] = kept * weights[i] - pace * mean / ((float) Math.sqrt(square) / root + EPSILON);
        }
    }
}
