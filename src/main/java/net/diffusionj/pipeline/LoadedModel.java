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

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelContract;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.UnetContract;
import net.diffusionj.model.VaeDecoderContract;
import net.diffusionj.model.VaeEncoderContract;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.pipeline.part.LoadingPart;
import net.diffusionj.pipeline.part.OpenParts;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.pipeline.part.PartSource;

/**
 * A model for the time of one run: its parts, what they say of themselves once they are open, and the workers of the stages, each made of the part that it
 * needs.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
public final class LoadedModel implements AutoCloseable {

    private final ModelFolder folder;
    private final OpenParts parts;
    private final TextModel text;
    private final Reuse reuse;
    private Optional<ModelContract> contract = Optional.empty();

    private LoadedModel(final ModelFolder folder, final CompletableFuture<Tokenizer> tokenizer, final PartSource source, final Reuse reuse) {
        this.folder = folder;
        this.parts = new OpenParts(folder, source);
        this.reuse = reuse;
        this.text = new TextModel(folder, parts, new LoadingPart<>(tokenizer), reuse, this::embeddingWidth);
    }

    /**
     * Begins to open the parts that a run needs. What cannot be opened fails when it is first used.
     *
     * @param folder the model
     * @param tokenizer the model's tokenizer, perhaps still being opened; it must outlive the result
     * @param source where the model's parts come from
     * @param reuse what runs leave for one another
     * @param roles the parts that the run uses beside the text encoder
     * @return the model, to be closed by the caller
     * @throws InvalidInputException if the model has no such part
     */
    public static LoadedModel open(final ModelFolder folder, final CompletableFuture<Tokenizer> tokenizer, final PartSource source, final Reuse reuse,
        final Set<PartRole> roles) {
        final LoadedModel model = new LoadedModel(folder, tokenizer, source, reuse);
        try {
            model.text.begin();
            roles.forEach(model.parts::begin);
            return model;
        }
        catch (final RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** @return nanoseconds that the run has waited for parts to open */
    public long waitedNanos() {
        return parts.waitedNanos();
    }

    /** @return the provider that the UNet prefers, by its id */
    public String provider() {
        return providers().get(0).id();
    }

    /** @return whether the UNet's form in int8 runs in its place; waits for it */
    public boolean int8() {
        return parts.use(PartRole.UNET).int8();
    }

    /** @return the providers that the UNet was opened with, the preferred one first; waits for it */
    public List<ExecutionProvider> providers() {
        return parts.providers(PartRole.UNET);
    }

    /** @return what was done because memory was short, one sentence a step; complete after the run */
    public List<String> memorySteps() {
        return parts.memorySteps();
    }

    /** @return parts that were open when the run asked for them */
    public int partsFound() {
        return parts.found();
    }

    /** @return parts that this run has opened */
    public int partsOpened() {
        return parts.opened();
    }

    /** @return prompts whose embeddings were there from an earlier run */
    public int embeddingsFound() {
        return text.found();
    }

    /** @return prompts that went through the text encoder */
    public int embeddingsMade() {
        return text.made();
    }

    OpenParts parts() {
        return parts;
    }

    Reuse reuse() {
        return reuse;
    }

    TextModel text() {
        return text;
    }

    /** Waits for every part that was begun, and checks that they agree with one another. */
    ModelContract contract() {
        if (contract.isEmpty()) {
            final Optional<PartInUse> encoder = parts.has(PartRole.VAE_ENCODER) ? Optional.of(parts.use(PartRole.VAE_ENCODER)) : Optional.empty();
            final PartInUse unet = parts.use(PartRole.UNET);
            final PartInUse decoder = parts.use(PartRole.VAE_DECODER);
            contract = Optional.of(ModelContract.of(folder, text.contract(), UnetContract.of(unet.file(), unet.inputs(), unet.outputs()),
                VaeDecoderContract.of(decoder.file(), decoder.inputs(), decoder.outputs()),
                encoder.map(part -> VaeEncoderContract.of(part.file(), part.inputs(), part.outputs()))));
        }
        return contract.get();
    }

    /** @param widthPx width of a picture
     *  @param heightPx its height
     *  @return its latents, once the parts are open */
    LatentShape latentShape(final int widthPx, final int heightPx) {
        final int factor = contract().latents().spatialFactor();
        return new LatentShape(contract().latents().channels(), heightPx / factor, widthPx / factor);
    }

    /** @return numbers in one image's latents as far as the files tell before any part is open; the parts may know better */
    int expectedLatents(final int widthPx, final int heightPx) {
        final int factor = folder.latents().spatialFactor();
        return new LatentShape(folder.latents().channels(), heightPx / factor, widthPx / factor).size();
    }

    /** @return whether guidance is an input of the UNet, so that it needs no second pass */
    boolean guidanceDistilled() {
        return contract().unet().timestepCond().isPresent();
    }

    /**
     * @param shape latents of a picture
     * @return in which tiles the model is to see it
     */
    TilePlan tilePlan(final LatentShape shape) {
        final UnetContract unet = contract().unet();
        final LatentShape own = latentShape(folder.defaultWidthPx(), folder.defaultHeightPx());
        if (unet.latentHeight().isEmpty() && unet.latentWidth().isEmpty()) return TilePlan.of(shape, own);
        // A graph that takes one size only sees pictures of that size, whatever its folder says.
        final LatentShape only = new LatentShape(shape.channels(), unet.latentHeight().orElse(own.height()), unet.latentWidth().orElse(own.width()));
        return only.equals(shape) ? TilePlan.onePiece(shape) : TilePlan.tiles(shape, only);
    }

    VaeEncoder newEncoder(final LatentShape shape, final VaeTiles.Cut cut) {
        return new VaeEncoder(opened(PartRole.VAE_ENCODER), shape, contract().latents(), cut);
    }

    VaeDecoder newDecoder(final LatentShape shape, final VaeTiles.Cut cut) {
        return new VaeDecoder(opened(PartRole.VAE_DECODER), shape, contract().latents(), cut);
    }

    private VaeHalf.Opened opened(final PartRole role) {
        return new VaeHalf.Opened(parts.use(role), () -> parts.useFloat32(role));
    }

    /**
     * @param shape latents of one image, as large as the UNet is to see them at once
     * @param conditioning what the UNet is told
     * @param images images in the group
     * @return to be closed before the model
     */
    NoisePredictor newPredictor(final LatentShape shape, final Conditioning conditioning, final int images) {
        return newPredictor(shape, Collections.nCopies(images, conditioning), Integer.MAX_VALUE);
    }

    /**
     * @param conditioning what the UNet is told at steps with guidance
     * @param guided whether the steps are such
     * @return what it is told at these
     */
    Conditioning told(final Conditioning conditioning, final boolean guided) {
        if (guided || conditioning.passes() == 1) return conditioning;
        return contract().unet().fixedBatch().isPresent() ? conditioning.withPromptInEveryPass() : conditioning.inOnePass();
    }

    /**
     * @param shape latents of one image, as large as the UNet is to see them at once
     * @param conditionings what the UNet is told of each image of the group, all of as many passes
     * @param mostRows how many may go through it at once
     * @return to be closed before the model
     */
    NoisePredictor newPredictor(final LatentShape shape, final List<Conditioning> conditionings, final int mostRows) {
        final UnetPredictor.UnetInputs inputs = new UnetPredictor.UnetInputs(contract().unet(), guidanceDistilled() ? guidanceEmbeddingWidth() : 0);
        return new UnetPredictor(parts.use(PartRole.UNET), inputs, shape, conditionings, mostRows);
    }

    /**
     * @param shape latents of one image
     * @param plan how much of it the UNet sees at once
     * @param progress is told of every tile, where there are several
     * @return makes predictors for whole images
     */
    NoisePredictor.Source predictors(final LatentShape shape, final TilePlan plan, final TileProgress progress) {
        final Tiling tiling = plan.tiling(shape);
        if (tiling.count() == 1) return (conditioning, guided, images) -> newPredictor(shape, told(conditioning, guided), images);
        final LatentShape seen = new LatentShape(shape.channels(), tiling.tileHeight(), tiling.tileWidth());
        return (conditioning, guided, images) -> {
            final Conditioning told = told(conditioning, guided);
            final OptionalInt fixedBatch = contract().unet().fixedBatch();
            final int most = fixedBatch.isPresent() ? Math.max(1, fixedBatch.getAsInt() / told.passes()) : plan.tilesAtOnce();
            return new TiledPredictor(shape, tiling, images, most, tiles -> newPredictor(seen, told, tiles), progress);
        };
    }

    private int guidanceEmbeddingWidth() {
        return first(contract().unet().timestepCondWidth(), folder.unetConfig().timeCondProjDim())
            .orElseThrow(() -> new InvalidInputException(contract().unet().file() + " takes a guidance embedding whose width neither the graph nor"
                + " unet/config.json says. Export the model again."));
    }

    private OptionalInt embeddingWidth() {
        return first(contract().unet().embeddingWidth(), folder.unetConfig().crossAttentionDim());
    }

    private static OptionalInt first(final OptionalInt one, final OptionalInt other) {
        return one.isPresent() ? one : other;
    }

    /** Returns what is open, and what is still being opened as soon as it is. */
    @Override
    public void close() {
        parts.close();
    }
}
