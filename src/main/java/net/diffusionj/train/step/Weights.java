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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Numbers for every weight of a model: the weights themselves, their gradients, an average. Mutable; not thread-safe, but for work on different weights.
 */
public final class Weights {

    private final List<String> names;
    private final List<float[]> values;

    /**
     * @param names in an order that all sets of one model share
     * @param values one array a weight; shared, not copied
     */
    public Weights(final List<String> names, final List<float[]> values) {
        if (names.size() != values.size()) throw new IllegalArgumentException("expected " + names.size() + " arrays, found " + values.size());
        this.names = List.copyOf(names);
        this.values = List.copyOf(values);
    }

    /** @return as many zeros */
    public Weights zeros() {
        return new Weights(names, values.stream().map(array -> new float[array.length]).toList());
    }

    /** @return a copy */
    public Weights copy() {
        return new Weights(names, values.stream().map(float[]::clone).toList());
    }

    /** @param source is copied into this */
    public void set(final Weights source) {
        eachInParallel(i -> System.arraycopy(source.of(i), 0, of(i), 0, of(i).length));
    }

    /** @return the number of weights */
    public int count() {
        return names.size();
    }

    /** @param index of a weight
     *  @return its numbers, not a copy */
    public float[] of(final int index) {
        return values.get(index);
    }

    /** @return numbers of all weights together */
    public long numbers() {
        return values.stream().mapToLong(array -> array.length).sum();
    }

    /** @param prefix of the names
     *  @return the arrays by name, not copied */
    public Map<String, float[]> byName(final String prefix) {
        final Map<String, float[]> all = new LinkedHashMap<>();
        for (int i = 0; i < count(); i++) all.put(prefix + names.get(i), of(i));
        return all;
    }

    /**
     * @param arrays what {@link #byName} gave, perhaps after a file
     * @param prefix of the names
     * @return weights of these names
     * @throws IllegalArgumentException if one is missing or has another length
     */
    public Weights like(final Map<String, float[]> arrays, final String prefix) {
        final List<float[]> found = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            final float[] array = arrays.get(prefix + names.get(i));
            if (array == null || array.length != of(i).length)
                throw new IllegalArgumentException("no " + of(i).length + " numbers of " + prefix + names.get(i));
            found.add(array);
        }
        return new Weights(names, found);
    }

    /** Work on one weight. */
    @FunctionalInterface
    interface Work {
        void on(int index);
    }

    /** @param work on different weights at the same time */
    void eachInParallel(final Work work) {
        IntStream.range(0, count()).parallel().forEach(work::on);
    }
}
