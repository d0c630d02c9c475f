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
package net.diffusionj.augment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;

import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.plan.PlannedBatch;
import net.diffusionj.augment.plan.PlannedOutput;
import net.diffusionj.augment.plan.Seeds;
import net.diffusionj.augment.transform.Transformer;
import net.diffusionj.labels.LabelImage;

/**
 * Draws a batch and has every image judged; those that are refused are drawn again, all of them in one request: with other seeds, then at lower strength. The
 * same batch always takes the same way, so that a run that goes on after a stop makes what the stopped one would have made.
 */
final class BatchRun {

    /** Factors of the strength, one a draw. */
    private static final List<Double> FACTORS = List.of(1.0, 1.0, 1.0, 0.75, 0.5);

    private final PlannedBatch batch;
    private final DrawJob job;
    private final RandomAccessibleInterval<?> source;
    private final Optional<LabelImage> labels;
    private final Checks checks;
    private final NearCopies copies;
    private final long seed;

    /** Takes what has become of an output, as soon as that is known. */
    interface Sink {
        /**
         * @param output which
         * @param entry how it was drawn the last time
         * @param said what the service said of the request
         * @param image with its noise, before its transforms; empty if it was rejected
         * @param judgement of the last draw
         */
        void take(PlannedOutput output, DrawEntry entry, Map<String, String> said, Optional<Img<?>> image, Judgement judgement);
    }

    /**
     * @param batch what to draw
     * @param job how
     * @param source its pixels
     * @param labels its labels
     * @param checks gate and measures
     * @param copies knows the outputs of the batches before; learns those of this one
     * @param seed the run's, from which those of further draws come
     */
    BatchRun(final PlannedBatch batch, final DrawJob job, final RandomAccessibleInterval<?> source, final Optional<LabelImage> labels, final Checks checks,
        final NearCopies copies, final long seed) {
        this.batch = batch;
        this.job = job;
        this.source = source;
        this.labels = labels;
        this.checks = checks;
        this.copies = copies;
        this.seed = seed;
    }

    /**
     * @param first gives the drawing of the job
     * @param again draws a job
     * @param known names of outputs that are there already: drawn again where others of the batch need it, but not given out
     * @param sink takes the others
     * @return outputs that are there already and were not looked at again
     */
    List<PlannedOutput> run(final Supplier<Drawing> first, final Function<DrawJob, Drawing> again, final Set<String> known, final Sink sink) {
        final Checks.Judge judge = checks.judge(batch.source().name(), source, labels);
        List<PlannedOutput> drawn = batch.outputs();
        for (int attempt = 0; !drawn.stream().allMatch(output -> known.contains(output.name())); attempt++) {
            final Drawing drawing = attempt == 0 ? first.get()
                : again.apply(job.again(strength(attempt), Seeds.of(seed, "draw " + attempt + " of " + batch.outputs().get(0).name()), drawn.size()));
            final List<Judgement> judgements = judgements(judge, drawing, drawn);
            final boolean last = attempt + 1 == FACTORS.size() || strength(attempt + 1) * job.steps() < 1;
            final List<PlannedOutput> rest = new ArrayList<>();
            for (int i = 0; i < drawn.size(); i++) {
                final Img<?> image = drawing.images().get(i);
                final Judgement judgement = copies.isAsked() ? copies.judge(judgements.get(i), Transformer.image(image, drawn.get(i).transform()))
                    : judgements.get(i);
                if (!judgement.keeps() && !last) rest.add(drawn.get(i));
                else if (!known.contains(drawn.get(i).name())) {
                    sink.take(drawn.get(i), drawing.entry(i, attempt), drawing.settings(), judgement.keeps() ? Optional.of(image) : Optional.empty(),
                        judgement);
                }
            }
            drawn = rest;
        }
        return drawn;
    }

    /** The images side by side, on as many processors as there are. */
    private List<Judgement> judgements(final Checks.Judge judge, final Drawing drawing, final List<PlannedOutput> drawn) {
        return IntStream.range(0, drawn.size()).parallel().mapToObj(i -> judge.of(drawing.images().get(i), drawn.get(i).transform())).toList();
    }

    /** Rounded, so that a manifest reads well. */
    private double strength(final int attempt) {
        return FACTORS.get(attempt) == 1 ? batch.strength() : Math.rint(batch.strength() * FACTORS.get(attempt) * 1e4) / 1e4;
    }
}
