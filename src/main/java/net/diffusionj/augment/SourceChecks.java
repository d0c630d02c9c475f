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
package net.diffusionj.augment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.augment.gate.Gate;
import net.diffusionj.augment.gate.GateVerdict;
import net.diffusionj.augment.gate.SourceSample;
import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.augment.quality.Crops;
import net.diffusionj.augment.quality.KernelGauge;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.Cameras;
import net.diffusionj.augment.run.Checks;
import net.diffusionj.augment.run.LabelGate;
import net.diffusionj.augment.run.SourceFiles;
import net.diffusionj.image.CameraEstimate;
import net.diffusionj.image.CameraModel;

/** Estimates the cameras from the sources, and fits the gate to them. Reads at most as many sources as memory holds well. */
final class SourceChecks implements ChecksMaker {

    /** More sources make neither estimate better. */
    private static final int MOST_SOURCES = 100;
    /** Bytes of pixels that are held at once. */
    private static final long MOST_BYTES = 256L << 20;

    @Override
    public Checks make(final AugmentRequest request, final AugmentPlan plan, final Optional<String> recordedCamera, final AugmentListener listener) {
        final List<PlannedSource> chosen = chosen(plan.sources());
        return new Checks(cameras(request, chosen, recordedCamera, listener), request.inputs().labels().map(place -> gate(chosen)), request.filter(),
            request.filter().asks(QualityFilter.Measure.KERNEL) ? Optional.of(gauge(plan, chosen)) : Optional.empty());
    }

    private static Cameras cameras(final AugmentRequest request, final List<PlannedSource> chosen, final Optional<String> recorded,
        final AugmentListener listener) {
        if (!request.camera().equals(AugmentRequest.ESTIMATED)) return new Cameras(request.givenCamera(), false);
        if (recorded.isPresent()) return new Cameras(recorded.flatMap(Cameras::parse), true);
        final Optional<CameraModel> estimated = CameraEstimate.of(pixels(chosen));
        if (estimated.isEmpty()) {
            listener.warning("The camera's noise cannot be estimated from these sources together. Those that do not tell it alone get none. "
                + "Give it, if you know it.");
        }
        return new Cameras(estimated, true);
    }

    private static LabelGate gate(final List<PlannedSource> chosen) {
        final SourceFiles files = new SourceFiles();
        final Gate gate = Gate.fromSources(chosen.stream().map(source -> new SourceSample(files.pixels(source), files.labels(source).orElseThrow())).toList());
        return (source, labels) -> gate.judge(source, labels).andThen(found -> verdict(found, gate.thresholds().toString()))::apply;
    }

    private static LabelGate.Verdict verdict(final GateVerdict found, final String thresholds) {
        return new LabelGate.Verdict(new GateEntry(found.passed(), found.labelled(), found.kept(), found.appeared(), found.lowestIou(), found.medianIou(),
            thresholds), found.reason());
    }

    /** There are enough sources, and of a size: {@link AugmentEngine} has seen to it. */
    private static Checks.Gauge gauge(final AugmentPlan plan, final List<PlannedSource> chosen) {
        final SourceFiles files = new SourceFiles();
        final Crops crops = new Crops(plan.sources().stream().mapToInt(source -> Math.min(source.widthPx(), source.heightPx())).min().orElseThrow());
        final Map<String, List<float[]>> parts = new LinkedHashMap<>();
        chosen.forEach(source -> parts.put(source.name(), crops.of(files.pixels(source), files.pixels(source))));
        final KernelGauge gauge = new KernelGauge(parts);
        return (name, source, output) -> gauge.of(name, crops.of(source, output));
    }

    /** Evenly over the list, so that one dish at its beginning does not decide. */
    private static List<PlannedSource> chosen(final List<PlannedSource> sources) {
        final long bytes = sources.stream().mapToLong(PlannedSource::bytes).max().orElse(1);
        final int most = (int) Math.max(Math.min(KernelGauge.FEWEST_SOURCES, sources.size()),
            Math.min(Math.min(MOST_SOURCES, sources.size()), MOST_BYTES / Math.max(1, bytes)));
        final List<PlannedSource> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) chosen.add(sources.get((int) ((long) i * sources.size() / most)));
        return chosen;
    }

    private static List<RandomAccessibleInterval<?>> pixels(final List<PlannedSource> sources) {
        final SourceFiles files = new SourceFiles();
        final List<RandomAccessibleInterval<?>> pixels = new ArrayList<>();
        sources.forEach(source -> pixels.add(files.pixels(source)));
        return pixels;
    }
}
