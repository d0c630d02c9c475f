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
import java.util.Optional;

import net.diffusionj.CancelToken;

/**
 * The first stage: prompts to what the UNet is told, and a picture to what its latents are drawn from.
 * <p>
 * Not thread-safe: one run's own. The model is borrowed.
 * </p>
 */
final class EncodeStage {

    private final LoadedModel model;
    private final CancelToken cancel;
    private final StageTimes times = new StageTimes();
    private final List<String> warnings = new ArrayList<>();
    private final List<Conditioning> prompts = new ArrayList<>();

    /**
     * @param model has the encoders, perhaps still being opened
     * @param cancel ends a wait and a model call early
     */
    EncodeStage(final LoadedModel model, final CancelToken cancel) {
        this.model = model;
        this.cancel = cancel;
    }

    /**
     * Encodes the prompts. Does not wait for the UNet, so there may be a pass for the negative prompt that turns out not to be wanted.
     *
     * @param request has what a branch leaves as it is
     * @param shared whether there are steps before the branches part
     * @param branches each with its prompts and guidance
     */
    void prompts(final PipelineRequest request, final boolean shared, final List<PipelineBranch> branches) {
        final long start = System.nanoTime() - model.waitedNanos();
        try (PromptEncoder encoder = new PromptEncoder(model.text(), model.reuse().embeddings(), cancel)) {
            if (shared) prompts.add(encode(encoder, request, PipelineBranch.UNCHANGED));
            branches.forEach(branch -> prompts.add(encode(encoder, request, branch)));
            times.addModel(encoder.runNanos());
            warnings.addAll(encoder.warnings());
        }
        times.addText(System.nanoTime() - model.waitedNanos() - start);
    }

    private static Conditioning encode(final PromptEncoder encoder, final PipelineRequest request, final PipelineBranch branch) {
        final double guidance = branch.guidance().orElse(request.guidance());
        return new Conditioning(encoder.passes(branch.prompt().orElse(request.prompt()), branch.negative().orElse(request.negative()), guidance), guidance);
    }

    /**
     * Encodes a picture.
     *
     * @param source the picture
     * @param shape its latents
     * @param cut into which tiles it is to be cut
     * @return what latents are drawn from
     */
    EncodedSource image(final SourcePixels source, final LatentShape shape, final VaeTiles.Cut cut) {
        try (VaeEncoder encoder = model.newEncoder(shape, cut)) {
            final EncodedSource encoded = encoder.encode(source, cancel);
            encoder.warning().ifPresent(warnings::add);
            times.addModel(encoder.runNanos());
            return encoded;
        }
    }

    /**
     * @param branches how many results there are
     * @param source what {@link #image} made; empty for text to image
     * @return all that was encoded, as the UNet wants it; waits for the UNet
     */
    Encoded encoded(final int branches, final Optional<EncodedSource> source) {
        final Encoded all = new Encoded(prompts.get(0), prompts.subList(prompts.size() - branches, prompts.size()), source, warnings, times);
        return model.guidanceDistilled() ? all.inOnePass() : all;
    }
}
