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

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the gate measured in one output, object by object. Immutable.
 *
 * @param objects in the order of the labels' numbers
 * @param appeared objects that no label has
 */
public record GateFindings(List<ObjectFinding> objects, int appeared) {

    /** Of what is asked for, so much is there of a doubtful object. */
    private static final double DOUBTFUL = 0.75;

    /** Copies the list. */
    public GateFindings {
        objects = List.copyOf(objects);
    }

    /**
     * One labelled object.
     *
     * @param id its number
     * @param told whether the gate can tell it in the source; if not, it is not judged
     * @param iou overlap with its label in the output
     * @param sourceIou overlap with its label in the source
     * @param contrast in the output, through that in the source
     * @param parted of the line between it and its nearest neighbour, what is left of the source's, at most 1; 1 where there is none
     */
    public record ObjectFinding(int id, boolean told, double iou, double sourceIou, double contrast, double parted) {

        /**
         * @param thresholds of the gate
         * @return whether the object is not, or not for certain, what its label says
         */
        public boolean isLost(final GateThresholds thresholds) {
            return told && standing(thresholds) < 1;
        }

        /**
         * @param thresholds of the gate
         * @return how much the object counts as lost: 0 for one that is there, a half for one that may be, 1 for one that is not
         */
        public double weight(final GateThresholds thresholds) {
            if (!isLost(thresholds)) return 0;
            // About every second doubtful object is there.
            return standing(thresholds) >= DOUBTFUL ? 0.5 : 1;
        }

        /** The least share of what is asked for. */
        private double standing(final GateThresholds thresholds) {
            return Math.min(iou / Math.min(thresholds.leastIou(), thresholds.iouShare() * sourceIou),
                Math.min(contrast / thresholds.leastContrast(), parted / thresholds.leastParted()));
        }

        ObjectFinding withLine(final double left) {
            return new ObjectFinding(id, told, iou, sourceIou, contrast, Math.min(parted, left));
        }
    }

    /**
     * Says whether the labels still hold.
     *
     * @param thresholds of the gate that found this
     * @return the verdict
     */
    public GateVerdict verdict(final GateThresholds thresholds) {
        final double[] ious = objects.stream().filter(ObjectFinding::told).mapToDouble(ObjectFinding::iou).sorted().toArray();
        final int lost = count(object -> object.weight(thresholds) == 1);
        final int doubtful = count(object -> object.weight(thresholds) == 0.5);
        final boolean passed = lost + appeared + doubtful / 2.0 <= thresholds.wrongShare() * ious.length;
        final String reason = passed ? "" : lost + " of " + ious.length + " objects lost or changed, " + doubtful + " doubtful (each counts half), " + appeared
            + " new (allowed: " + Math.round(100 * thresholds.wrongShare()) + " % together)";
        return new GateVerdict(passed, objects.size(), objects.size() - lost - doubtful, appeared,
            ious.length == 0 ? Double.NaN : Arrays.stream(ious).min().orElseThrow(),
            ious.length == 0 ? Double.NaN : ious[ious.length / 2], reason);
    }

    private int count(final Predicate<ObjectFinding> which) {
        return (int) objects.stream().filter(which).count();
    }
}
