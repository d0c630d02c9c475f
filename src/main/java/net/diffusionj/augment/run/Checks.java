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

import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.augment.manifest.QualityEntry;
import net.diffusionj.augment.quality.Quality;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.quality.QualityMeasures;
import net.diffusionj.augment.transform.Transform;
import net.diffusionj.augment.transform.Transformer;
import net.diffusionj.labels.LabelImage;

/**
 * What happens to an image between drawing and writing.
 *
 * @param cameras whose noise is added
 * @param gate judges labels; empty where no label is judged
 * @param filter on quality
 * @param gauge takes the kernel distance; empty where the filter does not ask for it
 */
public record Checks(Cameras cameras, Optional<LabelGate> gate, QualityFilter filter, Optional<Gauge> gauge) {

    /** Measures how far an output is from the other sources. Thread-safe. */
    @FunctionalInterface
    public interface Gauge {
        /** @param name of the source
         *  @param source its pixels, in whose range the output is seen
         *  @param output as it will be written
         *  @return the distance */
        double of(String name, RandomAccessibleInterval<?> source, RandomAccessibleInterval<?> output);
    }

    /** Judges outputs of one source. Thread-safe. */
    @FunctionalInterface
    interface Judge {
        /** @param output with its noise, before its transforms
         *  @param transform what is done to it then
         *  @return what is thought of it */
        Judgement of(RandomAccessibleInterval<?> output, Transform transform);
    }

    /**
     * Learns a source once for all its outputs.
     *
     * @param name of the source
     * @param source the image that they are drawn from
     * @param labels of the source; empty for none
     * @return judges them
     */
    Judge judge(final String name, final RandomAccessibleInterval<?> source, final Optional<LabelImage> labels) {
        final Optional<LabelGate.OfSource> own = gate.flatMap(learned -> labels.map(known -> learned.forSource(source, known)));
        return (output, transform) -> {
            final Quality compared = QualityMeasures.of(source, output);
            final Quality quality = gauge.map(kernel -> compared.withKernelDistance(kernel.of(name, source, Transformer.image(output, transform))))
                .orElse(compared);
            final QualityEntry entry = new QualityEntry(quality.ssim(), quality.psnrDb(), quality.histogramDistance(), quality.sourceDistance(),
                quality.nearestOutputDistance(), quality.kernelDistance());
            final Optional<LabelGate.Verdict> verdict = own.map(judge -> judge.check(output));
            final Optional<String> refused = verdict.filter(found -> !found.found().passed()).map(LabelGate.Verdict::reason).or(() -> filter.refusal(quality));
            return new Judgement(verdict.map(LabelGate.Verdict::found), Optional.of(entry), refused.orElse(""));
        };
    }
}
