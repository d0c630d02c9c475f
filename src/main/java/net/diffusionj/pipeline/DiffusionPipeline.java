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
import java.util.OptionalLong;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.scheduler.SchedulerRun;
import net.diffusionj.scheduler.StartedPlan;
import net.diffusionj.scheduler.TorchRandom;

/**
 * From a prompt, and a picture where there is one, to decoded pixels: encode the prompt, prepare the latents, denoise, decode. Large batches go
 * through in groups, so that memory does not grow with them. Several results may share their first steps.
 * <p>
 * Not thread-safe: one run's own. The model is borrowed.
 * </p>
 */
public final class DiffusionPipeline {

    private final LoadedModel model;
    private final PipelineRequest request;
    private final PipelineListener listener;
    private final CancelToken cancel;
    private Optional<LatentShape> knownShape = Optional.empty();
    private Optional<String> encoderWarning = Optional.empty();

    /**
     * Prepares a run; nothing happens yet.
     *
     * @param model open for as long as the run takes; opened with its VAE encoder if the request has a source
     * @param request what to make
     * @param listener is told of progress
     * @param cancel stops the run, also inside a model call
     */
    public DiffusionPipeline(final LoadedModel model, final PipelineRequest request, final PipelineListener listener, final CancelToken cancel) {
        this.model = model;
        this.request = request;
        this.listener = listener;
        this.cancel = cancel;
    }

    /**
     * Runs once.
     *
     * @return pixels, latents, warnings and times
     * @throws java.util.concurrent.CancellationException if the token was cancelled
     */
    public PipelineResult run() {
        return runBranches(0, List.of(PipelineBranch.UNCHANGED)).get(0);
    }

    /**
     * Takes the first steps once and goes on from there in several ways.
     *
     * @param sharedSteps model calls that all results share, 0 to the number that the run takes
     * @param branches how each goes on, at least one
     * @return one result a branch, in their order; the shared steps are in the times of the first
     * @throws java.util.concurrent.CancellationException if the token was cancelled
     * @throws InvalidInputException if there are not so many steps, or fresh noise was asked of a scheduler that draws none
     */
    public List<PipelineResult> runBranches(final int sharedSteps, final List<PipelineBranch> branches) {
        final BranchRun first = new BranchRun(PipelineBranch.UNCHANGED);
        final List<BranchRun> runs = branches.stream().map(BranchRun::new).toList();
        encodePrompts(sharedSteps > 0 ? first : runs.get(0), runs, first.times);
        final Optional<EncodedSource> source = request.source().map(pixels -> encodeSource(pixels, first.times));
        return runFrom(source, sharedSteps, first, runs);
    }

    /**
     * Runs from a source that is encoded already.
     *
     * @param source what the encoder made of the source; empty for text to image
     * @return as {@link #run()}
     */
    PipelineResult run(final Optional<EncodedSource> source) {
        final BranchRun only = new BranchRun(PipelineBranch.UNCHANGED);
        encodePrompts(only, List.of(only), only.times);
        return runFrom(source, 0, only, List.of(only)).get(0);
    }

    private List<PipelineResult> runFrom(final Optional<EncodedSource> source, final int sharedSteps, final BranchRun first, final List<BranchRun> runs) {
        final StartedPlan started = model.reuse().plan(request, source.isPresent(), model.guidanceDistilled());
        check(sharedSteps, started, runs);
        final int branchIndex = started.beginIndex() + sharedSteps;
        // Asking a GPU takes a while, and one image can neither be split nor decoded while another is denoised.
        final OptionalLong free = request.images() * runs.size() > 1 ? model.freeBytes() : OptionalLong.empty();
        final int groupSize = request.images() == 1 ? 1 : GroupSize.choose(shape().height() * shape().width(), most(runs), free);
        final boolean ahead = model.decodesAhead(groupSize * most(runs), shape(), free);
        runs.get(0).times.add(first.times);
        try (ImageDecoding decoding = new ImageDecoding(model.newDecoder(shape()), model.reuse(), cancel)) {
            for (int image = 0; image < request.images(); image += groupSize) {
                final GroupState group = prepareGroup(image, Math.min(groupSize, request.images() - image), started, source, runs.get(0).times);
                if (sharedSteps > 0) denoise(first, new Steps(image, group, started, started.beginIndex(), branchIndex, false), decoding, runs.get(0).times);
                for (int i = 0; i < runs.size(); i++) {
                    final BranchRun run = runs.get(i);
                    final boolean last = i == runs.size() - 1 && image + groupSize >= request.images();
                    final GroupState mine = run.begin(i == runs.size() - 1 ? group : group.copy(), image);
                    denoise(run, new Steps(image, mine, started, branchIndex, started.plan().modelCalls(), last), decoding, run.times);
                    // Decoding at the very end takes the most memory of all; what the UNet leaves is not needed any more.
                    if (last) model.unetPart().shrink();
                    begin("decoding");
                    if (ahead && !last) decoding.decodeAhead(mine.latents(), receiver(run, i, image, mine.latents()));
                    else decoding.decode(mine.latents(), last, receiver(run, i, image, mine.latents()));
                }
            }
            runs.forEach(run -> {
                encoderWarning.ifPresent(run.warnings::add);
                decoding.warning().ifPresent(run.warnings::add);
            });
        }
        runs.forEach(run -> {
            run.warnings.addAll(model.memoryWarnings());
            run.warnings.addAll(model.placementWarnings());
        });
        return runs.stream().map(BranchRun::result).toList();
    }

