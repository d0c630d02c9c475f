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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelContract;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.UnetContract;
import net.diffusionj.model.VaeDecoderContract;
import net.diffusionj.model.VaeEncoderContract;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ExecutionProvider;
import net.diffusionj.ort.FileStamps;
import net.diffusionj.ort.NativeHeap;
import net.diffusionj.ort.ProviderChoice;
import net.diffusionj.ort.SessionCache;
import net.diffusionj.ort.SessionLease;
import net.diffusionj.pipeline.VaeDecoder.OpenDecoder;
import net.diffusionj.pipeline.VaeEncoder.OpenEncoder;

/**
 * A model for the time of one run. Its parts are opened side by side and waited for when they are first used; the text encoder is opened at once
 * only if nothing is known of it yet, otherwise when a prompt needs it. Holds leases, which {@link #close()} gives back; the sessions stay in the
 * cache. The tokenizer is borrowed and stays its owner's.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
public final class LoadedModel implements AutoCloseable {

    private final ModelFolder folder;
    private final SessionCache sessions;
    private final ProviderPolicy policy;
    private final Reuse reuse;
    private final CancelToken cancel;
    private final LoadingPart<Tokenizer> tokenizer;
    private final FileStamps textFiles;
    private final List<LoadingPart<SessionLease>> parts = new ArrayList<>();
    private final List<SessionLease> extraLeases = new ArrayList<>();
    private final Map<String, PartInUse> inUse = new HashMap<>();
    private final MemoryLadder.Warnings memoryWarnings = new MemoryLadder.Warnings();
    private final LoadingPart<SessionLease> unet;
    private final LoadingPart<SessionLease> vaeDecoder;
    private final Optional<LoadingPart<SessionLease>> vaeEncoder;
    private Optional<LoadingPart<SessionLease>> textEncoder = Optional.empty();
    private Optional<ModelContract> contract = Optional.empty();
    private long waitedNanos;

    private LoadedModel(final ModelFolder folder, final CompletableFuture<Tokenizer> tokenizer, final SessionCache sessions,
        final ProviderPolicy policy, final boolean withEncoder, final Reuse reuse, final CancelToken cancel) {
        this.folder = folder;
        this.sessions = sessions;
        this.policy = policy;
        this.reuse = reuse;
        this.cancel = cancel;
        this.tokenizer = new LoadingPart<>(tokenizer);
        final Optional<Path> encoder = withEncoder ? Optional.of(folder.requireVaeEncoder()) : Optional.empty();
        textFiles = FileStamps.of(folder.textEncoder().getParent());
        try {
            if (reuse.textContracts().get(textFiles).isEmpty()) textEncoderPart();
            vaeEncoder = encoder.map(file -> begin(file, policy.choiceForVae()));
            unet = begin(folder.unet(), policy.choiceForUnet());
            vaeDecoder = begin(folder.vaeDecoder(), policy.choiceForVae());
        }
        catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Begins to lease the parts that a run needs, opening those that are not open yet. What cannot be opened fails when it is first used.
     *
     * @param folder the model
     * @param tokenizer the model's tokenizer, perhaps still being opened; it must outlive the result
     * @param sessions where sessions live
     * @param policy which part runs on what
     * @param withEncoder whether the run starts from an image
     * @param reuse knows embeddings of earlier runs, and opens parts in the background
     * @param cancel ends the wait for a part
     * @return the model, to be closed by the caller
     */
    public static LoadedModel open(final ModelFolder folder, final CompletableFuture<Tokenizer> tokenizer, final SessionCache sessions,
        final ProviderPolicy policy, final boolean withEncoder, final Reuse reuse, final CancelToken cancel) {
        return new LoadedModel(folder, tokenizer, sessions, policy, withEncoder, reuse, cancel);
    }

    /** What is open already is lent here and now; to open it, and to try out a provider for it, is work for the background. */
    private LoadingPart<SessionLease> begin(final Path file, final ProviderChoice choice) {
        final LoadingPart<SessionLease> part = new LoadingPart<>(sessions.leaseOpen(file, choice).map(CompletableFuture::completedFuture)
            .orElseGet(() -> reuse.begin(() -> sessions.lease(file, choice))));
        parts.add(part);
        return part;
    }

    private LoadingPart<SessionLease> textEncoderPart() {
        if (textEncoder.isEmpty()) textEncoder = Optional.of(begin(folder.textEncoder(), policy.choiceForText()));
        return textEncoder.get();
    }

    private <T> T await(final LoadingPart<T> part) {
        final long start = System.nanoTime();
        try {
            return part.await(cancel);
        }
        finally {
            waitedNanos += System.nanoTime() - start;
        }
    }

    /** @return nanoseconds that the run has waited for parts to open */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** @return whether every part that the next steps need is open */
    boolean isOpen() {
        return parts.stream().allMatch(LoadingPart::isDone);
    }

    Reuse reuse() {
        return reuse;
    }

    Tokenizer tokenizer() {
        return await(tokenizer);
    }

    SessionLease unet() {
        return await(unet);
    }

    /** @return the UNet, for who runs it */
    PartInUse unetPart() {
        return part("UNet", unet());
    }

    /** @return what had to be done because memory was short, for the user */
    List<String> memoryWarnings() {
        return memoryWarnings.texts();
    }

    /** @return memory that could be taken for runs of the UNet; empty if unknown */
    OptionalLong freeBytes() {
        return sessions.freeBytes(unet().providers());
    }

    /** @param rows images and passes that go through the UNet at once
     *  @param shape latents of one image
     *  @param free memory that could be taken; empty if unknown
     *  @return whether images are decoded while the next ones are denoised; never without memory for both */
    boolean decodesAhead(final int rows, final LatentShape shape, final OptionalLong free) {
        return free.isPresent() && reuse.overlap().decodesAhead(unet().providers(), await(vaeDecoder).providers())
            && GroupSize.bothFit(rows, shape.height() * shape.width(), contract().latents().spatialFactor(), free.getAsLong());
    }

    /** One for the whole run, so that a part that has moved to the CPU stays there. The decoder may ask for one on a thread of its own. */
    private synchronized PartInUse part(final String name, final SessionLease lease) {
        return inUse.computeIfAbsent(name, n -> new PartInUse(name, lease, memoryWarnings, this::releaseMemory,
            () -> runsOnCpu(lease) ? Optional.empty() : Optional.of(onCpu(lease))));
    }

    private void releaseMemory() {
        parts.stream().filter(LoadingPart::isDone).forEach(part -> part.whenOpen(SessionLease::shrink));
        sessions.closeIdle();
        // Direct buffers that nobody holds any more are freed by the collector only.
        System.gc();
        NativeHeap.trim();
    }

    private synchronized SessionLease onCpu(final SessionLease lease) {
        final SessionLease moved = sessions.lease(lease.file(), ProviderChoice.CPU);
        extraLeases.add(moved);
        return moved;
    }

    private static boolean runsOnCpu(final SessionLease lease) {
        return lease.providers().get(0) == ExecutionProvider.CPU;
    }

    /** Waits for every part and checks that they agree with one another. */
    ModelContract contract() {
        if (contract.isEmpty()) {
            final TextEncoderContract text = textContract();
            final SessionLease denoiser = await(unet);
            final SessionLease decoder = await(vaeDecoder);
            contract = Optional.of(ModelContract.of(folder, text, UnetContract.of(denoiser.file(), denoiser.inputs(), denoiser.outputs()),
                VaeDecoderContract.of(decoder.file(), decoder.inputs(), decoder.outputs()),
                vaeEncoder.map(this::await).map(lease -> VaeEncoderContract.of(lease.file(), lease.inputs(), lease.outputs()))));
        }
        return contract.get();
    }

    private TextEncoderContract textContract() {
        return reuse.textContracts().get(textFiles).orElseGet(() -> {
            final SessionLease lease = await(textEncoderPart());
            final TextEncoderContract made = TextEncoderContract.of(lease.file(), lease.inputs(), lease.outputs());
            reuse.textContracts().put(textFiles, made);
            return made;
        });
    }

    /** @return the provider that the UNet prefers, by its id */
    public String provider() {
        return unet().providers().get(0).id();
    }

    /** @param ids of a tokenized prompt
     *  @return what its embeddings are kept under */
    Reuse.EmbeddingKey embeddingKey(final int[] ids) {
        return new Reuse.EmbeddingKey(textFiles, sessions.providers().resolve(policy.choiceForText()), Arrays.stream(ids).boxed().toList());
    }

    TextEncoder newTextEncoder() {
        final SessionLease lease = await(textEncoderPart());
        return new TextEncoder(part("text encoder", lease), textContract(), tokenizer().maxLength(), embeddingWidth());
    }

    VaeDecoder newDecoder(final LatentShape shape) {
        final OpenDecoder decoder = new OpenDecoder(part("VAE decoder", await(vaeDecoder)), contract().vaeDecoder());
        return new VaeDecoder(decoder, shape, contract().latents(), this::decoderInFloat32);
    }

    private Optional<OpenDecoder> decoderInFloat32() {
        return inFloat32(await(vaeDecoder)).map(lease -> new OpenDecoder(part("VAE decoder in float32", lease),
            VaeDecoderContract.of(lease.file(), lease.inputs(), lease.outputs())));
    }

    private synchronized Optional<SessionLease> inFloat32(final SessionLease half) {
        final Optional<SessionLease> opened = sessions.leaseFloat32(half.file(), half.providers());
        opened.ifPresent(extraLeases::add);
        return opened;
    }

    /** @return what users should know of where the parts run, once they have run */
    List<String> placementWarnings() {
        final List<String> warnings = new ArrayList<>();
        parts.stream().filter(LoadingPart::isDone).forEach(part -> part.whenOpen(lease -> lease.placementWarning().ifPresent(warnings::add)));
        return warnings;
    }

    VaeEncoder newEncoder(final LatentShape shape) {
        final SessionLease lease = await(vaeEncoder.orElseThrow(() -> new IllegalStateException("opened without the VAE encoder")));
        return new VaeEncoder(new OpenEncoder(part("VAE encoder", lease), contract().vaeEncoder().orElseThrow()), shape, contract().latents(),
            () -> inFloat32(lease).map(wider -> new OpenEncoder(part("VAE encoder in float32", wider),
                VaeEncoderContract.of(wider.file(), wider.inputs(), wider.outputs()))));
    }

    LatentShape latentShape(final int widthPx, final int heightPx) {
        final int factor = contract().latents().spatialFactor();
        return new LatentShape(contract().latents().channels(), heightPx / factor, widthPx / factor);
    }

    /** @return numbers in one image's latents as far as the files tell before any part is open; the parts may know better */
    int expectedLatents(final int widthPx, final int heightPx) {
        final int factor = folder.latents().spatialFactor();
        return new LatentShape(folder.latents().channels(), heightPx / factor, widthPx / factor).size();
    }

    /** @return whether the files tell already what {@link #guidanceDistilled()} waits for the UNet to say; false where they do not tell */
    boolean saysGuidanceDistilled() {
        return folder.unetConfig().timeCondProjDim().isPresent();
    }

    /** @return whether guidance is an input of the UNet, so that it needs no second pass */
    boolean guidanceDistilled() {
        return contract().unet().timestepCond().isPresent();
    }

    /** @return numbers in the UNet's guidance input, which it must have */
    int guidanceEmbeddingWidth() {
        return Stream.of(contract().unet().timestepCondWidth(), folder.unetConfig().timeCondProjDim()).filter(OptionalInt::isPresent)
            .findFirst().orElseThrow(() -> new InvalidInputException(unet().file() + " takes a guidance embedding whose width neither the graph nor"
                + " unet/config.json tells. Export the model again."))
            .getAsInt();
    }

    /** Waits for the UNet only where the text encoder does not say. */
    private int embeddingWidth() {
        final TextEncoderContract text = textContract();
        if (text.width().isPresent()) return text.width().getAsInt();
        return Stream.of(contract().unet().embeddingWidth(), folder.unetConfig().crossAttentionDim())
            .filter(OptionalInt::isPresent).findFirst().orElseThrow(() -> new InvalidInputException(text.file()
                + " does not say how wide its embeddings are, nor does the UNet. Export the model again, with a fixed embedding width."))
            .getAsInt();
    }

    /** Gives back what is open, and what is still being opened as soon as it is. */
    @Override
    public void close() {
        parts.forEach(part -> part.whenOpen(SessionLease::close));
        extraLeases.forEach(SessionLease::close);
    }
}
