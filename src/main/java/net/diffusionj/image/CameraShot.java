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
package net.diffusionj.image;

import java.util.Objects;
import java.util.Optional;

/**
 * One exposure: which camera, and the seed of its noise. Immutable.
 *
 * @param camera whose noise
 * @param seed decides the noise; image k of a batch gets what it would get alone with {@code seed + k}
 * @param mask which pixels are new; empty for all
 * @param oneStream whether all channels get the same noise, as grey images of three channels need
 */
public record CameraShot(CameraModel camera, long seed, Optional<ImageMask> mask, boolean oneStream) {

    /** Checks that all are there. */
    public CameraShot {
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(mask, "mask");
    }

    /**
     * @param camera whose noise
     * @param seed decides the noise
     * @return an exposure of a whole image
     */
    public static CameraShot of(final CameraModel camera, final long seed) {
        return new CameraShot(camera, seed, Optional.empty(), false);
    }

    /** @param changed which pixels are new
     *  @return the same exposure of those alone */
    public CameraShot inside(final ImageMask changed) {
        return new CameraShot(camera, seed, Optional.of(changed), oneStream);
    }

    /** @return the same exposure with one noise for all channels */
    CameraShot ofGrey() {
        return new CameraShot(camera, seed, mask, true);
    }

    /**
     * Adds the noise to pixels that are not rounded yet, and lets them saturate. Along a mask's border, where {@link PutBack} will mix in a part of
     * the source with its own noise, there is as much as makes the mixture's variance that of the camera.
     *
     * @param plane grey values of one channel, row-major; changed
     * @param widthPx its width
     * @param image place in the batch, from 0
     * @param channel from 0
     * @param typeEnd largest value of the pixel's type
     */
    void expose(final double[] plane, final int widthPx, final int image, final int channel, final double typeEnd) {
        final double[] noise = CameraNoise.of(plane, widthPx, camera, CameraNoise.stream(seed + image, oneStream ? 0 : channel));
        final float[] shares = mask.map(ImageMask::shares).orElse(null);
        final double end = CameraNoise.end(camera, typeEnd);
        for (int i = 0; i < plane.length; i++) {
            final double share = shares == null ? 1 : shares[i];
            // share² of this noise and (1 − share)² of the source's add up to one.
            if (share > 0) plane[i] = CameraNoise.saturated(plane[i], noise[i] * Math.sqrt((2 - share) / share), end);
        }
    }
}