    private static int most(final List<BranchRun> runs) {
        return runs.stream().mapToInt(run -> run.passes().size()).max().orElse(1);
    }

    private void check(final int sharedSteps, final StartedPlan started, final List<BranchRun> runs) {
        if (sharedSteps < 0 || sharedSteps > started.remainingCalls()) {
            throw new InvalidInputException("Results can share 0 to " + started.remainingCalls() + " steps here, not " + sharedSteps + ".");
        }
        if (runs.stream().anyMatch(run -> run.branch.noiseSeed().isPresent()) && !started.plan().stochastic()) {
            throw new InvalidInputException("The scheduler " + request.scheduler().kind().id() + " draws no noise after the start, so fresh noise would"
                + " change nothing. Choose euler-ancestral or lcm, or vary the prompt or the guidance.");
        }
    }

    /** A stop that was asked for meanwhile belongs to the stage before. */
    private void begin(final String stage) {
        cancel.throwIfCancelled();
        listener.stage(stage);
    }

    /** Waits for the model's parts at first use. */
    private LatentShape shape() {
        if (knownShape.isEmpty()) knownShape = Optional.of(model.latentShape(request.widthPx(), request.heightPx()));
        return knownShape.get();
    }

    /** While parts are still being opened, what needs none of them is done. */
    private void encodePrompts(final BranchRun first, final List<BranchRun> runs, final StageTimes times) {
        begin("encoding prompt");
        final long start = System.nanoTime() - model.waitedNanos();
        try (PromptEncoder encoder = new PromptEncoder(model, cancel)) {
            first.encode(encoder);
            runs.forEach(run -> run.encode(encoder));
            times.addModel(encoder.runNanos());
            runs.forEach(run -> run.warnings.addAll(encoder.warnings()));
        }
        times.addText(System.nanoTime() - model.waitedNanos() - start);
        if (!model.isOpen() && request.source().isEmpty() && request.initialNoise().isEmpty()) {
            final int size = model.expectedLatents(request.widthPx(), request.heightPx());
            for (int i = 0; i < request.images(); i++) new ImageNoise(request.firstSeed() + i, size, model.reuse()).next();
        }
    }

    private EncodedSource encodeSource(final SourcePixels source, final StageTimes times) {
        final LatentShape size = shape();
        begin("encoding image");
        final long start = System.nanoTime();
        try (VaeEncoder encoder = model.newEncoder(size)) {
            final EncodedSource encoded = encoder.encode(source, cancel);
            encoderWarning = encoder.warning();
            times.addModel(encoder.runNanos());
            times.addEncode(System.nanoTime() - start);
            return encoded;
        }
    }

    private GroupState prepareGroup(final int first, final int count, final StartedPlan started, final Optional<EncodedSource> source,
        final StageTimes times) {
        final long start = System.nanoTime();
        final float[][] latents = new float[count][];
        final SchedulerRun[] runs = new SchedulerRun[count];
        final TorchRandom[] stepNoise = new TorchRandom[count];
        for (int i = 0; i < count; i++) {
            final ImageNoise noise = new ImageNoise(request.firstSeed() + first + i, shape().size(), model.reuse());
            latents[i] = prepare(first + i, noise, started, source);
            runs[i] = started.plan().start(started.beginIndex());
            stepNoise[i] = noise.steps();
        }
        times.addDenoise(System.nanoTime() - start);
        return new GroupState(latents, runs, stepNoise);
    }

