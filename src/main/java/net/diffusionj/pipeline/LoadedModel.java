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
import java.util.OptionalInt;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelContract;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.UnetContract;
import net.diffusionj.model.VaeDecoderContract;
import net.diffusionj.model.VaeEncoderContract;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.ort.ProviderChoice;
import net.diffusionj.ort.SessionCache;
import net.diffusionj.ort.SessionLease;

/**
 * A model whose parts are open and agree with one another, for the time of one run. Holds leases, which {@link #close()} gives back; the sessions
 * stay in the cache. The tokenizer is borrowed and stays its owner's.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class LoadedModel implements AutoCloseable {

    private final Tokenizer tokenizer;
    private final List<SessionLease> leases = new ArrayList<>();
    private final SessionLease textEncoder;
    private final SessionLease unet;
    private final SessionLease vaeDecoder;
    private final Optional<SessionLease> vaeEncoder;
    private final ModelContract contract;
    private final int embeddingWidth;


    private LoadedModel(final ModelFolder folder, final Tokenizer tokenizer, final SessionCache sessions, final ProviderChoice provider,
        final boolean withEncoder)
    {
        this.tokenizer = tokenizer;
        try {
            textEncoder = keep(sessions.lease(folder.textEncoder(), provider));
            unet = keep(sessions.lease(folder.unet(), provider));
            vaeDecoder = keep(sessions.lease(folder.vaeDecoder(), provider));
            vaeEncoder = withEncoder ? Optional.of(keep(sessions.lease(folder.requireVaeEncoder(), provider))) : Optional.empty();
            contract = ModelContract.of(folder,
                TextEncoderContract.of(textEncoder.file(), textEncoder.inputs(), textEncoder.outputs()),
                UnetContract.of(unet.file(), unet.inputs(), unet.outputs()),
                VaeDecoderContract.of(vaeDecoder.file(), vaeDecoder.inputs(), vaeDecoder.outputs()),
                vaeEncoder.map(lease -> VaeEncoderContract.of(lease.file(), lease.inputs(), lease.outputs())));
            embeddingWidth = width(contract);
        }
        catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Leases the parts that a run needs, opening those that are not open yet.
     *
     * @param folder the model
     * @param tokenizer the model's tokenizer, which must outlive the result
     * @param sessions where sessions live
     * @param provider what to run on
     * @param withEncoder whether the run starts from an image
     * @return the model, to be closed by the caller
     */
    public static LoadedModel open(final ModelFolder folder, final Tokenizer tokenizer, final SessionCache sessions,
        final ProviderChoice provider, final boolean withEncoder)
    {
        return new LoadedModel(folder, tokenizer, sessions, provider, withEncoder);
    }

    private SessionLease keep(final SessionLease lease) {
        leases.add(lease);
        return lease;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    SessionLease unet() {
        return unet;
    }

    ModelContract contract() {
        return contract;
    }

    /** @return the provider that the UNet prefers, by its id */
    public String provider() {
        return unet.providers().get(0).id();
    }

    TextEncoder newTextEncoder() {
        return new TextEncoder(textEncoder, contract.textEncoder(), tokenizer.maxLength(), embeddingWidth);
    }

    VaeDecoder newDecoder(final LatentShape shape) {
        return new VaeDecoder(vaeDecoder, contract.vaeDecoder(), shape, contract.latents());
    }

    VaeEncoder newEncoder(final LatentShape shape) {
        final SessionLease lease = vaeEncoder.orElseThrow(() -> new IllegalStateException("opened without the VAE encoder"));
        return new VaeEncoder(lease, contract.vaeEncoder().orElseThrow(), shape, contract.latents());
    }

    LatentShape latentShape(final int widthPx, final int heightPx) {
        final int factor = contract.latents().spatialFactor();
        return new LatentShape(contract.latents().channels(), heightPx / factor, widthPx / factor);
    }

    /** @return whether guidance is an input of the UNet, so that it needs no second pass */
    boolean guidanceDistilled() {
        return contract.unet().timestepCond().isPresent();
    }

    /** @return numbers in the UNet's guidance input, which it must have */
    int guidanceEmbeddingWidth() {
        return Stream.of(contract.unet().timestepCondWidth(), contract.folder().unetConfig().timeCondProjDim()).filter(OptionalInt::isPresent)
            .findFirst().orElseThrow(() -> new InvalidInputException(unet.file() + " takes a guidance embedding whose width neither the graph nor"
                + " unet/config.json tells. Export the model again.")).getAsInt();
    }

    private static int width(final ModelContract contract) {
        return Stream.of(contract.textEncoder().width(), contract.unet().embeddingWidth(), contract.folder().unetConfig().crossAttentionDim())
            .filter(OptionalInt::isPresent).findFirst().orElseThrow(() -> new InvalidInputException(contract.textEncoder().file()
                + " does not say how wide its embeddings are, nor does the UNet. Export the model again, with a fixed embedding width.")).getAsInt();
    }

    @Override
    public void close() {
        leases.forEach(SessionLease::close);
    }
}
