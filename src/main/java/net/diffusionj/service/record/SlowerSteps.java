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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import net.diffusionj.service.record.GenerationRecord.Work;

/**
 * Whether the steps of generations of one kind take longer than they did: the latest against the first, as a ratio whose lower end, at 99.9 % confidence, is
 * large enough to matter. A single slow generation does not count.
 * <p>
 * Not thread-safe.
 * </p>
 */
final class SlowerSteps {

    static final int WINDOW = 12;
    /** The first generations open models and fill caches. */
    private static final int WARM_UP = 2;
    private static final double LEAST_RATIO = 1.2;

    private final List<Double> first = new ArrayList<>();
    private final Deque<Double> latest = new ArrayDeque<>();
    private int toSkip = WARM_UP;

    /** @param record a generation
     *  @return what makes its steps comparable with another's */
    static String kind(final GenerationRecord record) {
        final Work work = record.work();
        return work.model() + " at " + work.widthPx() + " x " + work.heightPx() + " on " + work.provider()
            + (work.images() > 1 ? ", " + work.images() + " images" : "") + (record.origin().instance() > 0 ? ", instance " + record.origin().instance() : "");
    }

    /**
     * @param record the latest generation of this kind
     * @return what to say of the steps; empty for nothing
     */
    Optional<String> add(final GenerationRecord record) {
        final double step = record.times().medianStep();
        if (step <= 0) return Optional.empty();
        if (toSkip > 0) {
            toSkip--;
            return Optional.empty();
        }
        if (first.size() < WINDOW) {
            first.add(Math.log(step));
            return Optional.empty();
        }
        latest.addLast(Math.log(step));
        if (latest.size() > WINDOW) latest.removeFirst();
        return latest.size() < WINDOW ? Optional.empty() : judge(record);
    }

    private Optional<String> judge(final GenerationRecord record) {
        final double[] before = first.stream().mapToDouble(Double::doubleValue).toArray();
        final double[] now = latest.stream().mapToDouble(Double::doubleValue).toArray();
        final double low = Math.exp(Trend.shift(before, now, Trend.Z_999_ONE_SIDED).low());
        if (low < LEAST_RATIO) return Optional.empty();
        return Optional.of(String.format(Locale.ROOT,
            "Steps have become slower: about %.1f ms each in the last %d generations of %s, against %.1f ms at first (at"
                + " least %.1f times as long, at 99.9 %% confidence). Close other programs, see whether the machine is hot, and start this program again if it"
                + " stays so.",
            Math.exp(Trend.median(now)), WINDOW, kind(record), Math.exp(Trend.median(before)), low));
    }
}
