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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.scheduler.StartedPlan;

/**
 * Several generations of one model at once: each is encoded, prepared and decoded by itself, and all go through the UNet together, so that a step costs less
 * an image. Every member gets what a run of its own would make, and may leave between two steps.
 * <p>
 * Members agree in size, steps, scheduler, strength, in having a source or none, in model passes a step and in the steps that have guidance; prompts, seeds, guidance, sources, masks and the
 * number of images are each one's own. Pictures in tiles, and UNets that take one batch size only, go through one after the other.
 * </p>
 * <p>
 * Not thread-safe: one run's own. The model is borrowed.
 * </p>
 */
public final class JoinedPipeline {

    private final LoadedModel model;
    private final List<? extends JoinedMember> members;
    private final CancelToken cancel;

    /**
     * Prepares a run; nothing happens yet.
     *
     * @param model open for as long as the run takes; opened with its VAE encoder if the requests have sources
     * @param members at least one
     * @param cancel stops the run for all members, also inside a model call
     */
    public JoinedPipeline(final LoadedModel model, final List<? extends JoinedMember> members, final CancelToken cancel) {
        this.model = model;
        this.members = List.copyOf(members);
        this.cancel = cancel;
    }

    /**
     * @param latentHeight height of one image's latents
     * @param latentWidth their width
     * @return how many images gain from going together; memory may allow fewer
     */
    public static int mostTogether(final int latentHeight, final int latentWidth) {
        return GroupSize.choose(latentHeight * latentWidth, 1, OptionalLong.empty());
    }

