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
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.scheduler.StartedPlan;

/**
 * From a prompt, and a picture where there is one, to decoded pixels: encode, prepare, denoise, decode. Large batches go through in groups, so that memory
 * does not grow with them. Several results may share their first steps.
 * <p>
 * Not thread-safe: one run's own. The model is borrowed.
 * </p>
 */
public final class DiffusionPipeline {

    private final LoadedModel model;
    private final Reuse reuse;
    private final PipelineRequest request;
    private final PipelineListener listener;
    private final CancelToken cancel;

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
        this.reuse = model.reuse();
        this.request = request;
        this.listener = listener;
        this.cancel = cancel;
    }

    /**
     * Takes the first steps once and goes on from there in several ways.
     *
     * @param sharedSteps model calls that all results share, 0 to the number that the run takes
     * @param branches how each goes on, at least one; {@link PipelineBranch#UNCHANGED} alone makes what the request says
     * @return one result a branch, in their order; the shared steps are in the times of the first
     * @throws java.util.concurrent.CancellationException if the token was cancelled
     * @throws InvalidInputException if there are not so many steps, or fresh noise was asked of a scheduler that draws none
     */
    public List<PipelineResult> run(final int sharedSteps, final List<PipelineBranch> branches) {
        final EncodeStage encode = new EncodeStage(model, cancel);
        begin(Stage.ENCODING_PROMPT);
        encode.prompts(request, sharedSteps > 0, branches);
        // While parts are still being opened, what needs none of them is done.
        if (!model.parts().isOpen()) PrepareStage.drawAhead(request, model.expectedLatents(request.widthPx(), request.heightPx()), reuse);
        final Optional<EncodedSource> source = request.source().map(pixels -> {
            final LatentShape shape = shape();
            begin(Stage.ENCODING_IMAGE);
            return encode.image(pixels, shape, cut(shape));
        });
        return run(encode.encoded(branches.size(), source), sharedSteps, branches);
    }

    /**
     * Runs from what is encoded already.
     *
     * @param encoded what the first stage made for these branches
     * @param sharedSteps as in {@link #run(int, List)}
     * @param branches as in {@link #run(int, List)}
     * @return as {@link #run(int, List)}
     */
    List<PipelineResult> run(final Encoded encoded, final int sharedSteps, final List<PipelineBranch> branches) {
        final StartedPlan started = reuse.plan(request, encoded.source().isPresent(), model.guidanceDistilled());
        check(sharedSteps, started, branches);
        final LatentShape shape = shape();
        final List<BranchRun> runs = IntStream.range(0, branches.size())
            .mapToObj(i -> new BranchRun(branches.get(i), request, encoded.branches().get(i), shape)).toList();
        runs.get(0).times().add(encoded.times());
        final TilePlan plan = model.tilePlan(shape);
        final LatentShape seen = new LatentShape(shape.channels(), plan.tileHeight(), plan.tileWidth());
        final Grouping grouping = Grouping.choose(model.parts(), reuse.overlap(), request, seen, encoded.mostPasses(), runs.size());
        final PrepareStage prepare = new PrepareStage(request, started, encoded.source(), shape, reuse);
        final BetweenSteps between = KnownLatents.of(request, started.plan(), shape);
        final DenoiseStage denoise = new DenoiseStage(model.predictors(shape, plan, listener::tile), started, request.guided(), between, cancel);
        try (DecodeStage decode = new DecodeStage(model.newDecoder(shape, cut(shape)), grouping.decodesAhead(), reuse.background(), cancel)) {
            final GroupRun each = new GroupRun(sharedSteps, started, prepare, denoise, decode);
            grouping.groups().forEach(group -> each.run(group, encoded.shared(), runs));
            final List<String> decoding = decode.warning().stream().toList();
            runs.forEach(run -> Stream.of(encoded.warnings(), decoding, model.parts().warnings()).forEach(run::warn));
        }
        return runs.stream().map(BranchRun::result).toList();
    }

    private void check(final int sharedSteps, final StartedPlan started, final List<PipelineBranch> branches) {
        if (sharedSteps < 0 || sharedSteps > started.remainingCalls()) {
            throw new InvalidInputException("Results can share 0 to " + started.remainingCalls() + " steps here, not " + sharedSteps + ".");
        }
        if (branches.stream().anyMatch(branch -> branch.noiseSeed().isPresent()) && !started.plan().stochastic()) {
            throw new InvalidInputException("The scheduler " + request.scheduler().kind().id() + " draws no noise after the start, so fresh noise would"
                + " change nothing. Choose euler-ancestral or lcm, or vary the prompt or the guidance.");
        }
    }

    /** A stop that was asked for meanwhile belongs to the stage before. */
    private void begin(final Stage stage) {
        cancel.throwIfCancelled();
        listener.stage(stage);
    }

    private VaeTiles.Cut cut(final LatentShape shape) {
        return new VaeTiles.Cut(model.tilePlan(shape).vaeTile(), listener::tile);
    }

    /** Waits for the model's parts at first use. */
    private LatentShape shape() {
        return model.latentShape(request.widthPx(), request.heightPx());
    }

    /** What happens to every group of images: prepare, denoise, decode; denoise and decode once a result. */
    private final class GroupRun {

        private final int sharedSteps;
        private final StartedPlan started;
        private final PrepareStage prepare;
        private final DenoiseStage denoise;
        private final DecodeStage decode;

        GroupRun(final int sharedSteps, final StartedPlan started, final PrepareStage prepare, final DenoiseStage denoise, final DecodeStage decode) {
            this.sharedSteps = sharedSteps;
            this.started = started;
            this.prepare = prepare;
            this.denoise = denoise;
            this.decode = decode;
        }

        void run(final ImageGroup group, final Conditioning shared, final List<BranchRun> runs) {
            final StageTimes times = runs.get(0).times();
            final int branchIndex = started.beginIndex() + sharedSteps;
            final GroupState state = times.denoising(() -> prepare.group(group));
            if (sharedSteps > 0) denoise(group, state, shared, new DenoiseStage.Span(started.beginIndex(), branchIndex, false), times);
            for (int i = 0; i < runs.size(); i++) {
                final BranchRun run = runs.get(i);
                final boolean lastBranch = i == runs.size() - 1;
                final boolean last = lastBranch && group.last();
                final GroupState mine = run.begin(lastBranch ? state : state.copy(), group.first());
                denoise(group, mine, run.conditioning(), new DenoiseStage.Span(branchIndex, started.plan().modelCalls(), last), run.times());
                // Decoding at the very end takes the most memory of all; what the UNet leaves is not needed any more.
                if (last) model.parts().use(PartRole.UNET).shrink();
                begin(Stage.DECODING);
                decode.decode(mine.latents(), last, receiver(group, run, i, mine.latents()));
            }
        }

        private void denoise(final ImageGroup group, final GroupState state, final Conditioning conditioning, final DenoiseStage.Span span,
            final StageTimes times) {
            begin(Stage.DENOISING);
            denoise.runInPlace(state, conditioning, span, (step, all, scale) -> {
                decode.deliver();
                listener.step(step, all, group.first());
                if (listener.wantsPreview(step)) preview(state.latents()[0], scale, times);
            }, times);
        }

        private void preview(final float[] latents, final float scale, final StageTimes times) {
            final float[] unit = latents.clone();
            for (int i = 0; i < unit.length; i++) unit[i] *= scale;
            decode.preview(unit, (image, pixels, nanos, modelNanos) -> {
                times.addModel(modelNanos);
                listener.preview(new DecodedPixels(pixels, 1, request.heightPx(), request.widthPx()));
            });
        }

        private DecodeStage.Receiver receiver(final ImageGroup group, final BranchRun run, final int branch, final float[][] latents) {
            return (image, pixels, nanos, modelNanos) -> {
                run.times().addDecode(nanos);
                run.times().addModel(modelNanos);
                run.put(group.first() + image, latents[image], pixels);
                listener.image(branch * request.images() + group.first() + image, new DecodedPixels(pixels, 1, request.heightPx(), request.widthPx()));
            };
        }
    }
}
