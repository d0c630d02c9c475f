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
package net.diffusionj.ij1;

import java.util.Optional;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.RoiScaler;

/**
 * What is drawn over the plane that an image shows: the selection, and of the overlay what belongs to this plane.
 *
 * @param selection a copy
 * @param overlay a copy; bound to no slice
 */
record Drawn(Optional<Roi> selection, Optional<Overlay> overlay) {

    /**
     * @param image not changed
     * @return what is drawn over it now
     */
    static Drawn on(final ImagePlus image) {
        return new Drawn(Optional.ofNullable(image.getRoi()).map(roi -> (Roi) roi.clone()), Optional.ofNullable(image.getOverlay()).map(all -> shown(all,
            image)));
    }

    private static Overlay shown(final Overlay all, final ImagePlus image) {
        final Overlay copy = all.duplicate();
        for (final Roi roi : copy.toArray()) {
            if (isOnShownPlane(roi, image)) roi.setPosition(0);
            else copy.remove(roi);
        }
        return copy;
    }

    /** A position of 0 means everywhere. */
    private static boolean isOnShownPlane(final Roi roi, final ImagePlus image) {
        if (!roi.hasHyperStackPosition()) return isOneOf(roi.getPosition(), image.getCurrentSlice());
        return isOneOf(roi.getCPosition(), image.getC()) && isOneOf(roi.getZPosition(), image.getZ()) && isOneOf(roi.getTPosition(), image.getT());
    }

    private static boolean isOneOf(final int position, final int shown) {
        return position == 0 || position == shown;
    }

    /**
     * Draws the same over another image.
     *
     * @param result gets copies
     * @param scaleX its width divided by that of the source
     * @param scaleY its height divided by that of the source
     */
    void applyTo(final ImagePlus result, final double scaleX, final double scaleY) {
        final boolean sameSize = scaleX == 1 && scaleY == 1;
        selection.ifPresent(roi -> result.setRoi(sameSize ? (Roi) roi.clone() : RoiScaler.scale(roi, scaleX, scaleY, false)));
        overlay.filter(rois -> rois.size() > 0).ifPresent(rois -> result.setOverlay(sameSize ? rois.duplicate() : rois.scale(scaleX, scaleY)));
    }
}
