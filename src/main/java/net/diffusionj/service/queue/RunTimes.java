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
package net.diffusionj.service.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How long jobs take, measured: by instance and kind, and by how many images went through together. Medians of the last few runs, so that a run on a busy moment or
 * a clock that jumps says nothing.
 * <p>
 * Not thread-safe: guarded by its queue. Holds the kinds used last.
 * </p>
 */
final class RunTimes {

    /** A group may cost so much more an image than the cheapest size and is still as good. */
    private static final double AS_GOOD = 1.05;
    private static final int SAMPLES = 5;
    /** After so many runs a size that was too dear is tried again. */
    private static final int FORGOTTEN_AFTER = 64;
    private static final int MOST_KINDS = 256;

    private record Key(String instance, Object kind) {}

    private final Map<Key, Kind> kinds = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Key, Kind> eldest) {
            return size() > MOST_KINDS;
        }
    };

    /** The runs of one kind on one instance. */
    private static final class Kind {
        private final Samples all = new Samples();
        private final TreeMap<Integer, Samples> bySize = new TreeMap<>();
        private final Map<Integer, Integer> lastRun = new HashMap<>();
        private int runs;
    }

    private static final class Samples {
        private final Deque<Double> last = new ArrayDeque<>();

        void add(final double value) {
            if (last.size() == SAMPLES) last.removeFirst();
            last.addLast(value);
        }

        double median() {
            final double[] sorted = last.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }
    }

    /**
     * Counts a run.
     *
     * @param instance where
     * @param kind of what
     * @param images how many went through together
     * @param work how much it was
     * @param nanos how long it took; 0 or less, from a clock that jumped, is not counted
     */
    void add(final String instance, final Object kind, final int images, final double work, final long nanos) {
        if (nanos <= 0 || !(work > 0)) return;
        final Kind found = kinds.computeIfAbsent(new Key(instance, kind), key -> new Kind());
        // The first run opens the model: better than no measure, but only until there is another, and none of what a size costs.
        if (found.runs == 1) found.all.last.clear();
        found.all.add(nanos / work);
        if (found.runs++ == 0) return;
        final int size = bucket(images);
        found.bySize.computeIfAbsent(size, s -> new Samples()).add(nanos / work);
        found.lastRun.put(size, found.runs);
    }

    /** @param instance where
     *  @param kind of what
     *  @param work how much
     *  @return how long it will take in nanoseconds; empty if nothing of the kind was measured there or anywhere */
    OptionalDouble expected(final String instance, final Object kind, final double work) {
        final Kind here = kinds.get(new Key(instance, kind));
        if (here != null) return OptionalDouble.of(here.all.median() * work);
        return kinds.entrySet().stream().filter(entry -> entry.getKey().kind().equals(kind)).mapToDouble(entry -> entry.getValue().all.median()).average()
            .stream()
            .map(rate -> rate * work).findFirst();
    }

    /**
     * Chooses a size for a group: the largest of the most, half of it, and so on, that was measured to be about as cheap an image as the cheapest, or was not
     * measured yet.
     *
     * @param instance where
     * @param kind of what
     * @param most images that may go together, at least 1
     * @return at least 1
     */
    int best(final String instance, final Object kind, final int most) {
        final Kind here = kinds.get(new Key(instance, kind));
        if (here == null) return most;
        here.lastRun.entrySet().removeIf(entry -> here.runs - entry.getValue() > FORGOTTEN_AFTER && here.bySize.remove(entry.getKey()) != null);
        final OptionalDouble cheapest = here.bySize.values().stream().mapToDouble(Samples::median).min();
        int size = most;
        while (size > 1) {
            final Samples measured = here.bySize.get(bucket(size));
            if (measured == null || measured.median() <= AS_GOOD * cheapest.orElseThrow()) return size;
            size = bucket(size) == size ? size / 2 : bucket(size);
        }
        return 1;
    }

    /** Sizes are told apart by powers of two. */
    private static int bucket(final int images) {
        return Integer.highestOneBit(images);
    }
}
