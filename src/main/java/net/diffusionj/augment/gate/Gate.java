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
package net.diffusionj.augment.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import net.diffusionj.labels.LabelImage;
import net.diffusionj.labels.LabelledObject;
import net.imglib2.RandomAccessibleInterval;

/**
 * Decides whether labels still hold for an output: every labelled object that the gate can tell in the source must be there in the output, apart from its
 * neighbours, and nothing new beside. What counts as there is measured in the user's own sources. Makes no images. Immutable and thread-safe; about two
 * seconds and 150 bytes of memory a pixel for a million pixels.
 */
public final class Gate {

    /** Of the sources' own overlaps this quantile, and so much of it, is asked for; within limits. Of an object that its source shows less well, so much. */
    private static final double IOU_QUANTILE = 0.1;
    private static final double IOU_SHARE = 0.75;
    private static final double LOWEST_IOU = 0.5;
    private static final double HIGHEST_IOU = 0.7;
    private static final double CONTRAST_SHARE = 0.4;
    private static final double PARTED_SHARE = 0.4;
    private static final double SMALL_QUANTILE = 0.05;
    private static final double SMALL_SHARE = 0.5;
    private static final double SMALLEST_CORE_PX = 4;
    private static final double SCORE_SHARE = 0.5;
    private static final double WRONG_SHARE = 0.02;

    /** More sources than this teach nothing new; some are taken, evenly. */
    private static final int MOST_SOURCES = 24;

    private final GateThresholds thresholds;
    private final TrainingPool pool;

    private Gate(final GateThresholds thresholds, final TrainingPool pool) {
        this.thresholds = thresholds;
        this.pool = pool;
    }

    /**
     * Learns from the user's own images.
     *
     * @param sources images with labels; those without an object teach the background alone. The gate of an empty list, or of images without any object,
     *        lets everything through
     * @return a gate for outputs of these sources
     * @throws net.diffusionj.InvalidInputException if labels have another size than their image, or an image is a stack or has pixels that are not numbers
     */
    public static Gate fromSources(final List<SourceSample> sources) {
        for (final SourceSample source : sources) {
            source.labels().checkSize((int) source.image().dimension(0), (int) source.image().dimension(1));
        }
        if (sources.stream().allMatch(source -> source.labels().isEmpty())) return new Gate(GateThresholds.NONE, new TrainingPool(List.of()));
        final List<SourceSample> some = evenly(sources);
        final TrainingPool pool = new TrainingPool(some);
        return new Gate(measured(some, pool), pool);
    }

    private static List<SourceSample> evenly(final List<SourceSample> sources) {
        final int count = Math.min(MOST_SOURCES, sources.size());
        final List<SourceSample> some = new ArrayList<>();
        for (int i = 0; i < count; i++) some.add(sources.get((int) ((long) i * sources.size() / count)));
        // Those with objects come first to mind: an even choice may have met none of them.
        if (some.stream().allMatch(source -> source.labels().isEmpty())) {
            sources.stream().filter(source -> !source.labels().isEmpty()).limit(count).forEach(some::add);
        }
        return some;
    }

    /** @return what this gate asks for */
    public GateThresholds thresholds() {
        return thresholds;
    }

    /**
     * Judges an output.
     *
     * @param source the image that the output was made from; geometric changes that were made to output and labels must be made to it too
     * @param output of the same size and channels
     * @param labels of the source; empty where it shows no object: then every object in the output is new
     * @return the verdict
     * @throws net.diffusionj.InvalidInputException if sizes or channels differ, or an image has pixels that are not numbers
     */
    public GateVerdict check(final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output, final LabelImage labels) {
        return judge(source, labels).apply(output);
    }

    /**
     * Learns one source, to judge several outputs of it.
     *
     * @param source as for {@link #check}
     * @param labels as for {@link #check}
     * @return judges its outputs as {@link #check} does; lets all of them through where no source showed an object
     * @throws net.diffusionj.InvalidInputException if the labels have another size, or the image has pixels that are not numbers
     */
    public Function<RandomAccessibleInterval<?>, GateVerdict> judge(final RandomAccessibleInterval<?> source, final LabelImage labels) {
        return thresholds.isActive() ? forSource(source, labels)::check : output -> GateVerdict.unmeasured();
    }

    /**
     * Learns one source, to judge several outputs of it.
     *
     * @param source as for {@link #check}
     * @param labels as for {@link #check}
     * @return a gate for its outputs alone; about 20 bytes of memory a pixel
     * @throws net.diffusionj.InvalidInputException if the labels have another size, or the image has pixels that are not numbers
     */
    public SourceGate forSource(final RandomAccessibleInterval<?> source, final LabelImage labels) {
        return new SourceGate(thresholds, pool, source, labels);
    }

    private static GateThresholds measured(final List<SourceSample> sources, final TrainingPool pool) {
        final List<Double> ious = new ArrayList<>();
        final List<Double> insides = new ArrayList<>();
        int objects = 0;
        for (final SourceSample source : sources) {
            if (source.labels().isEmpty()) continue;
            for (final SeenObject seen : new SourceGate(GateThresholds.NONE, pool, source.image(), source.labels()).inSource()) {
                objects++;
                if (!seen.isTold()) continue;
                ious.add(seen.iou());
                insides.add(seen.contrast());
            }
        }
        final double[] areas = sources.stream().flatMap(source -> source.labels().objects().stream()).mapToDouble(LabelledObject::areaPx).sorted().toArray();
        final double leastIou = Math.max(LOWEST_IOU, Math.min(HIGHEST_IOU, IOU_SHARE * quantile(ious.stream(), IOU_QUANTILE, LOWEST_IOU)));
        // Scores reach from −1 outside to what the contrast says inside.
        final double leastScore = Math.max(0, SCORE_SHARE * (quantile(insides.stream(), SMALL_QUANTILE, 1) - 1));
        final double leastAreaPx = Math.max(SMALLEST_CORE_PX, SMALL_SHARE * areas[(int) (SMALL_QUANTILE * (areas.length - 1))]);
        return new GateThresholds(sources.size(), objects, (double) ious.size() / objects, leastIou, IOU_SHARE, CONTRAST_SHARE, PARTED_SHARE,
            leastAreaPx, leastScore, WRONG_SHARE);
    }

    private static double quantile(final Stream<Double> values, final double share, final double otherwise) {
        final double[] sorted = values.mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? otherwise : sorted[(int) (share * (sorted.length - 1))];
    }
}
