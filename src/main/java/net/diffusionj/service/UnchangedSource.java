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
import java.util.Optional;

import net.diffusionj.image.SourceCopies;

import net.imglib2.img.Img;

/** Image to image that leaves the source as it is, because its strength does not reach one step: the source's own pixels, no model run. */
final class UnchangedSource {

    private UnchangedSource() {}

    static DiffusionResult result(final DiffusionRequest request, final ResolvedRun run, final Progress progress, final long startNanos) {
        if (run.source().filter(Source::mayNotChange).isPresent()) {
            progress.warning("The mask is empty or lies outside the image, so the image is unchanged. Pixels change where a mask is not 0.");
        }
        else if (run.settings().strength() > 0) {
            progress.warning("Strength " + run.settings().strength() + " of " + run.settings().steps() + " steps is less than one step, so the image"
                + " is unchanged. Use a strength of at least " + Math.ceil(100.0 / run.settings().steps()) / 100 + ", or more steps.");
        }
        final Img<?> image = SourceCopies.of(request.image().orElseThrow(), request.batch());
        final double totalMillis = (System.nanoTime() - startNanos) / 1e6;
        return new DiffusionResult(image, ResultSettings.of(run, "none", ""), progress.warnings(), new Timings(totalMillis, 0, 0, List.of(), 0, 0, totalMillis),
            Optional.empty());
    }
}