    /** Latents of one image at the noise level where denoising begins. */
    private float[] prepare(final int image, final ImageNoise noise, final StartedPlan started, final Optional<EncodedSource> source) {
        if (source.isEmpty()) {
            final float[] latents = givenNoise(image).orElseGet(noise::next);
            final float sigma = (float) started.plan().initialNoiseSigma();
            for (int i = 0; i < latents.length; i++) latents[i] *= sigma;
            return latents;
        }
        final float[] encoded = source.get().sample(noise);
        final float[] latents = new float[encoded.length];
        if (started.beginIndex() >= started.plan().modelCalls()) return encoded;
        started.plan().addNoise(encoded, givenNoise(image).orElseGet(noise::next), started.beginIndex(), latents);
        return latents;
    }

    private Optional<float[]> givenNoise(final int image) {
        return request.initialNoise().map(all -> Arrays.copyOfRange(all, image * shape().size(), (image + 1) * shape().size()));
    }

    /**
     * Steps of one group of images.
     *
     * @param image index of the group's first image
     * @param from first step of the plan to take
     * @param to index after the last one
     * @param last whether the UNet is not needed afterwards
     */
    private record Steps(int image, GroupState group, StartedPlan started, int from, int to, boolean last) {}

    private void denoise(final BranchRun run, final Steps steps, final ImageDecoding decoding, final StageTimes times) {
        begin("denoising");
        if (steps.from() == steps.to()) return;
        final GroupState group = steps.group();
        final long start = System.nanoTime();
        try (NoisePredictor predictor = new NoisePredictor(model, shape(), group.latents().length, run.passes(), run.guidance())) {
            new Denoiser(predictor, steps.started(), times).denoiseInPlace(group, steps.from(), steps.to(), steps.last(), (step, all, scale) -> {
                decoding.deliver();
                listener.step(step, all, steps.image());
                if (listener.wantsPreview(step)) preview(group.latents()[0], scale, decoding, times);
            }, cancel);
            times.addModel(predictor.runNanos());
        }
        times.addDenoise(System.nanoTime() - start);
    }

    private void preview(final float[] latents, final float scale, final ImageDecoding decoding, final StageTimes times) {
        final float[] unit = latents.clone();
        for (int i = 0; i < unit.length; i++) unit[i] *= scale;
        decoding.preview(unit, (image, pixels, nanos, modelNanos) -> {
            times.addModel(modelNanos);
            listener.preview(new DecodedPixels(pixels, 1, request.heightPx(), request.widthPx()));
        });
    }

    /** @param first index of the group's first image */
    private ImageDecoding.Receiver receiver(final BranchRun run, final int branch, final int first, final float[][] latents) {
        return (image, pixels, nanos, modelNanos) -> {
            run.times.addDecode(nanos);
            run.times.addModel(modelNanos);
            System.arraycopy(latents[image], 0, run.latents(), (first + image) * latents[image].length, latents[image].length);
            System.arraycopy(pixels, 0, run.pixels(), (first + image) * pixels.length, pixels.length);
            listener.image(branch * request.images() + first + image, new DecodedPixels(pixels, 1, request.heightPx(), request.widthPx()));
        };
    }

    /** One of the results on its way. */
    private final class BranchRun {

        private final PipelineBranch branch;
        private final StageTimes times = new StageTimes();
        private final List<String> warnings = new ArrayList<>();
        private List<Embeddings> embeddings = List.of();
        private float[] latents = {};
        private float[] pixels = {};

        BranchRun(final PipelineBranch branch) {
            this.branch = branch;
        }

        double guidance() {
            return branch.guidance().orElse(request.guidance());
        }

        void encode(final PromptEncoder encoder) {
            if (embeddings.isEmpty())
                embeddings = encoder.passes(branch.prompt().orElse(request.prompt()), branch.negative().orElse(request.negative()), guidance());
        }

        /** Without knowing the UNet a pass for the negative prompt was assumed. */
        List<Embeddings> passes() {
            return model.guidanceDistilled() ? embeddings.subList(embeddings.size() - 1, embeddings.size()) : embeddings;
        }

        /** @param group where the shared steps ended
         *  @param first index of the group's first image
         *  @return where this result goes on from */
        GroupState begin(final GroupState group, final int first) {
            return branch.noiseSeed().isPresent() ? group.withNoise(branch.noiseSeed().getAsLong() + first) : group;
        }

        float[] latents() {
            if (latents.length == 0) latents = new float[request.images() * shape().size()];
            return latents;
        }

        float[] pixels() {
            if (pixels.length == 0) pixels = new float[request.images() * SourcePixels.CHANNELS * request.heightPx() * request.widthPx()];
            return pixels;
        }

        PipelineResult result() {
            return new PipelineResult(new DecodedPixels(pixels, request.images(), request.heightPx(), request.widthPx()), latents, shape().channels(),
                shape().height(), shape().width(), warnings, times);
        }
    }
}
