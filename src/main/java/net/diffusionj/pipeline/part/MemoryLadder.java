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
package net.diffusionj.pipeline.part;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import net.diffusionj.ort.runtime.InsufficientMemoryException;

/**
 * What is done when one part of a model runs out of memory: step by step, each for as long as it has something to give, the same work is tried again with
 * less. Every step is logged, and told to the user in the result's warnings.
 * <p>
 * Not thread-safe: one run's own. Steps that were taken stay taken for the rest of the run.
 * </p>
 */
public final class MemoryLadder {

    private static final Logger LOG = System.getLogger(MemoryLadder.class.getName());

    /** One way to need less. */
    @FunctionalInterface
    public interface Step {
        /** @return what was done, as the end of a sentence; empty when there is nothing left to do this way */
        Optional<String> take();
    }

    /** What is told to the user of all parts of a run. Thread-safe. */
    static final class Warnings {
        private final List<String> texts = new ArrayList<>();

        private synchronized void add(final String text) {
            LOG.log(Level.WARNING, text);
            if (!texts.contains(text)) texts.add(text);
        }

        /** @return what was done so far, in its order */
        synchronized List<String> texts() {
            return List.copyOf(texts);
        }
    }

    private final String part;
    private final Warnings warnings;
    private final Deque<Step> steps;

    /**
     * @param part name of the part, as the user knows it, such as "UNet"
     * @param warnings where to tell
     * @param steps what to do, the cheapest first
     */
    MemoryLadder(final String part, final Warnings warnings, final Step... steps) {
        this.part = part;
        this.warnings = warnings;
        this.steps = new ArrayDeque<>(Arrays.asList(steps));
    }

    /**
     * Does something, as often as it takes.
     *
     * @param work reads anew at every try how it is to be done
     * @param <T> its result
     * @return the result of the first try that had memory enough
     * @throws InsufficientMemoryException if no step is left; says what to do
     */
    <T> T run(final Supplier<T> work) {
        while (true) {
            final InsufficientMemoryException failure;
            try {
                return work.get();
            }
            catch (final InsufficientMemoryException e) {
                failure = e;
            }
            LOG.log(Level.DEBUG, "out of memory", failure);
            warnings.add("There was too little memory for the " + part + ": " + nextStep(failure) + '.');
        }
    }

    private String nextStep(final InsufficientMemoryException failure) {
        while (!steps.isEmpty()) {
            final Optional<String> done = steps.peek().take();
            if (done.isPresent()) return done.get();
            steps.remove();
        }
        throw new InsufficientMemoryException("There is too little memory for the " + part + ", even in the smallest pieces. Ask for a smaller image or"
            + " batch, or close other programs and images. (" + failure.getMessage() + ')', failure);
    }
}
