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
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

import net.diffusionj.augment.transform.TransformChoices;

/**
 * Plans how one source is drawn: settings, seeds and names of its variants, those with equal settings side by side. Every variant's settings follow from the
 * choices and its number alone. Immutable.
 *
 * @param choices what was asked for
 * @param transforms what is done after the drawing
 * @param guidance where the choices leave it open
 */
record SourceDraws(DrawChoices choices, TransformChoices transforms, double guidance) {

    /** Pixels that one request draws at most, so that its images fit into memory: as many as 64 images of 128 x 128 have. */
    private static final long MOST_PIXELS = 1L << 20;
    private static final int LEAST_BATCH = 4;
    private static final int MOST_BATCH = 64;
    private static final int FEWEST_DIGITS = 3;

    /**
     * @param source what to draw
     * @param index its place among the sources
     * @param count how many variants
     * @return those variants
     */
    List<PlannedBatch> first(final PlannedSource source, final int index, final int count) {
        final SplittableRandom random = new SplittableRandom(Seeds.of(choices.seed(), "settings of " + source.name()));
        final List<PlannedBatch> batches = new ArrayList<>();
        for (int variant = 0; variant < count; variant++) {
            add(batches, settings(source, combination(index, variant, count), random, variant), output(source, variant, count));
        }
        return batches;
    }

    /**
     * @param source what to draw
     * @param count how many variants were planned at first
     * @param before how many are there, of the first and more
     * @param more how many are wanted beside
     * @return these, each with the settings that its number gives
     */
    List<PlannedBatch> more(final PlannedSource source, final int count, final int before, final int more) {
        final List<PlannedBatch> batches = new ArrayList<>();
        for (int variant = before; variant < before + more; variant++) {
            final PlannedOutput output = output(source, variant, count);
            final SplittableRandom random = new SplittableRandom(Seeds.of(choices.seed(), "settings of " + output.name()));
            add(batches, settings(source, variant % combinations(), random, variant), output);
        }
        return batches;
    }

    private PlannedOutput output(final PlannedSource source, final int variant, final int count) {
        final int digits = Math.max(FEWEST_DIGITS, String.valueOf(count).length());
        final String name = String.format(Locale.ROOT, "%s_%0" + digits + "d.tif", source.name(), variant + 1);
        return new PlannedOutput(variant + 1, name, transforms.draw(Seeds.of(choices.seed(), "transform of " + name)));
    }

    private int combinations() {
        return choices.prompts().size() * choices.strength().choices() * choices.guidance().map(Sweep::choices).orElse(1);
    }

    /** All combinations of what is swept, in blocks; where there are fewer outputs than combinations, the next source goes on where this one ended. */
    private int combination(final int sourceIndex, final int variant, final int count) {
        final int all = combinations();
        return count >= all ? (int) ((long) variant * all / count) : (int) (((long) sourceIndex * count + variant) % all);
    }

    private PlannedBatch settings(final PlannedSource source, final int combination, final SplittableRandom random, final int variant) {
        final int prompts = choices.prompts().size();
        final int strengths = choices.strength().choices();
        final String prompt = choices.prompts().get(combination % prompts).replace(DrawChoices.CLASS_MARK, source.className());
        final double strength = choices.strength().value(combination / prompts % strengths, random);
        final double guided = choices.guidance().map(sweep -> sweep.value(combination / prompts / strengths, random)).orElse(guidance);
        return new PlannedBatch(source, prompt, strength, guided, Seeds.of(choices.seed(), "noise of " + source.name()) + variant,
            List.of(new PlannedOutput(1, "", transforms.draw(0))));
    }

    /** To the last batch where its settings are the same, else to a new one. */
    private static void add(final List<PlannedBatch> batches, final PlannedBatch settings, final PlannedOutput output) {
        final long pixels = (long) settings.source().widthPx() * settings.source().heightPx();
        final int most = (int) Math.min(MOST_BATCH, Math.max(LEAST_BATCH, MOST_PIXELS / pixels));
        final PlannedBatch last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
        if (last == null || last.outputs().size() >= most || !sameSettings(last, settings)) {
            batches.add(with(settings, List.of(output)));
            return;
        }
        final List<PlannedOutput> outputs = new ArrayList<>(last.outputs());
        outputs.add(output);
        batches.set(batches.size() - 1, with(last, outputs));
    }

    private static boolean sameSettings(final PlannedBatch a, final PlannedBatch b) {
        return a.prompt().equals(b.prompt()) && a.strength() == b.strength() && a.guidance() == b.guidance();
    }

    private static PlannedBatch with(final PlannedBatch batch, final List<PlannedOutput> outputs) {
        return new PlannedBatch(batch.source(), batch.prompt(), batch.strength(), batch.guidance(), batch.firstSeed(), outputs);
    }
}
