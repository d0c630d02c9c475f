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
package net.diffusionj.augment.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is drawn in place of outputs that were rejected, so that every class comes to the number that was asked for: in rounds, each planned from what became
 * of the ones before, so that a run that goes on after a stop plans the same. Draws nothing. Used by one thread, once.
 */
public final class Replacements {

    /** Where so many did not bring enough, more would not. */
    private static final int MOST_ROUNDS = 5;
    /** Of so many outputs one must have been kept for the class to be given another chance. */
    private static final int ENOUGH_TRIED = 10;

    private final AugmentPlan plan;
    private final SourceDraws draws;
    /** How many variants of a source were planned at first, and how many there are. */
    private final Map<String, Integer> first = new HashMap<>();
    private final Map<String, Integer> all = new HashMap<>();
    private final Map<String, List<String>> outputs = new HashMap<>();
    private int rounds;

    /** @param plan of the run */
    public Replacements(final AugmentPlan plan) {
        this.plan = plan;
        this.draws = new SourceDraws(plan.choices(), plan.transforms(), plan.guidance());
        plan.batches().forEach(this::count);
        first.putAll(all);
    }

    private void count(final PlannedBatch batch) {
        all.merge(batch.source().name(), batch.outputs().size(), Integer::sum);
        batch.outputs().forEach(output -> outputs.computeIfAbsent(batch.source().name(), name -> new ArrayList<>()).add(output.name()));
    }

    /**
     * Plans the next round.
     *
     * @param made names of the outputs that were kept, when all of the plan and of the rounds before are made or rejected
     * @return what to draw now; nothing when no class is short, or no more is tried
     */
    public List<PlannedBatch> next(final Set<String> made) {
        if (rounds == MOST_ROUNDS) return List.of();
        final Map<PlannedSource, Integer> wanted = new LinkedHashMap<>();
        classes().forEach((name, members) -> share(members, missing(members, made), made, wanted));
        if (wanted.isEmpty()) return List.of();
        rounds++;
        final List<PlannedBatch> batches = new ArrayList<>();
        wanted.forEach((source, more) -> batches.addAll(draws.more(source, first.getOrDefault(source.name(), 0), all.getOrDefault(source.name(), 0), more)));
        batches.forEach(this::count);
        return batches;
    }

    /** Evenly over those of which something was kept. */
    private void share(final List<PlannedSource> members, final int missing, final Set<String> made, final Map<PlannedSource, Integer> wanted) {
        if (missing <= 0) return;
        final List<PlannedSource> good = members.stream().filter(source -> kept(source, made) > 0).toList();
        final int tried = members.stream().mapToInt(source -> all.getOrDefault(source.name(), 0)).sum();
        if (good.isEmpty() && tried >= ENOUGH_TRIED) return;
        final List<PlannedSource> some = good.isEmpty() ? members : good;
        for (int i = 0; i < missing; i++) wanted.merge(some.get((i + rounds) % some.size()), 1, Integer::sum);
    }

    /**
     * @param made names of the outputs that were kept
     * @return images that each class has with its sources, by its name; of a class that is short, with the number that was asked for
     */
    public Map<String, String> inWords(final Set<String> made) {
        final Map<String, String> words = new TreeMap<>();
        classes().forEach((name, members) -> {
            final int missing = missing(members, made);
            words.put(name, missing > 0 ? wanted() - missing + " of " + wanted() : Integer.toString(wanted() - missing));
        });
        return words;
    }

    /**
     * @param made names of the outputs that were kept
     * @return a sentence for each class that is short
     */
    public List<String> shortfalls(final Set<String> made) {
        final List<String> sentences = new ArrayList<>();
        classes().forEach((name, members) -> {
            final int missing = missing(members, made);
            if (missing > 0) {
                sentences.add((name.isEmpty() ? "The images" : "The class " + name) + (name.isEmpty() ? " come to " : " comes to ") + (wanted() - missing)
                    + " instead of " + wanted() + ": outputs were rejected, "
                    + (rounds == 0 ? "too many for others to be drawn in their place." : "and those drawn in their place did not bring enough.")
                    + " The report says why; a lower strength loses fewer.");
            }
        });
        return sentences;
    }

    private int missing(final List<PlannedSource> members, final Set<String> made) {
        return wanted() - members.size() - members.stream().mapToInt(source -> kept(source, made)).sum();
    }

    private int kept(final PlannedSource source, final Set<String> made) {
        return (int) outputs.getOrDefault(source.name(), List.of()).stream().filter(made::contains).count();
    }

    private int wanted() {
        return ((Amount.Balance) plan.amount()).number();
    }

    /** None where no number of a class was asked for. */
    private Map<String, List<PlannedSource>> classes() {
        final Map<String, List<PlannedSource>> classes = new TreeMap<>();
        if (plan.amount() instanceof Amount.Balance) {
            plan.sources().forEach(source -> classes.computeIfAbsent(source.className(), name -> new ArrayList<>()).add(source));
        }
        return classes;
    }
}
