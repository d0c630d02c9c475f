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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.model.GuidanceInterval;

/**
 * Everything that an augmentation will draw, in its order. Immutable.
 *
 * @param sources those that can be used
 * @param skipped those that cannot
 * @param batches what to draw
 * @param amount how many, as asked for
 * @param choices how, as asked for
 * @param transforms what is done after the drawing
 * @param guidance where the choices leave it open
 * @param guided during which steps guidance is on: the model's own
 * @param steps denoising steps
 * @param scheduler id of the scheduler
 * @param modelSha256 of what the model's files hold
 */
public record AugmentPlan(List<PlannedSource> sources, List<SkippedSource> skipped, List<PlannedBatch> batches, Amount amount,
    DrawChoices choices, TransformChoices transforms, double guidance, GuidanceInterval guided, int steps, String scheduler, String modelSha256) {

    /** Copies the lists. */
    public AugmentPlan {
        sources = List.copyOf(sources);
        skipped = List.copyOf(skipped);
        batches = List.copyOf(batches);
    }

    /** @return number of outputs */
    public int outputs() {
        return batches.stream().mapToInt(batch -> batch.outputs().size()).sum();
    }

    /** @return outputs of each class, in the order of their names; the empty name stands for none */
    public Map<String, Integer> outputsByClass() {
        final Map<String, Integer> counts = new TreeMap<>();
        sources.forEach(source -> counts.putIfAbsent(source.className(), 0));
        batches.forEach(batch -> counts.merge(batch.source().className(), batch.outputs().size(), Integer::sum));
        return counts;
    }

    /** @return bytes that the outputs will take on the disk: pixels of the sources' types, labels of 16 bits, and a little for what is beside them */
    public long diskBytes() {
        final long header = 4096;
        return batches.stream().mapToLong(batch -> {
            final PlannedSource source = batch.source();
            final long labels = source.labels().isPresent() ? 2L * source.widthPx() * source.heightPx() + header : 0;
            return batch.outputs().size() * (source.bytes() + header + labels);
        }).sum();
    }
}
