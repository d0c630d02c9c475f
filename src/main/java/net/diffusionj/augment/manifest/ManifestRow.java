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
package net.diffusionj.augment.manifest;

import java.util.Objects;
import java.util.Optional;

/**
 * One planned output and what became of it: a row of {@code manifest.csv}. Immutable.
 *
 * @param output the image's path in the manifest's folder, such as {@code cells_001.tif}. Planned also where no file was made
 * @param outputSha256 of that file; empty where none was made
 * @param outputLabels path of its label image in the folder, such as {@code labels/cells_001.tif}; empty without labels
 * @param outputLabelsSha256 of that file; empty where none was made
 * @param status what became of it
 * @param reason why it was rejected or skipped; empty for what was made
 * @param variant number of the output among those of its source, from 1
 * @param source what it comes from
 * @param draw how it was drawn
 * @param camera noise of the camera that was added, as {@code CameraModel.parse} reads it; {@code off} for none
 * @param transforms flips, rotations and the like after the drawing, as {@code Transform.parse} reads them; empty for none
 * @param gate what the gate found; empty where nothing was checked
 * @param quality how it compares with its source; empty where no file was made
 * @param split {@code train}, {@code validation} or {@code test}; empty where nothing was split
 */
public record ManifestRow(String output, String outputSha256, String outputLabels, String outputLabelsSha256, RowStatus status, String reason, int variant,
    SourceEntry source, DrawEntry draw, String camera, String transforms, Optional<GateEntry> gate, Optional<QualityEntry> quality, String split) {

    /** Checks that all are there. */
    public ManifestRow {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(outputSha256, "outputSha256");
        Objects.requireNonNull(outputLabels, "outputLabels");
        Objects.requireNonNull(outputLabelsSha256, "outputLabelsSha256");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(draw, "draw");
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(transforms, "transforms");
        Objects.requireNonNull(gate, "gate");
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(split, "split");
    }

    /** @param side {@code train}, {@code validation} or {@code test}
     *  @return the same row on that side of a split */
    public ManifestRow withSplit(final String side) {
        return new ManifestRow(output, outputSha256, outputLabels, outputLabelsSha256, status, reason, variant, source, draw, camera, transforms, gate, quality,
            side);
    }

    /** @param measured how it compares with its source and the others
     *  @return the same row with these measures */
    public ManifestRow withQuality(final QualityEntry measured) {
        return new ManifestRow(output, outputSha256, outputLabels, outputLabelsSha256, status, reason, variant, source, draw, camera, transforms, gate,
            Optional.of(measured), split);
    }
}
