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

import java.nio.file.Path;
import java.util.Optional;

import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.manifest.SourceEntry;
import net.diffusionj.augment.plan.PlannedOutput;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.augment.plan.SkippedSource;

/** Makes the rows of a run's manifest. Knows where the manifest is, since paths are written relative to it. */
final class RowMaker {

    private final Path folder;

    /** @param folder holds the manifest */
    RowMaker(final Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    ManifestRow made(final PlannedSource source, final PlannedOutput output, final DrawEntry draw, final String camera,
        final OutputWriter.Written written, final Judgement judgement) {
        return new ManifestRow(output.name(), written.imageSha256(), written.labels(), written.labelsSha256(), RowStatus.MADE, "", output.variant(),
            entry(source), draw, camera, output.transform().toText(), judgement.gate(), judgement.quality(), "");
    }

    ManifestRow rejected(final PlannedSource source, final PlannedOutput output, final DrawEntry draw, final String camera, final Judgement judgement) {
        return new ManifestRow(output.name(), "", "", "", RowStatus.REJECTED, judgement.refusal(), output.variant(), entry(source), draw, camera,
            output.transform().toText(), judgement.gate(), judgement.quality(), "");
    }

    ManifestRow skipped(final PlannedSource source, final PlannedOutput output, final DrawEntry draw, final String reason) {
        return new ManifestRow(output.name(), "", "", "", RowStatus.SKIPPED, reason, output.variant(), entry(source), draw, Cameras.NO_CAMERA,
            output.transform().toText(), Optional.empty(), Optional.empty(), "");
    }

    /** A source that cannot be used has one row, under the name that its first output would have had. */
    ManifestRow skipped(final SkippedSource source, final DrawEntry draw) {
        final SourceEntry entry = new SourceEntry(relative(source.file()), source.page(), source.sha256(), "", "", "", source.name());
        return new ManifestRow(source.name() + "_001.tif", "", "", "", RowStatus.SKIPPED, source.reason(), 1, entry, draw, Cameras.NO_CAMERA, "",
            Optional.empty(),
            Optional.empty(), "");
    }

    /** @param row of another manifest
     *  @param from that one's folder
     *  @return the same row, with paths as they are written here */
    ManifestRow moved(final ManifestRow row, final Path from) {
        return new ManifestRow(row.output(), row.outputSha256(), row.outputLabels(), row.outputLabelsSha256(), row.status(), row.reason(), row.variant(),
            moved(row.source(), from), row.draw(), row.camera(), row.transforms(), row.gate(), row.quality(), row.split());
    }

    /** @param row of another manifest
     *  @param from that one's folder
     *  @param draw how it was drawn here
     *  @param written what was written here
     *  @return the row of the new file */
    ManifestRow again(final ManifestRow row, final Path from, final DrawEntry draw, final OutputWriter.Written written) {
        return new ManifestRow(row.output(), written.imageSha256(), written.labels(), written.labelsSha256(), row.status(), row.reason(), row.variant(),
            moved(row.source(), from), draw, row.camera(), row.transforms(), row.gate(), row.quality(), row.split());
    }

    private SourceEntry moved(final SourceEntry source, final Path from) {
        return new SourceEntry(relative(source.imageFile(from)), source.page(), source.sha256(),
            source.labels().isEmpty() ? "" : relative(source.labelsFile(from)),
            source.labelsSha256(), source.className(), source.group());
    }

    private SourceEntry entry(final PlannedSource source) {
        return new SourceEntry(relative(source.file()), source.page(), source.sha256(), source.labels().map(this::relative).orElse(""), source.labelsSha256(),
            source.className(), source.group());
    }

    private String relative(final Path file) {
        final Path absolute = file.toAbsolutePath().normalize();
        final boolean sameRoot = absolute.getRoot().equals(folder.getRoot());
        return (sameRoot ? folder.relativize(absolute) : absolute).toString().replace('\\', '/');
    }
}