    /**
     * Runs; every member that has not left is done or failed afterwards.
     *
     * @throws CancellationException if the token was cancelled; members that were not done are not told
     * @throws net.diffusionj.DiffusionJException if what all members share failed; members that were not done are not told
     */
    public void run() {
        final List<JoinedShare> shares = new ArrayList<>();
        for (final JoinedMember member : members) encode(member).ifPresent(shares::add);
        final List<List<JoinedShare>> parts = parts(shares);
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).size() == 1) alone(parts.get(i).get(0));
            else together(parts.get(i), i == parts.size() - 1);
        }
    }

    private Optional<JoinedShare> encode(final JoinedMember member) {
        return ownFaultAside(member, () -> {
            final EncodeStage encode = new EncodeStage(model, cancel);
            begin(member, Stage.ENCODING_PROMPT);
            encode.prompts(member.request(), false, List.of(PipelineBranch.UNCHANGED));
            final LatentShape shape = shape(member.request());
            final Optional<EncodedSource> source = member.request().source().map(pixels -> {
                begin(member, Stage.ENCODING_IMAGE);
                return encode.image(pixels, shape, cut(member, shape));
            });
            return new JoinedShare(member, encode.encoded(1, source), shape);
        });
    }

    /** What a member does wrong is its own affair; what the model or the machine does is everybody's. */
    private <T> Optional<T> ownFaultAside(final JoinedMember member, final Supplier<T> work) {
        if (member.left()) return Optional.empty();
        try {
            return Optional.of(work.get());
        }
        catch (final CancellationException | InsufficientMemoryException | ProviderFailedException e) {
            throw e;
        }
        catch (final RuntimeException e) {
            member.failed(e);
            return Optional.empty();
        }
    }

    /** Members that memory holds together; whole members, in their order. */
    private List<List<JoinedShare>> parts(final List<JoinedShare> shares) {
        final List<List<JoinedShare>> parts = new ArrayList<>();
        if (shares.isEmpty()) return parts;
        final int most = mostImages(shares.get(0));
        int images = most;
        for (final JoinedShare share : shares) {
            if (images + share.images() > most) {
                parts.add(new ArrayList<>());
                images = 0;
            }
            parts.get(parts.size() - 1).add(share);
            images += share.images();
        }
        return parts;
    }

    private int mostImages(final JoinedShare one) {
        final LatentShape shape = shape(one.request());
        if (model.contract().unet().fixedBatch().isPresent() || model.tilePlan(shape).tiling(shape).count() > 1) return 1;
        final OptionalLong free = model.parts().freeBytes(PartRole.UNET);
        return GroupSize.choose(shape.height() * shape.width(), one.conditioning().passes(), free);
    }

    private void alone(final JoinedShare share) {
        ownFaultAside(share.member(), () -> {
            final JoinedMember member = share.member();
            member.done(new DiffusionPipeline(model, share.request(), member.listener(), cancel).run(share.encoded(), 0, List.of(PipelineBranch.UNCHANGED))
                .get(0));
            return member;
        });
    }

    private void together(final List<JoinedShare> shares, final boolean last) {
        final PipelineRequest one = shares.get(0).request();
        final StartedPlan started = model.reuse().plan(one, one.source().isPresent(), model.guidanceDistilled());
        final LatentShape shape = shape(one);
        final List<JoinedShare> going = new ArrayList<>();
        for (final JoinedShare share : shares) {
            ownFaultAside(share.member(), () -> {
                share.prepare(started, shape, model.reuse());
                begin(share.member(), Stage.DENOISING);
                return share;
            }).ifPresent(going::add);
        }
        try (DecodeStage decode = new DecodeStage(model.newDecoder(shape, cut(shares.get(0).member(), shape)), false, model.reuse().background(), cancel)) {
            denoise(going, started, shape, last, decode);
            // Decoding at the very end takes the most memory of all; what the UNet leaves is not needed any more.
            if (last) model.parts().use(PartRole.UNET).shrink();
            for (final JoinedShare share : going) decode(share, last && share == going.get(going.size() - 1), decode);
        }
    }

    /** Steps for as long as anybody stays; when somebody leaves, the others go on from where they are. */
    private void denoise(final List<JoinedShare> going, final StartedPlan started, final LatentShape shape, final boolean last, final DecodeStage decode) {
        int index = started.beginIndex();
        while (index < started.plan().modelCalls()) {
            cancel.throwIfCancelled();
            going.removeIf(share -> share.member().left());
            if (going.isEmpty()) return;
            final List<Conditioning> conditionings =
                going.stream().flatMap(share -> Collections.nCopies(share.images(), share.conditioning()).stream()).toList();
            final DenoiseStage stage =
                new DenoiseStage((same, guided, images) -> model.newPredictor(shape, told(conditionings, guided), rowsAtOnce(going, guided)),
                    started, going.get(0).request().guided(), (group, next) -> going.forEach(share -> share.betweenSteps(next)), cancel);
            final StageTimes times = new StageTimes();
            index = stage.runInPlace(GroupState.joined(going.stream().map(JoinedShare::state).toList()), conditionings.get(0),
                new DenoiseStage.Span(index, started.plan().modelCalls(), last), new Watch(going, decode), times);
            going.forEach(share -> share.run().times().add(times));
        }
    }

    private List<Conditioning> told(final List<Conditioning> conditionings, final boolean guided) {
        return conditionings.stream().map(conditioning -> model.told(conditioning, guided)).toList();
    }

    /**
     * Without guidance, single images have one row each. A CPU computes one row by other kernels than several, which round otherwise: such rows go through one
     * after the other, as they do alone.
     */
    private int rowsAtOnce(final List<JoinedShare> going, final boolean guided) {
        final boolean oneRow = !guided && going.stream().allMatch(share -> share.images() == 1);
        return oneRow && model.providers().get(0) == ExecutionProvider.CPU ? 1 : Integer.MAX_VALUE;
    }

    private void decode(final JoinedShare share, final boolean last, final DecodeStage decode) {
        ownFaultAside(share.member(), () -> {
            begin(share.member(), Stage.DECODING);
            decode.decode(share.state().latents(), last, (image, pixels, nanos, modelNanos) -> {
                share.run().times().addDecode(nanos);
                share.run().times().addModel(modelNanos);
                share.put(image, pixels);
            });
            share.member().done(share.result(Stream.concat(decode.warning().stream(), model.parts().warnings().stream()).toList()));
            return share;
        });
    }

    /** A stop that was asked for meanwhile belongs to the stage before. */
    private void begin(final JoinedMember member, final Stage stage) {
        cancel.throwIfCancelled();
        member.listener().stage(stage);
    }

    private LatentShape shape(final PipelineRequest request) {
        return model.latentShape(request.widthPx(), request.heightPx());
    }

    private VaeTiles.Cut cut(final JoinedMember member, final LatentShape shape) {
        return new VaeTiles.Cut(model.tilePlan(shape).vaeTile(), member.listener()::tile);
    }

    /** Tells every member of its steps, and sees who has left. */
    private static final class Watch implements DenoiseStage.Observer {

        private final List<JoinedShare> going;
        private final DecodeStage decode;

        Watch(final List<JoinedShare> going, final DecodeStage decode) {
            this.going = going;
            this.decode = decode;
        }

        @Override
        public void stepped(final int step, final int steps, final float inputScale) {
            for (final JoinedShare share : going) {
                final PipelineListener listener = share.member().listener();
                listener.step(step, steps, 0);
                if (!share.member().left() && listener.wantsPreview(step)) preview(share, inputScale);
            }
        }

        private void preview(final JoinedShare share, final float inputScale) {
            final float[] unit = share.state().latents()[0].clone();
            for (int i = 0; i < unit.length; i++) unit[i] *= inputScale;
            decode.preview(unit, (image, pixels, nanos, modelNanos) -> {
                share.run().times().addModel(modelNanos);
                share.member().listener().preview(new DecodedPixels(pixels, 1, share.request().heightPx(), share.request().widthPx()));
            });
        }

        @Override
        public boolean goesOn() {
            return going.stream().noneMatch(share -> share.member().left());
        }
    }
}
