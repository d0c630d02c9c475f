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

import net.diffusionj.augment.planes.Plane;
import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;

/** The gate for outputs of one source. Keeps what was learned of it, not its pixels. Immutable and thread-safe. */
public final class SourceGate {

    private final GateThresholds thresholds;
    private final LabelImage labels;
    private final GatePicture source;
    private final PixelClassifier classifier;
    private final Plane scores;
    private final Territories territories;
    private final ObjectViews views;
    private final List<SeenObject> inSource;
    private final Borders borders;
    private final Valleys inScores;
    private final Valleys inChannels;

    SourceGate(final GateThresholds thresholds, final TrainingPool pool, final RandomAccessibleInterval<?> image, final LabelImage labels) {
        this.thresholds = thresholds;
        this.labels = labels;
        source = GatePicture.ofSource(image);
        labels.checkSize(source.widthPx(), source.heightPx());
        final PixelFeatures features = new PixelFeatures(source);
        classifier = pool.classifier(features, labels, source.channels().length);
        scores = classifier.score(features, source.widthPx());
        territories = new Territories(labels);
        views = new ObjectViews(labels, territories);
        inSource = views.of(scores);
        borders = new Borders(labels, territories);
        inScores = new Valleys(borders, false, List.of(scores), new double[] {views.background(scores)});
        inChannels = new Valleys(borders, true, features.channels(), features.channels().stream().mapToDouble(views::background).toArray());
    }

    /** How the source itself shows its objects. */
    List<SeenObject> inSource() {
        return inSource;
    }

    /**
     * Judges an output.
     *
     * @param output of the source's size and channels
     * @return the verdict
     * @throws net.diffusionj.InvalidInputException if sizes or channels differ, or the output has pixels that are not numbers
     */
    public GateVerdict check(final RandomAccessibleInterval<?> output) {
        return findings(output).verdict(thresholds);
    }

    /**
     * Measures an output, object by object.
     *
     * @param output as for {@link #check}
     * @return what was found
     */
    public GateFindings findings(final RandomAccessibleInterval<?> output) {
        final PixelFeatures features = new PixelFeatures(source.ofOutput(output));
        final Plane outputScores = classifier.score(features, source.widthPx());
        final List<SeenObject> inOutput = views.of(outputScores);
        final List<GateFindings.ObjectFinding> alone = new ArrayList<>();
        for (int index = 0; index < inSource.size(); index++) {
            alone.add(new GateFindings.ObjectFinding(labels.ids().get(index), inSource.get(index).isTold(), inOutput.get(index).iou(),
                inSource.get(index).iou(), inOutput.get(index).contrast() / inSource.get(index).contrast(), 1));
        }
        final List<GateFindings.ObjectFinding> objects = new ArrayList<>(alone);
        for (int i = 0; i < borders.lines().size(); i++) {
            final Borders.Line line = borders.lines().get(i);
            if (!isThere(alone.get(line.first())) || !isThere(alone.get(line.second()))) continue;
            final double left = Math.min(inScores.left(List.of(outputScores), i), inChannels.left(features.channels(), i));
            for (final int index : new int[] {line.first(), line.second()}) objects.set(index, objects.get(index).withLine(left));
        }
        return new GateFindings(objects, Newcomers.count(scores, outputScores, territories, thresholds.leastAreaPx(), thresholds.leastScore()));
    }

    /** Of an object that is gone no line is asked; one that has grown into its neighbour is still there. */
    private boolean isThere(final GateFindings.ObjectFinding object) {
        return object.told() && object.contrast() >= thresholds.leastContrast();
    }
}
