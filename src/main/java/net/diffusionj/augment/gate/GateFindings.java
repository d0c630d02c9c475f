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

/**
 * What the gate measured in one output, object by object. Immutable.
 *
 * @param objects in the order of the labels' numbers
 * @param appeared objects that no label has
 */
public record GateFindings(List<ObjectFinding> objects, int appeared) {

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
     * @param contrast in the output, through that in the source
     * @param joined whether it has become one with a neighbour
     */
    public record ObjectFinding(int id, boolean told, double iou, double contrast, boolean joined) {

        /**
         * @param thresholds of the gate
         * @return whether the object is no longer what its label says
         */
        public boolean isLost(final GateThresholds thresholds) {
            return told && (iou < thresholds.leastIou() || contrast < thresholds.leastContrast() || joined);
        }

        ObjectFinding withNeighbour() {
            return new ObjectFinding(id, told, iou, contrast, true);
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
        final int lost = (int) objects.stream().filter(object -> object.isLost(thresholds)).count();
        final int allowed = (int) (thresholds.wrongShare() * ious.length);
        final boolean passed = lost + appeared <= allowed;
        final String reason = passed ? "" : lost + " of " + ious.length + " objects lost or changed, " + appeared + " new (allowed: " + allowed + " together)";
        return new GateVerdict(passed, objects.size(), objects.size() - lost, appeared, ious.length == 0 ? Double.NaN : Arrays.stream(ious).min().orElseThrow(),
            ious.length == 0 ? Double.NaN : ious[ious.length / 2], reason);
    }
}
