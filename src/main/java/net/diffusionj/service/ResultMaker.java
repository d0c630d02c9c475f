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
package net.diffusionj.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.image.CameraShot;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.PipelineResult;
import net.diffusionj.pipeline.StageTimes;

import net.imglib2.img.Img;

/** From what the pipeline made to what the caller gets: pixels in the type asked for, settings, timings. */
final class ResultMaker {

    private static final double NANOS_PER_MILLI = 1e6;

    private ResultMaker() {}

    /** @param exposureSeed decides a camera's noise on the first image */
    static DiffusionResult make(final DiffusionRequest request, final ResolvedRun run, final PipelineResult made, final long exposureSeed,
        final Map<String, String> settings, final List<String> warnings, final double loadMillis, final long startNanos) {
        final Img<?> image = image(request, run, made.pixels(), exposureSeed);
        final StageTimes times = made.times();
        final Timings timings = new Timings(loadMillis, times.textMillis(), times.denoiseMillis(), times.stepMillis(), times.modelMillis(),
            times.decodeMillis(), (System.nanoTime() - startNanos) / NANOS_PER_MILLI);
        return new DiffusionResult(image, settings, warnings, timings,
            Optional.of(new LatentImage(made.latents(), made.pixels().images(), made.latentChannels(), made.latentHeight(), made.latentWidth())));
    }

    /** @param pixels all images of a batch, or one of them
     *  @param exposureSeed decides a camera's noise on the first of them
     *  @return in the type, size and intensities that were asked for */
    static Img<?> image(final DiffusionRequest request, final ResolvedRun run, final DecodedPixels pixels, final long exposureSeed) {
        final Optional<CameraShot> shot = run.camera().map(camera -> CameraShot.of(camera, exposureSeed));
        if (run.source().isEmpty()) return Source.convert(pixels, request.pixelType().orElse(PixelType.UINT8), shot);
        final Source source = run.source().get();
        return request.pixelType().isPresent() ? source.restoreAs(pixels, request.pixelType().get(), shot) : source.restore(pixels, shot);
    }
}
