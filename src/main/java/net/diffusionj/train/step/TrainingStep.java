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

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.ort.session.TensorBuffer;

/**
 * The graph that {@code scripts/training} makes, ready to run: weights and a batch in, losses and gradients out. Weights go in and gradients come out through
 * buffers that are made once.
 * <p>
 * Not thread-safe. The lease is borrowed and must outlive this.
 * </p>
 */
public final class TrainingStep implements AutoCloseable {

    private static final String GRADIENT = "grad.";

    private final ModelCall call;
    private final int batch;
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private final List<TensorBuffer> weights = new ArrayList<>();
    private final List<TensorBuffer> gradients = new ArrayList<>();
    private final TensorBuffer sample;
    private final TensorBuffer timestep;
    private final TensorBuffer texts;
    private final TensorBuffer target;
    private final TensorBuffer share;
    private final TensorBuffer losses;

    /**
     * @param lease of {@code unet/training.onnx}
     * @param batch pictures in a batch
     * @param latentShape channels, height, width
     * @param textNumbers numbers in a text's embedding
     * @throws InvalidInputException if the file is no training step, or one for other pictures
     */
    public TrainingStep(final SessionLease lease, final int batch, final int[] latentShape, final int textNumbers) {
        this.batch = batch;
        final Map<String, TensorSpec> inputs = new LinkedHashMap<>();
        lease.inputs().forEach(spec -> inputs.put(spec.name(), spec));
        final Map<String, TensorSpec> outputs = new LinkedHashMap<>();
        lease.outputs().forEach(spec -> outputs.put(spec.name(), spec));
        if (!outputs.containsKey("losses") || !inputs.keySet().containsAll(List.of("sample", "timestep", "encoder_hidden_states", "target", "weight"))) {
            throw new InvalidInputException(lease.file() + " is not a training step. Make it with python -m scripts.training MODEL_FOLDER.");
        }
        call = lease.newCall();
        try {
            final long[] picture = {batch, latentShape[0], latentShape[1], latentShape[2]};
            final TensorSpec words = inputs.get("encoder_hidden_states");
            final long width = words.shape().get(2);
            sample = call.input(inputs.get("sample"), picture);
            target = call.input(inputs.get("target"), picture);
            timestep = call.input(inputs.get("timestep"), batch);
            share = call.input(inputs.get("weight"), batch);
            texts = call.input(words, batch, textNumbers / width, width);
            losses = call.output(outputs.get("losses"), batch);
            for (final TensorSpec gradient : outputs.values()) {
                if (!gradient.name().startsWith(GRADIENT)) continue;
                final String name = gradient.name().substring(GRADIENT.length());
                final long[] shape = gradient.shape().stream().mapToLong(Long::longValue).toArray();
                shapes.put(name, gradient.shape());
                weights.add(call.input(inputs.get(name), shape));
                gradients.add(call.output(gradient, shape));
            }
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    /**
     * @param lease of {@code unet/training.onnx}
     * @return numbers in all weights together
     */
    public static long numbers(final SessionLease lease) {
        return lease.outputs().stream().filter(spec -> spec.name().startsWith(GRADIENT))
            .mapToLong(spec -> spec.shape().stream().reduce(1L, (one, other) -> one * other)).sum();
    }

    /** @return the shape of every weight, by name, in the order that {@link #load} takes */
    public Map<String, List<Long>> shapes() {
        return new LinkedHashMap<>(shapes);
    }

    /** @return the names of the weights */
    public List<String> names() {
        return List.copyOf(shapes.keySet());
    }

    /** @param values what the next runs compute with */
    public void load(final Weights values) {
        values.eachInParallel(i -> weights.get(i).put(values.of(i)));
    }

    /**
     * Runs the graph.
     *
     * @param given as many pictures as this was made for
     * @param cancel ends the run early
     * @return the loss of each picture, unweighted
     */
    public float[] run(final Batch given, final CancelToken cancel) {
        if (given.size() != batch) throw new IllegalArgumentException("expected " + batch + " pictures, found " + given.size());
        sample.put(given.sample());
        timestep.put(given.timesteps());
        texts.put(given.texts());
        target.put(given.target());
        share.put(given.weights());
        call.run(cancel);
        return losses.toFloats();
    }

    /** @param into is given the gradients of the last run */
    public void gradients(final Weights into) {
        into.eachInParallel(i -> gradients.get(i).get(0, into.of(i)));
    }

    /** @return nanoseconds inside ONNX Runtime so far */
    public long runNanos() {
        return call.runNanos();
    }

    @Override
    public void close() {
        call.close();
    }
}
