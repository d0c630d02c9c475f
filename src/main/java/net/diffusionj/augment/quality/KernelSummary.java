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
package net.diffusionj.augment.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * How far all outputs together are from their sources, beside two distances of the sources alone: between halves of them, which is what chance makes, and to
 * themselves blurred by 2.5 pixels, which anybody sees. Immutable.
 *
 * @param outputs distance of the outputs
 * @param halves mean distance between the halves of random splits
 * @param mostOfHalves the largest of these
 * @param blurred distance of the blurred sources
 * @param why what could not be measured, and why; empty if all was
 */
public record KernelSummary(OptionalDouble outputs, OptionalDouble halves, OptionalDouble mostOfHalves, OptionalDouble blurred, String why) {

    /** A mean over fewer parts says nothing. */
    private static final int FEWEST_PARTS = 8;
    private static final int SPLITS = 20;

    /** @param why a sentence
     *  @return a summary that nothing is known for */
    public static KernelSummary none(final String why) {
        return new KernelSummary(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), why);
    }

    /**
     * @param sources features of the parts of each source
     * @param outputs features of the parts of all outputs
     * @param blurred features of the parts of all sources, blurred
     * @return the distances, as far as there are enough parts
     */
    public static KernelSummary of(final Collection<List<float[]>> sources, final List<float[]> outputs, final List<float[]> blurred) {
        final List<float[]> all = sources.stream().flatMap(Collection::stream).toList();
        if (all.size() < FEWEST_PARTS || outputs.size() < FEWEST_PARTS) {
            return none("Not measured: there are " + all.size() + " parts of sources and " + outputs.size() + " of outputs, and it takes " + FEWEST_PARTS
                + " of each.");
        }
        final List<Double> halves = halves(sources);
        final OptionalDouble mean = halves.stream().mapToDouble(Double::doubleValue).average();
        final OptionalDouble most = halves.stream().mapToDouble(Double::doubleValue).max();
        return new KernelSummary(OptionalDouble.of(KernelDistance.between(all, outputs)), mean, most, OptionalDouble.of(KernelDistance.between(all, blurred)),
            halves.isEmpty() ? "Halves of the sources were not compared: they have less than " + FEWEST_PARTS + " parts each." : "");
    }

    /** A source stays in one half with all its parts. */
    private static List<Double> halves(final Collection<List<float[]>> sources) {
        final List<List<float[]>> order = new ArrayList<>(sources);
        final Random random = new Random(1);
        final List<Double> distances = new ArrayList<>();
        for (int split = 0; split < SPLITS; split++) {
            Collections.shuffle(order, random);
            final List<float[]> one = order.subList(0, order.size() / 2).stream().flatMap(List::stream).toList();
            final List<float[]> other = order.subList(order.size() / 2, order.size()).stream().flatMap(List::stream).toList();
            if (Math.min(one.size(), other.size()) >= FEWEST_PARTS) distances.add(KernelDistance.between(one, other));
        }
        return distances;
    }

    /** @return names and texts, for the record of a run */
    public Map<String, String> inWords() {
        final Map<String, String> words = new LinkedHashMap<>();
        outputs.ifPresent(value -> words.put("outputs to sources", text(value)));
        halves.ifPresent(value -> words.put("halves of the sources to each other", text(value) + " on average, " + text(mostOfHalves.orElseThrow())
            + " at most, of " + SPLITS + " random splits"));
        blurred.ifPresent(value -> words.put("sources blurred by 2.5 pixels to sources", text(value)));
        if (!why.isEmpty()) words.put("note", why);
        return words;
    }

    private static String text(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
