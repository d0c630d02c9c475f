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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.service.ModelDefaults;

/**
 * Plans: looks at the sources, and says how often each is drawn, with which settings and seeds. The same inputs and choices give the same plan.
 * <p>
 * Outputs of a source with equal settings stand side by side, so that they are drawn in one request.
 * </p>
 */
public final class Planner {

    private final Amount amount;
    private final SourceDraws draws;

    private Planner(final Amount amount, final SourceDraws draws) {
        this.amount = amount;
        this.draws = draws;
    }

    /**
     * @param inputs where the sources are
     * @param amount how many outputs
     * @param choices how they are drawn
     * @param transforms what is done after the drawing
     * @param model what the model uses where a choice is open
     * @param modelSha256 of what the model's files hold
     * @param cancel stops the reading of sources
     * @return the plan
     * @throws InvalidInputException if inputs or choices cannot be used
     */
    public static AugmentPlan plan(final Inputs inputs, final Amount amount, final DrawChoices choices, final TransformChoices transforms,
        final ModelDefaults model, final String modelSha256, final CancelToken cancel) {
        if (choices.mode().needsLabels() && inputs.labels().isEmpty()) {
            throw new InvalidInputException("The mode " + choices.mode().id() + " tells objects from background by their labels. Give the labels too.");
        }
        final int steps = choices.steps().orElse(model.steps());
        if (steps * choices.strength().least() < 1) {
            throw new InvalidInputException("With " + steps + " steps a strength of " + choices.strength().least()
                + " takes no step, so an output would be a copy of its source. Raise one of them.");
        }
        if (choices.namesClass() && inputs.classes().isEmpty()) {
            throw new InvalidInputException("The prompt names {class}, but there is no table of classes. Give one.");
        }
        final SourceScan scan = SourceScan.of(inputs, cancel);
        if (scan.usable().isEmpty()) {
            throw new InvalidInputException("None of the images in " + inputs.images() + " can be used. The first: " + scan.skipped().get(0).reason());
        }
        final List<PlannedSource> sources = inputs.classes().map(table -> ClassTable.read(table).classify(scan.usable())).orElse(scan.usable());
        final Planner planner = new Planner(amount, new SourceDraws(choices, transforms, model.guidance()));
        final List<PlannedBatch> batches = planner.batches(sources);
        return new AugmentPlan(sources, scan.skipped(), batches, amount, choices, transforms, model.guidance(), model.guided(), steps,
            choices.scheduler().isEmpty() ? model.scheduler() : choices.scheduler(), modelSha256);
    }

    private List<PlannedBatch> batches(final List<PlannedSource> sources) {
        final Map<PlannedSource, Integer> counts = counts(sources);
        final List<PlannedBatch> batches = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            batches.addAll(draws.first(sources.get(i), i, counts.get(sources.get(i))));
        }
        return batches;
    }

    private Map<PlannedSource, Integer> counts(final List<PlannedSource> sources) {
        final Map<PlannedSource, Integer> counts = new HashMap<>();
        if (amount instanceof final Amount.Variants variants) {
            sources.forEach(source -> counts.put(source, variants.number()));
            return counts;
        }
        final int wanted = ((Amount.Balance) amount).number();
        final Map<String, List<PlannedSource>> classes = new TreeMap<>();
        sources.forEach(source -> classes.computeIfAbsent(source.className(), name -> new ArrayList<>()).add(source));
        classes.forEach((name, members) -> {
            final int missing = Math.max(0, wanted - members.size());
            // The first members get one more where it does not come out even.
            for (int i = 0; i < members.size(); i++) {
                counts.put(members.get(i), missing / members.size() + (i < missing % members.size() ? 1 : 0));
            }
            final int most = missing / members.size() + 1;
            if (most > Amount.MOST) throw new InvalidInputException("Balance asks for more than " + Amount.MOST + " outputs of an image. Ask for fewer.");
        });
        return counts;
    }
}
