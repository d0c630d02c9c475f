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

import java.util.List;
import java.util.Optional;

import net.diffusionj.scheduler.StartedPlan;

/**
 * What belongs to one member of a joined run, from its embeddings to its pixels.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class JoinedShare {

    private final JoinedMember member;
    private final Encoded encoded;
    private final BranchRun run;
    private Optional<GroupState> state = Optional.empty();
    private BetweenSteps between = BetweenSteps.NOTHING;

    /**
     * @param member whose share it is
     * @param encoded what the first stage made for it alone
     * @param shape latents of one image
     */
    JoinedShare(final JoinedMember member, final Encoded encoded, final LatentShape shape) {
        this.member = member;
        this.encoded = encoded;
        this.run = new BranchRun(PipelineBranch.UNCHANGED, member.request(), conditioning(), shape);
        this.run.times().add(encoded.times());
        this.run.warn(encoded.warnings());
    }

    JoinedMember member() {
        return member;
    }

    PipelineRequest request() {
        return member.request();
    }

    Encoded encoded() {
        return encoded;
    }

    BranchRun run() {
        return run;
    }

    int images() {
        return request().images();
    }

    /** @return what the UNet is told of each of its images */
    Conditioning conditioning() {
        return encoded.branches().get(0);
    }

    /** @return its images between two steps; {@link #prepare} makes them */
    GroupState state() {
        return state.orElseThrow();
    }

    /**
     * Draws its noise.
     *
     * @param started where the plan begins
     * @param shape latents of one image
     * @param reuse may have the noise already
     */
    void prepare(final StartedPlan started, final LatentShape shape, final Reuse reuse) {
        final PrepareStage prepare = new PrepareStage(request(), started, encoded.source(), shape, reuse);
        state = Optional.of(run.times().denoising(() -> prepare.group(new ImageGroup(0, images(), true))));
        between = KnownLatents.of(request(), started.plan(), shape);
    }

    /** Does what this member's mask wants after a step. */
    void betweenSteps(final int nextIndex) {
        between.applyInPlace(state(), nextIndex);
    }

    /** @param image index of a finished image
     *  @param pixels [3, heightPx, widthPx] */
    void put(final int image, final float[] pixels) {
        run.put(image, state().latents()[image], pixels);
        member.listener().image(image, new DecodedPixels(pixels, 1, request().heightPx(), request().widthPx()));
    }

    /** @param warnings what came up for all members
     *  @return what the member gets */
    PipelineResult result(final List<String> warnings) {
        run.warn(warnings);
        return run.result();
    }
}
