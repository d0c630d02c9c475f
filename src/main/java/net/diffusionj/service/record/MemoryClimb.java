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
package net.diffusionj.service.record;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

import net.diffusionj.service.record.GenerationRecord.End;

/**
 * Whether one process keeps more memory after every generation: a slope that is above 0 at 99 % confidence over the window and over each of its
 * thirds, that does not let up, and that has come to something. The thirds tell a climb from a step, such as a larger image. What lies in RAM of Java's heap is not
 * counted: Java uses new pages of it as long as there are any.
 * <p>
 * Not thread-safe.
 * </p>
 */
final class MemoryClimb {

    static final int WINDOW = 45;
    private static final int ENOUGH = 30;
    private static final int PARTS = 3;
    /** Caches that fill climb less and less. */
    private static final double STILL = 0.6;
    /** The first generations fill caches. */
    static final int WARM_UP = 5;
    private static final double LEAST_BYTES = 64 << 20;
    private static final double LEAST_SHARE = 0.05;
    private static final double MB = 1e6;

    private final Deque<Double> bytes = new ArrayDeque<>();
    private int sessions = -1;
    private long sessionBytes;
    private int toSkip = WARM_UP;

    /**
     * @param record the process's latest generation
     * @return what to say of the memory; empty for nothing
     */
    Optional<String> add(final GenerationRecord record) {
        final OptionalDouble kept = kept(record);
        if (record.outcome().end() != End.MADE || kept.isEmpty()) return Optional.empty();
        if (record.memory().sessions() != sessions || record.memory().sessionBytes() != sessionBytes) begin(record);
        if (toSkip > 0) {
            toSkip--;
            return Optional.empty();
        }
        bytes.addLast(kept.getAsDouble());
        if (bytes.size() > WINDOW) bytes.removeFirst();
        return bytes.size() < ENOUGH ? Optional.empty() : judge();
    }

    private static OptionalDouble kept(final GenerationRecord record) {
        final var after = record.memory().ram().after();
        return after.isPresent() ? OptionalDouble.of(after.getAsLong() - record.memory().heapBytes()) : OptionalDouble.empty();
    }

    /** Models that were opened or closed change what is normal. */
    private void begin(final GenerationRecord record) {
        sessions = record.memory().sessions();
        sessionBytes = record.memory().sessionBytes();
        bytes.clear();
        toSkip = WARM_UP;
    }

    private Optional<String> judge() {
        final double[] values = bytes.stream().mapToDouble(Double::doubleValue).toArray();
        final Trend all = Trend.of(values, Trend.Z_99);
        final double grown = all.slope() * (values.length - 1);
        if (all.low() <= 0 || grown < Math.max(LEAST_BYTES, LEAST_SHARE * Trend.median(values))) return Optional.empty();
        double first = 0;
        for (int part = 0; part < PARTS; part++) {
            final Trend one = Trend.of(Arrays.copyOfRange(values, part * values.length / PARTS, (part + 1) * values.length / PARTS), Trend.Z_99);
            if (part == 0) first = one.slope();
            if (one.low() <= 0 || part == PARTS - 1 && one.slope() < STILL * first) return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT,
            "Memory grows by about %.1f MB with every generation (%.1f to %.1f at 99 %% confidence), by %.0f MB over the"
                + " last %d, though no model was opened. Release the memory; if it goes on growing, start the program again, and report it with the file"
                + " logs/generations.jsonl of the DiffusionJ home.",
            all.slope() / MB, all.low() / MB, all.high() / MB, grown / MB, values.length));
    }
}
