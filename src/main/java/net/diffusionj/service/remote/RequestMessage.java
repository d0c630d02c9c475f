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
package net.diffusionj.service.remote;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Fit;
import net.diffusionj.service.ImageScale;
import net.diffusionj.service.PixelType;
import net.diffusionj.service.Seed;
import net.diffusionj.service.queue.Priority;

/**
 * All of a request, with what its listener wants to see, as it goes to a server. Immutable.
 *
 * @param request what to make; the model by its name on the server
 * @param previewEverySteps after how many steps a preview is wanted; 0 for never
 * @param wantsImages whether finished images are wanted one by one
 */
public record RequestMessage(BranchRequest request, int previewEverySteps, boolean wantsImages) {

    private static final String KIND = "request";

    /** Names are those of {@link DiffusionRequest}; null where a choice is left open. */
    private record Header(String model, String prompt, String negative, Double guidance, Double guidanceFrom, Double guidanceTo, Integer steps, String seed,
        Integer widthPx, Integer heightPx,
        int batch, String scheduler, double strength, String provider, String fit, Double scale, boolean autoScale, String pixels, String camera,
        boolean cached, String priority, String caller, PixelBlock.Shape image, PixelBlock.Shape mask, int[] noise, int sharedSteps, List<Branch> branches,
        int previewEverySteps, boolean wantsImages) {}

    private record Branch(String prompt, String negative, Double guidance, String noiseSeed) {}

    /** @return the bytes of this message
     *  @throws InvalidInputException if the source has pixels of a type that is not sent */
    public byte[] encode() {
        final DiffusionRequest base = request.base();
        final Optional<RandomAccessibleInterval<?>> mask = base.mask().map(PixelBlock::ofMask);
        final Header header = new Header(base.model(), base.prompt(), base.negative(), boxed(base.guidance()), boxed(base.guidanceFrom()),
            boxed(base.guidanceTo()),
            base.steps().isPresent() ? base.steps().getAsInt() : null, Seed.text(base.seed()), base.widthPx().isPresent() ? base.widthPx().getAsInt() : null,
            base.heightPx().isPresent() ? base.heightPx().getAsInt() : null, base.batch(), base.scheduler(), base.strength(), base.provider(), base.fit().id(),
            boxed(base.scale().factor()), base.scale().kind() == ImageScale.Kind.AUTO, base.pixelType().map(Enum::name).orElse(null),
            base.camera().map(CameraModel::toString).orElse(null), base.usesResultCache(), base.priority().name(), base.caller().orElse(null),
            base.image().map(PixelBlock::shape).orElse(null), mask.map(PixelBlock::shape).orElse(null), Message.shape(base.initialNoise()),
            request.sharedSteps(), request.branches().stream().map(RequestMessage::branch).toList(), previewEverySteps, wantsImages);
        final List<Message.Block> blocks = new ArrayList<>();
        base.image().map(Message::block).ifPresent(blocks::add);
        mask.map(Message::block).ifPresent(blocks::add);
        base.initialNoise().map(Message::block).ifPresent(blocks::add);
        return Message.encode(KIND, header, blocks);
    }

    private static Double boxed(final OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static Branch branch(final PipelineBranch branch) {
        return new Branch(branch.prompt().orElse(null), branch.negative().orElse(null), boxed(branch.guidance()),
            branch.noiseSeed().isPresent() ? Seed.text(branch.noiseSeed().getAsLong()) : null);
    }

    /**
     * @param message what {@link #encode} gave, or anything else
     * @param mostPixels width times height of an image, given or asked for, that is accepted
     * @return the request
     * @throws InvalidInputException if the message is damaged, or asks for something that cannot be; says what
     */
    public static RequestMessage decode(final byte[] message, final long mostPixels) {
        final Message.Parts<Header> parts = Message.decode(KIND, message, Header.class);
        final Header header = parts.header();
        try {
            final DiffusionRequest.Builder builder = choices(header, mostPixels);
            addBlocks(builder, header, parts.blocks(), mostPixels);
            if (parts.blocks().hasRemaining()) throw new InvalidInputException("The request is damaged: it is longer than it says.");
            final List<PipelineBranch> branches = Objects.requireNonNull(header.branches(), "branches").stream().map(RequestMessage::branch).toList();
            return new RequestMessage(new BranchRequest(builder.build(), header.sharedSteps(), branches), Math.max(0, header.previewEverySteps()),
                header.wantsImages());
        }
        catch (final NullPointerException | IllegalArgumentException e) {
            throw new InvalidInputException("The request is damaged: its header lacks something, or names something that this version does not know ("
                + e.getMessage() + ").", e);
        }
    }

    private static DiffusionRequest.Builder choices(final Header header, final long mostPixels) {
        final DiffusionRequest.Builder builder = DiffusionRequest.prompt(header.prompt()).model(header.model()).negative(header.negative())
            .seed(Seed.parse(header.seed())).batch(header.batch()).scheduler(header.scheduler()).strength(header.strength()).provider(header.provider())
            .fit(Fit.parse(header.fit())).scale(scale(header)).useResultCache(header.cached()).priority(Priority.valueOf(header.priority()));
        if (header.guidance() != null) builder.guidance(header.guidance());
        if (header.guidanceFrom() != null) builder.guidanceFrom(header.guidanceFrom());
        if (header.guidanceTo() != null) builder.guidanceTo(header.guidanceTo());
        if (header.steps() != null) builder.steps(header.steps());
        if (header.widthPx() != null && header.heightPx() != null) {
            if ((double) header.widthPx() * header.heightPx() > mostPixels) {
                throw new InvalidInputException("An image of " + header.widthPx() + " x " + header.heightPx() + " pixels has more than the " + mostPixels
                    + " that the server makes. Ask for a smaller one.");
            }
            builder.size(header.widthPx(), header.heightPx());
        }
        if (header.pixels() != null) builder.pixelType(PixelType.valueOf(header.pixels()));
        // Values alone: a name would be that of a file on the server.
        if (header.camera() != null) builder.camera(CameraModel.parse(header.camera()));
        if (header.caller() != null) builder.caller(header.caller());
        return builder;
    }

    private static ImageScale scale(final Header header) {
        if (header.scale() != null) return ImageScale.of(header.scale());
        return header.autoScale() ? ImageScale.AUTO : ImageScale.MODELS_OWN;
    }

    private static void addBlocks(final DiffusionRequest.Builder builder, final Header header, final ByteBuffer in, final long mostPixels) {
        if (header.image() != null) builder.image(PixelBlock.read(header.image().checked(mostPixels, "image"), in));
        if (header.mask() != null) builder.mask(PixelBlock.read(header.mask().checked(mostPixels, "mask"), in));
        Message.latents(header.noise(), in).ifPresent(builder::initialNoise);
    }

    private static PipelineBranch branch(final Branch branch) {
        return new PipelineBranch(Optional.ofNullable(branch.prompt()), Optional.ofNullable(branch.negative()),
            branch.guidance() == null ? OptionalDouble.empty() : OptionalDouble.of(branch.guidance()),
            branch.noiseSeed() == null ? OptionalLong.empty() : OptionalLong.of(Seed.parse(branch.noiseSeed())));
    }
}
