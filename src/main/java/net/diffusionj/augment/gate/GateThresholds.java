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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/**
 * What the gate asks of an output, as measured in the user's own sources. Immutable; {@link #toString()} gives one line that {@link #parse} reads back.
 *
 * @param sources how many sources it was measured in; 0: nothing is measured and nothing rejected
 * @param objects how many objects they have
 * @param told of them, the share that the gate can tell in its own source, 0 to 1; the others are not judged
 * @param leastIou an object with less overlap with its label is lost
 * @param iouShare but so much of its overlap in the source is enough
 * @param leastContrast an object with less than this share of its contrast in the source is lost
 * @param leastParted an object is one with its neighbour if less than this share of the line between them is left
 * @param leastAreaPx a newcomer has at least this core, in pixels
 * @param leastScore and at least this mean score
 * @param wrongShare of the objects that are judged, so many may be lost or new; above it an output is rejected
 */
public record GateThresholds(int sources, int objects, double told, double leastIou, double iouShare, double leastContrast, double leastParted,
    double leastAreaPx, double leastScore, double wrongShare) {

    /** The thresholds of a gate that lets everything through. */
    public static final GateThresholds NONE = new GateThresholds(0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    /** Checks that every number makes sense. */
    public GateThresholds {
        if (sources < 0 || objects < 0 || !isShare(told) || !isShare(leastIou) || !isShare(iouShare) || !isShare(leastContrast) || !isShare(leastParted)
            || !(leastAreaPx >= 0)
            || !Double.isFinite(leastScore) || !isShare(wrongShare)) {
            throw new InvalidInputException("The thresholds of the gate make no sense: sources and objects are counts, shares and IoU lie between 0 and 1.");
        }
    }

    private static boolean isShare(final double value) {
        return value >= 0 && value <= 1;
    }

    /** @return whether anything is measured */
    public boolean isActive() {
        return sources > 0;
    }

    /** @return every number with its name, unit and meaning, in a fixed order; for manifests and reports */
    public List<GateThreshold> listed() {
        return List.of(new GateThreshold("sources", sources, "1", "sources that were measured"),
            new GateThreshold("objects", objects, "1", "labelled objects in them"),
            new GateThreshold("told", told, "1", "share of the objects that the gate can tell in their own source; the others are not judged"),
            new GateThreshold("least-iou", leastIou, "1", "overlap with its label that an object must have"),
            new GateThreshold("iou-share", iouShare, "1", "share of its overlap in the source that is enough where that is less than least-iou"),
            new GateThreshold("least-contrast", leastContrast, "1", "share of its contrast in the source that an object must have"),
            new GateThreshold("least-parted", leastParted, "1", "share of the source's line between two neighbours that must be left to tell them apart"),
            new GateThreshold("least-area-px", leastAreaPx, "px", "area of a core from which on it can be a new object"),
            new GateThreshold("least-score", leastScore, "1", "mean score of a core from which on it can be a new object"),
            new GateThreshold("wrong-share", wrongShare, "1", "share of the judged objects that may be lost or new in an output"));
    }

    /** @return every number by its name, in the order of {@link #listed()} */
    public Map<String, Double> values() {
        final Map<String, Double> values = new LinkedHashMap<>();
        listed().forEach(threshold -> values.put(threshold.name(), threshold.value()));
        return values;
    }

    @Override
    public String toString() {
        return listed().stream().map(threshold -> threshold.name() + '=' + text(threshold.value())).collect(Collectors.joining(" "));
    }

    private static String text(final double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : Double.toString(value);
    }

    /**
     * @param text what {@link #toString()} gave
     * @return the same thresholds
     * @throws InvalidInputException if a value is missing, unknown or no number
     */
    public static GateThresholds parse(final String text) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final String pair : text.strip().split("\\s+")) {
            final int equals = pair.indexOf('=');
            if (equals < 1 || values.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) throw unreadable(text, null);
        }
        try {
            final GateThresholds read = new GateThresholds(Integer.parseInt(values.remove("sources")), Integer.parseInt(values.remove("objects")),
                number(values, "told"), number(values, "least-iou"), number(values, "iou-share"), number(values, "least-contrast"),
                number(values, "least-parted"),
                number(values, "least-area-px"),
                number(values, "least-score"), number(values, "wrong-share"));
            if (values.isEmpty()) return read;
        }
        catch (final NumberFormatException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static double number(final Map<String, String> values, final String name) {
        final String value = values.remove(name);
        if (value == null) throw new NumberFormatException(name + " is missing");
        return Double.parseDouble(value);
    }

    private static InvalidInputException unreadable(final String text, final NumberFormatException cause) {
        return new InvalidInputException("The thresholds of the gate cannot be read: '" + text + "'. Expected a line such as '" + NONE + "'.", cause);
    }
}
