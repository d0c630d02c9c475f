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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import net.diffusionj.scheduler.SchedulerRun;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * The second stage: a group's latents at the noise level where denoising begins, drawn from the seed, the given noise and the source. Runs no model.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class PrepareStage {

    private final PipelineRequest request;
    private final StartedPlan started;
    private final Optional<EncodedSource> source;
    private final LatentShape shape;
    private final Reuse reuse;

    /**
     * @param request has the seeds, and noise where it is given
     * @param started where the plan begins; the strength is in it
     * @param source what the encoder made of the source; empty for text to image
     * @param shape latents of one image
     * @param reuse may have the noise already, and keeps it
     */
    PrepareStage(final PipelineRequest request, final StartedPlan started, final Optional<EncodedSource> source, final LatentShape shape,
        final Reuse reuse) {
        this.request = request;
        this.started = started;
        this.source = source;
        this.shape = shape;
        this.reuse = reuse;
    }

    /**
     * Draws noise that this stage is going to ask for, while there is nothing else to do.
     *
     * @param request as it will be prepared
     * @param size numbers in one image's latents
     * @param reuse keeps the noise
     */
    static void drawAhead(final PipelineRequest request, final int size, final Reuse reuse) {
        if (request.source().isPresent() || request.initialNoise().isPresent()) return;
        for (int i = 0; i < request.images(); i++) new ImageNoise(request.firstSeed() + i, size, reuse).next();
    }

    /**
     * Prepares a group.
     *
     * @param group which images
     * @return their state before the first step
     */
    GroupState group(final ImageGroup group) {
        final float[][] latents = new float[group.count()][];
        final SchedulerRun[] runs = new SchedulerRun[group.count()];
        final TorchRandom[] stepNoise = new TorchRandom[group.count()];
        final List<GroupState.Known> known = new ArrayList<>();
        for (int i = 0; i < group.count(); i++) {
            final int image = group.first() + i;
            final ImageNoise noise = new ImageNoise(request.firstSeed() + image, shape.size(), reuse);
            if (request.mask().isPresent()) {
                known.add(known(image, noise));
                latents[i] = fromKnown(known.get(i));
            }
            else latents[i] = source.isPresent() ? fromSource(image, source.get().sample(noise), noise) : scaled(noise(image, noise));
            runs[i] = started.plan().start(started.beginIndex());
            stepNoise[i] = noise.steps();
        }
        return new GroupState(latents, runs, stepNoise, known.toArray(GroupState.Known[]::new));
    }

    /** Unit-variance noise to that of the first step. */
    private float[] scaled(final float[] latents) {
        final float sigma = (float) started.plan().initialNoiseSigma();
        for (int i = 0; i < latents.length; i++) latents[i] *= sigma;
        return latents;
    }

    /** Draws what diffusers' inpainting draws: the source's sample, the noise, and a sample of the source without what the mask hides, which is not used. */
    private GroupState.Known known(final int image, final ImageNoise noise) {
        final float[] sample = source.orElseThrow().sample(noise);
        final GroupState.Known known = new GroupState.Known(sample, noise(image, noise));
        if (source.get().isDistribution()) noise.next();
        return known;
    }

    /** At full strength nothing of the source is in what denoising begins with, unlike in image to image without a mask. */
    private float[] fromKnown(final GroupState.Known known) {
        if (request.strength() == 1) return scaled(known.noise().clone());
        if (started.remainingCalls() == 0) return known.latents().clone();
        final float[] latents = new float[known.latents().length];
        started.plan().addNoise(known.latents(), known.noise(), started.beginIndex(), latents);
        return latents;
    }

    private float[] fromSource(final int image, final float[] encoded, final ImageNoise noise) {
        if (started.remainingCalls() == 0) return encoded;
        final float[] latents = new float[encoded.length];
        started.plan().addNoise(encoded, noise(image, noise), started.beginIndex(), latents);
        return latents;
    }

    /** The noise that was given, or else the image's next. */
    private float[] noise(final int image, final ImageNoise noise) {
        return request.initialNoise().map(all -> Arrays.copyOfRange(all, image * shape.size(), (image + 1) * shape.size())).orElseGet(noise::next);
    }
}
