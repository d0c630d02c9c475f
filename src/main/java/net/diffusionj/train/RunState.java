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
package net.diffusionj.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.Gson;

import net.diffusionj.InvalidInputException;
import net.diffusionj.train.step.Average;
import net.diffusionj.train.step.Optimiser;
import net.diffusionj.train.step.Weights;

/**
 * Everything that a tuning has learned so far: weights, optimiser, average, the best weights and how they were found. Mutable; not thread-safe.
 */
final class RunState {

    private static final Gson GSON = new Gson();

    private final Weights weights;
    private final Optimiser optimiser;
    private final Average average;
    private final Weights best;
    private final List<Point> points;
    private double seconds;

    /**
     * One look at the validation images.
     *
     * @param step after which
     * @param training mean loss of the batches since the look before; that of the validation at step 0
     * @param validation loss of the average
     */
    record Point(long step, double training, double validation) {}

    /** What is no array. */
    private record Notes(String settings, long steps, double seconds, List<Point> points) {}

    private RunState(final Weights weights, final Optimiser optimiser, final Average average, final Weights best, final List<Point> points,
        final double seconds) {
        this.weights = weights;
        this.optimiser = optimiser;
        this.average = average;
        this.best = best;
        this.points = new ArrayList<>(points);
        this.seconds = seconds;
    }

    /** @param weights of the model; this state's from now on
     *  @param shapes of the weights, in their order
     *  @return the beginning */
    static RunState begin(final Weights weights, final List<List<Long>> shapes) {
        return new RunState(weights, new Optimiser(shapes, weights), new Average(weights), weights.copy(), List.of(), 0);
    }

    /**
     * @param file what {@link #save} made
     * @param weights of the model, of which names and lengths count
     * @param shapes of the weights, in their order
     * @param settings of this tuning
     * @return the state
     * @throws InvalidInputException if the file is damaged, or of a tuning with other settings
     */
    static RunState load(final Path file, final Weights weights, final List<List<Long>> shapes, final String settings) {
        final ArrayFile read = ArrayFile.read(file);
        final Notes notes = GSON.fromJson(read.notes(), Notes.class);
        if (!notes.settings().equals(settings)) {
            throw new InvalidInputException("The tuning to be resumed was begun with other settings: " + notes.settings() + ". These are now: " + settings
                + ". Give the same ones, or begin under another name.");
        }
        try {
            return new RunState(weights.like(read.arrays(), "weights."), Optimiser.restored(shapes, weights, read.arrays(), notes.steps()),
                new Average(weights.like(read.arrays(), "average.")), weights.like(read.arrays(), "best."), notes.points(), notes.seconds());
        }
        catch (final IllegalArgumentException e) {
            throw new InvalidInputException(file + " belongs to another model: " + e.getMessage() + ". Begin under another name.", e);
        }
    }

    /** @param file where to, replaced as a whole
     *  @param settings of this tuning */
    void save(final Path file, final String settings) {
        final Map<String, float[]> arrays = new LinkedHashMap<>(weights.byName("weights."));
        optimiser.state(arrays);
        arrays.putAll(average.values().byName("average."));
        arrays.putAll(best.byName("best."));
        new ArrayFile(GSON.toJsonTree(new Notes(settings, steps(), seconds, points)).getAsJsonObject(), arrays).write(file);
    }

    Weights weights() {
        return weights;
    }

    Average average() {
        return average;
    }

    /** @return the average at the lowest validation loss so far */
    Weights best() {
        return best;
    }

    long steps() {
        return optimiser.steps();
    }

    double seconds() {
        return seconds;
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    /** @return the look at the lowest validation loss */
    Point bestPoint() {
        return points.stream().reduce((one, other) -> other.validation() < one.validation() ? other : one).orElseThrow();
    }

    /**
     * Makes one optimiser step.
     *
     * @param gradients of the loss
     * @param length of the gradients
     * @param rate learning rate
     * @param took seconds of training since the step before
     */
    void step(final Weights gradients, final double length, final float rate, final double took) {
        optimiser.step(weights, gradients, length, rate);
        average.add(weights, steps());
        seconds += took;
    }

    /** @param point a look at the validation images; the average is kept if it is the best so far */
    void add(final Point point) {
        final boolean better = points.isEmpty() || point.validation() < bestPoint().validation();
        points.add(point);
        if (better) best.set(average.values());
    }
}
