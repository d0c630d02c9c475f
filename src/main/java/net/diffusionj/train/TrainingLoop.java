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

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

import net.diffusionj.CancelToken;
import net.diffusionj.train.TuneProgress.Phase;
import net.diffusionj.train.step.Batch;
import net.diffusionj.train.step.Batches;
import net.diffusionj.train.step.Optimiser;
import net.diffusionj.train.step.TrainingStep;
import net.diffusionj.train.step.Weights;

/**
 * Makes steps until the budget is used up, looks at the validation images now and then, and has the state saved. Not thread-safe; used once.
 */
final class TrainingLoop {

    /** How it ended. */
    enum End {
        /** The budget is used up. */
        DONE,
        /** Somebody asked for a stop. */
        CANCELLED,
        /** A loss or a gradient was infinite or no number; the state on the disk is from before. */
        DIVERGED
    }

    private static final int WARM_UP_STEPS = 20;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1000;

    private final TrainingStep step;
    private final Batches batches;
    private final RunState state;
    private final Budget budget;
    private final String name;
    private final TuneOptions options;
    private final Runnable save;
    private final Consumer<TuneProgress> listener;
    private final CancelToken cancel;
    private final Weights gradients;
    private double lossSum;
    private int lossCount;
    private long savedNanos = System.nanoTime();

    /**
     * @param step computes losses and gradients
     * @param batches what of
     * @param state where the tuning is; changed
     * @param request says how long, how fast and how often
     * @param save writes the state
     * @param listener is told after every step
     * @param cancel stops it
     */
    TrainingLoop(final TrainingStep step, final Batches batches, final RunState state, final TuneRequest request, final Runnable save,
        final Consumer<TuneProgress> listener, final CancelToken cancel) {
        this.step = step;
        this.batches = batches;
        this.state = state;
        this.budget = request.budget();
        this.name = request.name();
        this.options = request.options();
        this.save = save;
        this.listener = listener;
        this.cancel = cancel;
        this.gradients = state.weights().zeros();
    }

    End run() {
        final End end = steps();
        if (end != End.DIVERGED) save.run();
        return end;
    }

    private End steps() {
        try {
            if (state.points().isEmpty() && !looked()) return End.DIVERGED;
            step.load(state.weights());
            while (share() < 1) {
                cancel.throwIfCancelled();
                if (!stepped()) return End.DIVERGED;
                final boolean last = share() >= 1;
                if ((last || state.steps() % options.validateEvery() == 0) && !looked()) return End.DIVERGED;
                if (!last && (System.nanoTime() - savedNanos) / NANOS >= options.saveSeconds()) {
                    save.run();
                    savedNanos = System.nanoTime();
                }
            }
            return End.DONE;
        }
        catch (final CancellationException e) {
            if (!cancel.isCancelled()) throw e;
            return End.CANCELLED;
        }
    }

    private double share() {
        return budget.share(state.steps(), state.seconds());
    }

    /** @return whether all numbers were finite; otherwise nothing was changed */
    private boolean stepped() {
        final long start = System.nanoTime();
        final float[] losses = step.run(batches.training(state.steps()), cancel);
        step.gradients(gradients);
        final double length = Optimiser.length(gradients);
        double loss = 0;
        for (final float one : losses) loss += one / losses.length;
        if (!Double.isFinite(loss) || !Double.isFinite(length)) return false;
        final double warm = Math.min(1, (state.steps() + 1.0) / WARM_UP_STEPS);
        state.step(gradients, length, (float) (options.rate() * warm), (System.nanoTime() - start) / NANOS);
        step.load(state.weights());
        lossSum += loss;
        lossCount++;
        tell(OptionalDouble.of(loss));
        return true;
    }

    /** Validates the average. @return whether the loss was finite */
    private boolean looked() {
        step.load(state.average().values());
        double loss = 0;
        for (int i = 0; i < batches.validations(); i++) {
            final Batch batch = batches.validation(i);
            final float[] losses = step.run(batch, cancel);
            for (int k = 0; k < losses.length; k++) loss += (double) batch.weights()[k] * losses[k];
        }
        step.load(state.weights());
        if (!Double.isFinite(loss)) return false;
        state.add(new RunState.Point(state.steps(), lossCount == 0 ? loss : lossSum / lossCount, loss));
        lossSum = 0;
        lossCount = 0;
        tell(OptionalDouble.empty());
        return true;
    }

    private void tell(final OptionalDouble loss) {
        final double share = Math.min(1, share());
        final OptionalLong left = state.steps() == 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(MILLIS * state.seconds() * (1 - share) / share));
        final OptionalDouble validation = state.points().isEmpty() ? OptionalDouble.empty()
            : OptionalDouble.of(state.points().get(state.points().size() - 1).validation());
        listener.accept(new TuneProgress(name, Phase.TRAINING, state.steps(), share, loss, validation, left));
    }
}
