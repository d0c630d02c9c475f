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

import java.nio.file.Path;
import java.util.Objects;

/**
 * What an output comes from.
 *
 * @param file path of the source image, with {@code /}: relative to the manifest's folder, or absolute where they share no root
 * @param page which image of the file, from 1
 * @param sha256 of the file
 * @param labels path of its label image in the same form; empty without labels
 * @param labelsSha256 of that file; empty without labels
 * @param className its class; empty for none
 * @param group what must not be torn apart by a split: all outputs of a group, and their sources, are on one side
 */
public record SourceEntry(String file, int page, String sha256, String labels, String labelsSha256, String className, String group) {

    /** Checks that all are there. */
    public SourceEntry {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(labelsSha256, "labelsSha256");
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(group, "group");
        if (page < 1) throw new IllegalArgumentException("pages count from 1, not " + page);
    }

    /** @param manifestFolder the folder that holds the manifest
     *  @return where the source image is */
    public Path imageFile(final Path manifestFolder) {
        return manifestFolder.resolve(file).normalize();
    }

    /** @param manifestFolder the folder that holds the manifest
     *  @return where its label image is; ask only where {@link #labels()} is not empty */
    public Path labelsFile(final Path manifestFolder) {
        return manifestFolder.resolve(labels).normalize();
    }
}
