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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who is next. What was given back comes first. Then urgent ones, but after four in a row one that is not urgent, so that these get on too. Within a priority
 * callers share by work, as if each had a queue of its own (start-time fair queueing, Goyal, Vin and Cheng 1996), and each caller's own stay in their order.
 * <p>
 * Not thread-safe: guarded by its queue.
 * </p>
 *
 * @param <T> what waits
 */
final class WaitingLine<T> {

    private static final int URGENT_IN_A_ROW = 4;

    private record Entry<T>(T item, double start, long sequence) {}

    /** One priority. */
    private static final class Lane<T> {
        private final TreeSet<Entry<T>> entries = new TreeSet<>(Comparator.<Entry<T>>comparingDouble(Entry::start).thenComparingLong(Entry::sequence));
        private final Map<String, Double> finish = new HashMap<>();
        private double now;
    }

    private final Deque<T> returned = new ArrayDeque<>();
    private final Map<Priority, Lane<T>> lanes = new EnumMap<>(Priority.class);
    private final Map<T, Entry<T>> entries = new HashMap<>();
    private final Map<T, Priority> priorities = new HashMap<>();
    private int urgentInARow;
    private long sequence;

    WaitingLine() {
        for (final Priority priority : Priority.values()) lanes.put(priority, new Lane<>());
    }

    int size() {
        return returned.size() + entries.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** @param priority which
     *  @return how many wait with it */
    int size(final Priority priority) {
        return lanes.get(priority).entries.size() + (int) returned.stream().filter(item -> priorities.get(item) == priority).count();
    }

    /**
     * Lets something wait.
     *
     * @param item what
     * @param job tells its priority, its caller and how much it is
     */
    void add(final T item, final Job job) {
        final Lane<T> lane = lanes.get(job.priority());
        final double start = Math.max(lane.now, lane.finish.getOrDefault(job.caller(), 0.0));
        lane.finish.put(job.caller(), start + job.work());
        final Entry<T> entry = new Entry<>(item, start, sequence++);
        lane.entries.add(entry);
        entries.put(item, entry);
        priorities.put(item, job.priority());
    }

    /** @param item was taken and could not be served
     *  @param priority that of its job */
    void giveBack(final T item, final Priority priority) {
        returned.addLast(item);
        priorities.put(item, priority);
    }

    /** @param item no longer waits, because it is served */
    void take(final T item) {
        final Entry<T> entry = entries.get(item);
        final Priority priority = priorities.get(item);
        if (!remove(item) || entry == null) return;
        final Lane<T> lane = lanes.get(priority);
        lane.now = Math.max(lane.now, entry.start());
        // Who has had no more than everybody begins anew; so the map holds no caller for longer than its work lasts.
        lane.finish.values().removeIf(finish -> finish <= lane.now);
        urgentInARow = priority == Priority.INTERACTIVE && !lanes.get(Priority.BATCH).entries.isEmpty() ? urgentInARow + 1 : 0;
    }

    /** @param item no longer waits
     *  @return whether it did */
    boolean remove(final T item) {
        final Priority priority = priorities.remove(item);
        if (priority == null) return false;
        final Entry<T> entry = entries.remove(item);
        if (entry == null) return returned.remove(item);
        return lanes.get(priority).entries.remove(entry);
    }

    /** @return everything that waits, in the order in which it would be served if nothing came */
    List<T> order() {
        final List<T> order = new ArrayList<>(returned);
        final Iterator<Entry<T>> urgent = lanes.get(Priority.INTERACTIVE).entries.iterator();
        final Iterator<Entry<T>> other = lanes.get(Priority.BATCH).entries.iterator();
        int inARow = urgentInARow;
        while (urgent.hasNext() || other.hasNext()) {
            final boolean urgentNext = urgent.hasNext() && (!other.hasNext() || inARow < URGENT_IN_A_ROW);
            inARow = urgentNext ? inARow + 1 : 0;
            order.add((urgentNext ? urgent : other).next().item());
        }
        return order;
    }
}
