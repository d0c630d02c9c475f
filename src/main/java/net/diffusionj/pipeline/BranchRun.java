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
package net.diffusionj.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * One of a run's results on its way: how it goes on after the shared steps, and what there is of it so far.
 * <p>
 * Not thread-safe: written by the thread that runs the pipeline.
 * </p>
 */
final class BranchRun {

    private final PipelineBranch branch;
    private final PipelineRequest request;
    private final Conditioning conditioning;
    private final LatentShape shape;
    private final StageTimes times = new StageTimes();
    private final List<String> warnings = new ArrayList<>();
    private float[] latents = {};
    private float[] pixels = {};

    /**
     * @param branch what is different in it
     * @param request what is as in the others
     * @param conditioning what the UNet is told
     * @param shape latents of one image
     */
    BranchRun(final PipelineBranch branch, final PipelineRequest request, final Conditioning conditioning, final LatentShape shape) {
        this.branch = branch;
        this.request = request;
        this.conditioning = conditioning;
        this.shape = shape;
    }

    Conditioning conditioning() {
        return conditioning;
    }

    StageTimes times() {
        return times;
    }

    /**
     * @param group where the shared steps ended
     * @param first index of the group's first image
     * @return where this result goes on from
     */
    GroupState begin(final GroupState group, final int first) {
        return branch.noiseSeed().isPresent() ? group.withNoise(branch.noiseSeed().getAsLong() + first) : group;
    }

    /**
     * Takes a finished image.
     *
     * @param image index in the run
     * @param itsLatents final latents; copied
     * @param itsPixels [3, heightPx, widthPx]; copied
     */
    void put(final int image, final float[] itsLatents, final float[] itsPixels) {
        // Not earlier: nothing of it is needed while the first group is denoised.
        if (latents.length == 0) {
            latents = new float[request.images() * itsLatents.length];
            pixels = new float[request.images() * itsPixels.length];
        }
        System.arraycopy(itsLatents, 0, latents, image * itsLatents.length, itsLatents.length);
        System.arraycopy(itsPixels, 0, pixels, image * itsPixels.length, itsPixels.length);
    }

    void warn(final List<String> texts) {
        warnings.addAll(texts);
    }

    PipelineResult result() {
        return new PipelineResult(new DecodedPixels(pixels, request.images(), request.heightPx(), request.widthPx()), latents, shape.channels(),
            shape.height(), shape.width(), warnings, times);
    }
}
