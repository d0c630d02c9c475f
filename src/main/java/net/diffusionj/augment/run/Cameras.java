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

import java.util.Objects;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.image.CameraEstimate;
import net.diffusionj.image.CameraModel;

/**
 * Whose noise the outputs of a source get: that of its own camera, where the source tells it, and else the common one. Images of a folder may come from several
 * microscopes, or have been scaled differently. Immutable and thread-safe.
 *
 * @param common the camera that was given, or estimated from all sources together; empty for none
 * @param own whether each source is asked first
 */
public record Cameras(Optional<CameraModel> common, boolean own) {

    /** No noise. */
    public static final Cameras NONE = new Cameras(Optional.empty(), false);
    /** What manifests say where no noise is added. */
    public static final String NO_CAMERA = "off";

    /** Checks that all are there. */
    public Cameras {
        Objects.requireNonNull(common, "common");
    }

    /** @param camera whose noise all outputs get
     *  @return that */
    public static Cameras of(final CameraModel camera) {
        return new Cameras(Optional.of(camera), false);
    }

    /** @param source an image
     *  @return whose noise its outputs get; empty for none. The same for the same image */
    Optional<CameraModel> of(final RandomAccessibleInterval<?> source) {
        return own ? CameraEstimate.ofOne(source).or(() -> common) : common;
    }

    /** @param camera one that was found
     *  @return how manifests write it */
    static String text(final Optional<CameraModel> camera) {
        return camera.map(CameraModel::toString).orElse(NO_CAMERA);
    }

    /** @param text of a manifest
     *  @return the camera */
    public static Optional<CameraModel> parse(final String text) {
        return text.equals(NO_CAMERA) ? Optional.empty() : Optional.of(CameraModel.parse(text));
    }
}
